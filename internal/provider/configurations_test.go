package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sync/errgroup"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestASecondConfigurationInOneProcessIsRefused(t *testing.T) {
	t.Parallel()
	retail, wholesale := startAPI(t), startAPI(t, emulator.WithOrganization("wholesale", "wHoLeSaLeO"))
	p := newProtocol(t, NewServer("test")()).configured(t, retail)
	id := map[string]tftypes.Value{"id": str("xYZkjABcde")}

	said := p.configure(t, false, map[string]tftypes.Value{attrDomain: str(wholesale.url), attrToken: str(emulator.DefaultToken)})
	if len(said) != 1 || said[0].Summary != "Second configuration in one process" || !strings.Contains(said[0].Detail, "-debug") {
		t.Fatalf("the second configuration: %v", said)
	}
	// The first provider block still reads from its own organization.
	if resp := p.read(t, t.Context(), "commercelayer_customer", id); len(resp.Diagnostics) > 0 {
		t.Error(resp.Diagnostics[0].Summary)
	}
	retail.wantRequests(t, "GET /api/customers/xYZkjABcde")
	wholesale.wantRequests(t)

	// The same configuration is accepted again.
	p.configured(t, retail)
	if resp := p.read(t, t.Context(), "commercelayer_customer", id); len(resp.Diagnostics) > 0 {
		t.Error(resp.Diagnostics[0].Summary)
	}
}

func TestAConfigurationThatFailedIsNotTheFirstOne(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")())
	if said := p.configure(t, false, map[string]tftypes.Value{attrMode: str("both")}); len(said) != 1 || said[0].Summary != "Invalid mode" {
		t.Fatal(said)
	}
	p.configured(t, api)
}

func TestAConfigurationThatIsNotKnownYetIsTheFirstOne(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")())
	if said := p.configure(t, false, map[string]tftypes.Value{attrDomain: str(api.url), attrToken: str(tftypes.UnknownValue)}); len(said) > 0 {
		t.Fatal(said)
	}
	said := p.configure(t, false, map[string]tftypes.Value{attrDomain: str(api.url), attrToken: str("another")})
	if len(said) != 1 || !strings.Contains(said[0].Detail, "start the process again") {
		t.Error(said)
	}
}

// TestAccTwoAliasesInOneProcessDoNotReadFromEachOther starts the provider with
// -debug. The CLI then uses one process for two provider blocks.
func TestAccTwoAliasesInOneProcessDoNotReadFromEachOther(t *testing.T) {
	t.Parallel()
	retail, wholesale := startAPI(t), startAPI(t, emulator.WithOrganization("wholesale", "wHoLeSaLeO"))
	block := func(alias string, a *api) string {
		return providerBlock("alias = \""+alias+"\"", "domain = \""+a.url+"\"", withToken(emulator.DefaultToken)) +
			"data \"commercelayer_customer\" \"" + alias + "\" {\n  provider = commercelayer." + alias + "\n  id = \"xYZkjABcde\"\n}\n"
	}
	c := newProcessCLI(t, block("retail", retail)+block("wholesale", wholesale))
	c.debug()
	d := c.plan().wantError("Second configuration in one process", "-debug", "wrong organization")
	if !strings.Contains(d.Snippet.Context, "commercelayer") {
		t.Errorf("the error is on %s", d)
	}
	if len(retail.Requests()) > 0 && len(wholesale.Requests()) > 0 {
		t.Error("one process read from both organizations")
	}
}

// TestNoCallRunsBesideAConfiguration is for the race detector: the framework
// reads without a lock what a configuration writes.
func TestNoCallRunsBesideAConfiguration(t *testing.T) {
	t.Parallel()
	const name = "commercelayer_customer"
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	id := map[string]tftypes.Value{"id": str("xYZkjABcde")}
	data := object(t, p.schema.DataSourceSchemas[name], id)
	ephemeral := object(t, p.schema.EphemeralResourceSchemas[name], id)
	configuration := object(t, p.schema.Provider, map[string]tftypes.Value{attrDomain: str(api.url), attrToken: str(emulator.DefaultToken)})
	for call, run := range map[string]func(context.Context) error{
		"validate data": func(ctx context.Context) error {
			_, err := p.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: data})
			return err
		},
		"read": func(ctx context.Context) error {
			_, err := p.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: data})
			return err
		},
		"validate ephemeral": func(ctx context.Context) error {
			_, err := p.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: ephemeral})
			return err
		},
		"open": func(ctx context.Context) error {
			_, err := p.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: ephemeral})
			return err
		},
		"renew": func(ctx context.Context) error {
			_, err := p.RenewEphemeralResource(ctx, &tfprotov6.RenewEphemeralResourceRequest{TypeName: name})
			return err
		},
		"close": func(ctx context.Context) error {
			_, err := p.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: name})
			return err
		},
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			var group errgroup.Group
			for range 5 {
				group.Go(func() error { return run(t.Context()) })
				group.Go(func() error {
					_, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: configuration})
					return err
				})
			}
			if err := group.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}
