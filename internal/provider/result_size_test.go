package provider

import (
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// summaries returns the titles of diagnostics.
func summaries(diagnostics []*tfprotov6.Diagnostic) []string {
	var list []string
	for _, d := range diagnostics {
		list = append(list, d.Summary)
	}
	return list
}

// withBound returns a provider with a limit for the size of results, in bytes.
func withBound(t *testing.T, api *api, maxResult int) *protocol {
	t.Helper()
	return newProtocol(t, server{providerserver.NewProtocol6(New("test")())(), maxResult, &sync.RWMutex{}}).configured(t, api)
}

// TestListTooLargeForAMessageEndsWhenThatIsCertain has a bound that about three
// of forty pages of customers reach.
func TestListTooLargeForAMessageEndsWhenThatIsCertain(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(998))
	p := withBound(t, api, 200_000)
	const name = "commercelayer_customers"
	for kind, read := range map[string]func() []*tfprotov6.Diagnostic{
		"data":      func() []*tfprotov6.Diagnostic { return p.read(t, t.Context(), name, nil).Diagnostics },
		"ephemeral": func() []*tfprotov6.Diagnostic { return p.open(t, name, nil).Diagnostics },
	} {
		api.ResetLog()
		got := read()
		if len(got) != 1 || got[0].Summary != "Result too large" {
			t.Fatalf("%s: %v", kind, got)
		}
		for _, word := range []string{
			"with the customer number ", " of 1,000.", "at most 195.3 KiB", "`fields`", "`filter`", "`limit`",
		} {
			if !strings.Contains(got[0].Detail, word) {
				t.Errorf("%s: %q is missing in %s", kind, word, got[0].Detail)
			}
		}
		api.wantCustomerRequests(t, 1, 8)
	}
	// With fewer fields of each customer, the result fits.
	p.state(t, name, p.read(t, t.Context(), name, map[string]tftypes.Value{
		"fields": strs("status"), "limit": tftypes.NewValue(tftypes.Number, 200),
	}))
}

func TestRelatedListTooLargeForAMessageSaysHowManyThereAre(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(1))
	p := withBound(t, api, 10_000)
	got := p.read(t, t.Context(), "commercelayer_customer_related", map[string]tftypes.Value{
		"customer_id": str(api.CustomerIDs()[2]), "relationship": str("orders"),
	}).Diagnostics
	if len(got) != 1 || got[0].Summary != "Result too large" {
		t.Fatal(got)
	}
	for _, word := range []string{"with the resource number ", " of 60."} {
		if !strings.Contains(got[0].Detail, word) {
			t.Errorf("%q is missing in %s", word, got[0].Detail)
		}
	}
}

func TestResultThatGrowsTooLargeAtItsEndIsAnErrorOfTheProvider(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := withBound(t, api, 1500)
	one := map[string]tftypes.Value{"id": str(emulator.FullCustomerID)}
	for kind, got := range map[string][]*tfprotov6.Diagnostic{
		"one":           p.read(t, t.Context(), "commercelayer_customer", one).Diagnostics,
		"one ephemeral": p.open(t, "commercelayer_customer", one).Diagnostics,
		// The customers fit, but together with the arguments the result is too
		// large.
		"arguments": p.read(t, t.Context(), "commercelayer_customers", map[string]tftypes.Value{
			"ids":    strs(strings.Fields("xYZkjABcde " + strings.Repeat("nOsUcHoNeX ", 150))...),
			"fields": strs("status"),
		}).Diagnostics,
	} {
		if len(got) != 1 || got[0].Summary != "Result too large" ||
			!strings.Contains(got[0].Detail, "at most 1.5 KiB") {
			t.Errorf("%s: %v", kind, got)
		}
	}
	p = withBound(t, api, 1<<20)
	p.state(t, "commercelayer_customer", p.read(t, t.Context(), "commercelayer_customer", one))
}

func TestMessageThatIsJustSmallEnoughIsSent(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	const name = "commercelayer_customers"
	given := map[string]tftypes.Value{"ids": strs("xYZkjABcde")}
	size := len(withBound(t, api, 1<<20).read(t, t.Context(), name, given).State.MsgPack)
	p := withBound(t, api, size)
	p.state(t, name, p.read(t, t.Context(), name, given))
	if got := summaries(withBound(t, api, size-2).read(t, t.Context(), name, given).Diagnostics); len(got) != 1 {
		t.Errorf("a result of %d bytes was sent within %d: %v", size, size-2, got)
	}
}

func TestSizesAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "0 bytes", 1023: "1023 bytes", 1 << 10: "1.0 KiB", 1536: "1.5 KiB",
		303330163: "289 MiB", maxMessage - messageReserve: "256 MiB",
	} {
		if got := humanBytes(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
