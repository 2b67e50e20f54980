package provider

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// protocol calls the provider in the way in which the CLI does.
type protocol struct {
	tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

func newProtocol(t testing.TB, server tfprotov6.ProviderServer) *protocol {
	t.Helper()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schema.Diagnostics) > 0 {
		t.Fatal(err, schema)
	}
	return &protocol{server, schema}
}

// object returns a value of a schema with the given attributes. All others are
// null.
func object(t testing.TB, schema *tfprotov6.Schema, given map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	kind := schema.ValueType()
	values := map[string]tftypes.Value{}
	for name, attribute := range objectTypes(t, kind) {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	maps.Copy(values, given)
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func objectTypes(t testing.TB, kind tftypes.Type) map[string]tftypes.Type {
	t.Helper()
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", kind)
	}
	return object.AttributeTypes
}

func str(s any) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func strs(values ...string) tftypes.Value {
	elements := make([]tftypes.Value, len(values))
	for i, v := range values {
		elements[i] = str(v)
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}

func (p *protocol) configure(t testing.TB, deferral bool, given map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion:   "1.2.3",
		Config:             object(t, p.schema.Provider, given),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: deferral},
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// configured configures a server for an emulated API.
func (p *protocol) configured(t testing.TB, api *api) *protocol {
	t.Helper()
	if d := p.configure(t, false, map[string]tftypes.Value{attrDomain: str(api.url), attrToken: str(emulator.DefaultToken)}); len(d) > 0 {
		t.Fatal(d[0].Summary, d[0].Detail)
	}
	return p
}

func (p *protocol) read(t testing.TB, ctx context.Context, dataSource string, given map[string]tftypes.Value) *tfprotov6.ReadDataSourceResponse { //nolint:revive // the test comes first in every helper
	t.Helper()
	resp, err := p.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName:           dataSource,
		Config:             object(t, p.schema.DataSourceSchemas[dataSource], given),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// state decodes the result of a read.
func (p *protocol) state(t testing.TB, dataSource string, resp *tfprotov6.ReadDataSourceResponse) tftypes.Value {
	t.Helper()
	if len(resp.Diagnostics) > 0 {
		t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
	}
	state, err := resp.State.Unmarshal(p.schema.DataSourceSchemas[dataSource].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// open opens an ephemeral resource as the CLI does.
func (p *protocol) open(
	t testing.TB, name string, given map[string]tftypes.Value,
) *tfprotov6.OpenEphemeralResourceResponse {
	t.Helper()
	resp, err := p.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: name,
		Config:   object(t, p.schema.EphemeralResourceSchemas[name], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// opened decodes the result of an ephemeral resource.
func (p *protocol) opened(t testing.TB, name string, resp *tfprotov6.OpenEphemeralResourceResponse) tftypes.Value {
	t.Helper()
	if len(resp.Diagnostics) > 0 {
		t.Fatal(resp.Diagnostics[0].Summary, resp.Diagnostics[0].Detail)
	}
	result, err := resp.Result.Unmarshal(p.schema.EphemeralResourceSchemas[name].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// strMap returns a map of texts. A value that is nil is null.
func strMap[T any](values map[string]T) tftypes.Value {
	elements := map[string]tftypes.Value{}
	for key, v := range values {
		elements[key] = str(v)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements)
}

func TestUnknownConfigurationIsDeferredWhereTheCLIAllowsIt(t *testing.T) {
	t.Parallel()
	configuration := map[string]tftypes.Value{attrDomain: str("acme"), attrToken: str(tftypes.UnknownValue)}
	id := map[string]tftypes.Value{"id": str("xYZkjABcde")}

	p := newProtocol(t, NewServer("test")())
	if d := p.configure(t, true, configuration); len(d) > 0 {
		t.Fatal(d[0].Summary)
	}
	resp := p.read(t, t.Context(), "commercelayer_customer", id)
	if resp.Deferred == nil || resp.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown || len(resp.Diagnostics) > 0 {
		t.Errorf("deferred %v, diagnostics %v", resp.Deferred, resp.Diagnostics)
	}

	p = newProtocol(t, NewServer("test")())
	if d := p.configure(t, false, configuration); len(d) > 0 {
		t.Fatal(d[0].Summary)
	}
	resp = p.read(t, t.Context(), "commercelayer_customer", id)
	if resp.Deferred != nil || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Provider configuration not known yet" {
		t.Errorf("deferred %v, diagnostics %v", resp.Deferred, resp.Diagnostics)
	}
}

func TestReadsBeforeTheProviderIsConfiguredAreErrors(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	for _, dataSource := range slices.Sorted(maps.Keys(p.schema.DataSourceSchemas)) {
		given := map[string]tftypes.Value{}
		if dataSource == "commercelayer_customer" {
			given["id"] = str("xYZkjABcde")
		}
		resp := p.read(t, t.Context(), dataSource, given)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Provider not configured" {
			t.Errorf("%s: %v", dataSource, resp.Diagnostics)
		}
	}
}
