package provider

import (
	"regexp"
	"slices"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// withBound returns a provider with a limit for the size of results, in bytes.
func withBound(t *testing.T, api *api, maxResult int) *protocol {
	t.Helper()
	bounded := newServer(New("test")())
	bounded.maxResult = maxResult
	return protocolOf(t, bounded).connect(t, api)
}

// TestListTooLargeForAMessageEndsWhenThatIsCertain has a bound that about three
// of forty pages of customers reach.
func TestListTooLargeForAMessageEndsWhenThatIsCertain(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(998))
	p := withBound(t, api, 200_000)
	for _, read := range p.readers(manyCustomers) {
		api.ResetLog()
		wantOne(t, read(t, manyCustomers, nil).diagnostics, "Result too large",
			"with the customer number ", " of 1,000.", "at most 195.3 KiB", "`fields`", "`filter`", "`limit`")
		api.wantCustomerRequests(t, 1, 8)
		// With fewer fields of each customer, the result fits.
		read(t, manyCustomers, args{"fields": []any{"status"}, "limit": 200}).ok(t)
	}
	// How many customers have the IDs is not known before the end.
	d := wantOne(t, withBound(t, api, 10_000).read(t, manyCustomers, args{"ids": api.CustomerIDs()}).diagnostics,
		"Result too large", "with the customer number ")
	if totalOf := regexp.MustCompile(`number \d+ of`); totalOf.MatchString(d.Detail) {
		t.Errorf("a total is named: %s", d.Detail)
	}
	wantOne(t, withBound(t, api, 10_000).read(t, relatedResources, args{
		"customer_id": api.CustomerIDs()[2], "relationship": "orders",
	}).diagnostics, "Result too large", "with the resource number ", " of 60.")
}

func TestResultThatGrowsTooLargeAtItsEndIsAnErrorOfTheProvider(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := withBound(t, api, 1500)
	for name, given := range map[string]args{
		oneCustomer: {"id": emulator.FullCustomerID},
		// The customers fit, but together with the arguments the result is too
		// large.
		manyCustomers: {"ids": append(slices.Repeat([]string{"nOsUcHoNeX"}, 150), "xYZkjABcde"), "fields": []any{"status"}},
	} {
		for _, read := range p.readers(name) {
			wantOne(t, read(t, name, given).diagnostics, "Result too large", "at most 1.5 KiB")
		}
	}
}

func TestMessageThatIsJustSmallEnoughIsSent(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	given := args{"ids": []any{"xYZkjABcde"}}
	size := withBound(t, api, 1<<20).read(t, manyCustomers, given).size
	withBound(t, api, size).read(t, manyCustomers, given).ok(t)
	wantOne(t, withBound(t, api, size-2).read(t, manyCustomers, given).diagnostics, "Result too large")
}

func TestSizesAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "0 bytes", 1023: "1023 bytes", 1 << 10: "1.0 KiB", 1536: "1.5 KiB",
		303330163: "289 MiB", maxResult: "256 MiB",
	} {
		if got := humanBytes(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
