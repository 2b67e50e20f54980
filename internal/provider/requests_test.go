package provider

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomerByIDSendsTheDocumentedRequestOnce(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	c := newCLI(t, api.config(john))
	c.plan().ok()

	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
	got := api.Requests()[0].Header
	agent := regexp.MustCompile(`^Terraform/\d+\.\d+\.\d+\S* terraform-provider-commercelayer/` + binaryVersion + `$`)
	if !agent.MatchString(got.Get("User-Agent")) {
		t.Errorf("%q does not name the CLI and the provider", got.Get("User-Agent"))
	}
	got.Del("User-Agent")
	want := http.Header{"Accept": {"application/vnd.api+json"}, "Authorization": {"Bearer " + emulator.DefaultToken}}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("headers %v, want %v", got, want)
	}
}

// TestArgumentsBecomeTheQuery has a row for each argument. The tests of the client
// have the pages that follow.
func TestArgumentsBecomeTheQuery(t *testing.T) {
	t.Parallel()
	const (
		list, page = "GET /api/customers?", "&page[size]=25&sort=id"
		orders     = "GET /api/customers/" + emulator.FullCustomerID + "/orders?"
	)
	related := func(more args) args {
		more["customer_id"] = emulator.FullCustomerID
		return with(more)
	}
	for _, tt := range []struct {
		name    string
		given   args
		request string
		total   int
	}{
		{manyCustomers, nil, list + page[1:], 3},
		{
			manyCustomers, args{"filter": args{"status_eq": "repeat", "email_cont": "ada"}},
			list + "filter[q][email_cont]=ada&filter[q][status_eq]=repeat" + page, 1,
		},
		{
			manyCustomers, args{"limit": 1, "sort": []any{"-created_at", "email"}},
			list + "page[size]=2&sort=-created_at,email,id", 3,
		},
		{
			manyCustomers, args{"limit": 1, "include": []any{"customer_group", "tags"}},
			list + "include=customer_group,tags&page[size]=1&sort=id", 3,
		},
		{
			manyCustomers, args{"emails": []any{"john@example.com", "a@b"}, "fields": []any{"status"}},
			list + "fields[customers]=status,email&filter[q][email_in]=john@example.com,a@b" + page, 1,
		},
		{
			manyCustomers, args{"ids": []any{"a", "xYZkjABcde", "a"}, "filter": args{"email_start": "john"}},
			list + "filter[q][email_start]=john&filter[q][id_in]=a,xYZkjABcde" + page, 1,
		},
		{
			manyCustomers, args{"limit": 0, "sort": []any{"email"}, "include": []any{"tags"}},
			list + "fields[customers]=id&page[size]=1&sort=id", 3,
		},
		{
			manyCustomers, args{"limit": 0, "ids": []any{"xYZkjABcde", "nObOdY"}},
			list + "fields[customers]=id&filter[q][id_in]=nObOdY,xYZkjABcde" + page, 1,
		},
		{relatedResources, related(args{}), orders + page[1:], 2},
		{
			relatedResources, related(args{"filter": args{"number_in": "1001,1003"}}),
			orders + "filter[q][number_in]=1001,1003" + page, 1,
		},
		{
			relatedResources, related(args{"limit": 1, "sort": []any{"-placed_at"}}), orders + "page[size]=2&sort=-placed_at,id",
			2,
		},
		{
			relatedResources, related(args{"limit": 1, "include": []any{"shipments"}}),
			orders + "include=shipments&page[size]=1&sort=id", 2,
		},
		{relatedResources, related(args{"limit": 0}), orders + "page[size]=1&sort=id", 2},
		{
			relatedResources, related(args{"relationship": "customer_group", "limit": 0}),
			"GET /api/customers/" + emulator.FullCustomerID + "/customer_group", 1,
		},
	} {
		api := startAPI(t, emulator.WithCustomers(1))
		p := connect(t, api)
		for _, read := range p.readers(tt.name) {
			api.ResetLog()
			got := read(t, tt.name, tt.given).ok(t)
			api.wantRequests(t, tt.request)
			if total := member(t, got, "total_count"); !total.Equal(tftypes.NewValue(tftypes.Number, tt.total)) {
				t.Errorf("%v: the total is %s, want %d", tt.given, total, tt.total)
			}
			if tt.given["limit"] == 0 && strings.Contains(got.String(), "@example.com") {
				t.Errorf("a customer is in the result of a count: %s", got)
			}
		}
	}
}
