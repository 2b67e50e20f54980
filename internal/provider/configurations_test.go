package provider

import (
	"strings"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestASecondConfigurationInOneProcessIsRefused(t *testing.T) {
	t.Parallel()
	retail, wholesale := startAPI(t), startAPI(t, emulator.WithOrganization("wholesale", "wHoLeSaLeO"))
	p := connect(t, retail)
	wantOne(t, p.configure(t, args{attrDomain: wholesale.url, attrToken: emulator.DefaultToken}),
		"Second configuration in one process", "-debug")
	// The first provider block still reads from its own organization.
	p.read(t, oneCustomer, args{"id": "xYZkjABcde"}).ok(t)
	retail.wantRequests(t, "GET /api/customers/xYZkjABcde")
	wholesale.wantRequests(t)
	// The same configuration is accepted again.
	p.connect(t, retail).read(t, oneCustomer, args{"id": "xYZkjABcde"}).ok(t)
}

func TestAConfigurationThatFailedIsNotTheFirstOne(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	wantOne(t, p.configure(t, args{attrMode: "both"}), "Invalid mode")
	p.connect(t, startAPI(t))
}

func TestAConfigurationThatIsNotKnownYetIsTheFirstOne(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	if said := p.configure(t, args{attrDomain: "acme", attrToken: notKnown}); len(said) > 0 {
		t.Fatal(said)
	}
	wantOne(t, p.configure(t, args{attrDomain: "acme", attrToken: "another"}),
		"Second configuration in one process", "start the process again")
}

// TestAccTwoAliasesInOneProcessDoNotReadFromEachOther starts the provider with
// -debug. The CLI then uses one process for two provider blocks.
func TestAccTwoAliasesInOneProcessDoNotReadFromEachOther(t *testing.T) {
	t.Parallel()
	retail, wholesale := startAPI(t), startAPI(t, emulator.WithOrganization("wholesale", "wHoLeSaLeO"))
	block := func(alias string, a *api) string {
		return providerBlock("alias = \""+alias+"\"", "domain = \""+a.url+"\"", withToken(emulator.DefaultToken)) +
			"data \"commercelayer_customer\" \"" + alias + "\" {\n  provider = commercelayer." + alias +
			"\n  id = \"xYZkjABcde\"\n}\n"
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

// TestReadsGoOnBesideAConfiguration is for the race detector: the framework reads
// without a lock what a configuration writes.
func TestReadsGoOnBesideAConfiguration(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := connect(t, api)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() { p.connect(t, api) })
		for _, read := range p.readers(oneCustomer) {
			group.Go(func() { read(t, oneCustomer, args{"id": "xYZkjABcde"}).ok(t) })
		}
	}
	group.Wait()
}
