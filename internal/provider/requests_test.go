package provider

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestAccCustomerByIDSendsTheDocumentedRequestOnce(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	c := newCLI(t, api.config(john))
	c.plan().ok()
	cli := cliVersion(t)
	version := cli.Number
	api.wantRequests(t, "GET /api/customers/xYZkjABcde")
	got := api.Requests()[0].Header
	if cli.OpenTofu {
		// OpenTofu sends providers the version of Terraform that it is
		// compatible with.
		version, _, _ = strings.Cut(strings.TrimPrefix(got.Get("User-Agent"), "Terraform/"), " ")
		if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(version) {
			t.Errorf("%q names no version of the CLI", got.Get("User-Agent"))
		}
	}
	want := http.Header{
		"Accept":        {"application/vnd.api+json"},
		"Authorization": {"Bearer " + emulator.DefaultToken},
		"User-Agent":    {"Terraform/" + version + " terraform-provider-commercelayer/" + binaryVersion},
	}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("headers %v, want %v", got, want)
	}
}

func TestAccCustomerIDIsEscapedInThePath(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	const id = "a%2F+é:@;"
	api.AddCustomer(emulator.Customer{ID: id, Email: "odd@example.com"})
	result := newCLI(t, api.config(customerByID(id)+`output "id" { value = data.commercelayer_customer.test.id }`)).apply()
	result.wantOutput("id", fmt.Sprintf("%q", id))
	if got := api.Requests(); len(got) != 1 || got[0].Path != "/api/customers/a%252F+%C3%A9:@%3B" {
		t.Errorf("requests %v", api.lines(t))
	}
}

// TestAccArgumentsBecomeTheQuery checks what is asked for, and how many
// customers or resources there are. %25 stands for the last ID of the page before.
func TestAccArgumentsBecomeTheQuery(t *testing.T) {
	t.Parallel()
	const list, page = "GET /api/customers?", "&page[size]=25&sort=id"
	const orders = "GET /api/customers/ID/orders?"
	related := func(arguments ...string) string { return relatedWith("ID", "orders", arguments...) }
	const ids = "xYZkjABcde," + emulator.FullCustomerID
	for name, tt := range map[string]struct {
		body, total string
		requests    []string
	}{
		"everything": {customersWith(`timeouts { read = "1m" }`), "42", []string{
			list + page[1:], list + "filter[q][id_gt]=%25" + page,
		}},
		"a filter": {customersWith(`filter = { status_eq = "prospect", email_cont = "example" }`), "27", []string{
			list + "filter[q][email_cont]=example&filter[q][status_eq]=prospect" + page,
			list + "filter[q][email_cont]=example&filter[q][id_gt]=%25&filter[q][status_eq]=prospect" + page,
		}},
		"a limit of more than a page": {customersWith(`limit = 30`), "42", []string{
			list + page[1:], list + "filter[q][id_gt]=%25&page[size]=5&sort=id",
		}},
		"a sort": {customersWith(`sort = ["-created_at", "email"]`), "42", []string{
			list + "page[size]=25&sort=-created_at,email,id", list + "page[number]=2&page[size]=25&sort=-created_at,email,id",
		}},
		"relationships": {customersWith(`limit = 1`, `include = ["customer_group", "tags"]`), "42", []string{
			list + "include=customer_group,tags&page[size]=1&sort=id",
		}},
		"fields of a look-up by address": {customersWith(`emails = ["john@example.com"]`, `fields = ["status"]`), "1", []string{
			list + "fields[customers]=status,email&filter[q][email_in]=john@example.com" + page,
		}},
		"IDs and a filter": {customersWith(`ids = ["xYZkjABcde", "`+emulator.FullCustomerID+`", "xYZkjABcde"]`, `filter = { email_start = "ada" }`), "1", []string{
			list + "filter[q][email_start]=ada&filter[q][id_in]=" + ids + page,
		}},
		"addresses": {customersWith(`emails = ["john@example.com", "nobody@example.org"]`), "1", []string{
			list + "filter[q][email_in]=john@example.com,nobody@example.org" + page,
		}},
		"the count alone": {customersWith(`limit = 0`, `sort = ["-created_at"]`, `include = ["customer_group"]`), "42", []string{
			list + "fields[customers]=id&page[size]=1&sort=id",
		}},
		"the count of a filter": {customersWith(`limit = 0`, `filter = { email_start = "ada" }`), "1", []string{
			list + "fields[customers]=id,email&filter[q][email_start]=ada" + page,
		}},
		"the count of IDs": {customersWith(`limit = 0`, `ids = ["xYZkjABcde", "nOsUcHoNeX"]`), "1", []string{
			list + "fields[customers]=id&filter[q][id_in]=xYZkjABcde,nOsUcHoNeX" + page,
		}},
		"all orders": {related(`timeouts { read = "1m" }`), "60", []string{
			orders + page[1:], orders + "filter[q][id_gt]=%25" + page, orders + "filter[q][id_gt]=%25" + page,
		}},
		"some orders": {related(`filter = { number_in = "1003,1004", status_eq = "placed" }`), "2", []string{
			orders + "filter[q][number_in]=1003,1004&filter[q][status_eq]=placed" + page,
		}},
		"the last five orders":     {related(`sort = ["-placed_at"]`, `limit = 5`), "60", []string{orders + "page[size]=5&sort=-placed_at,id"}},
		"the count of orders":      {related(`limit = 0`), "60", []string{orders + "page[size]=1&sort=id"}},
		"the count of some orders": {related(`limit = 0`, `filter = { payment_status_eq = "authorized" }`), "15", []string{orders + "filter[q][payment_status_eq]=authorized" + page}},
		"included of orders":       {related(`limit = 1`, `include = ["shipments"]`), "60", []string{orders + "include=shipments&page[size]=1&sort=id"}},
		"one resource":             {relatedWith("ID", "customer_group", `limit = 0`), "1", []string{"GET /api/customers/ID/customer_group"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithCustomers(40))
			id := api.CustomerIDs()[2]
			c := newCLI(t, api.config(strings.ReplaceAll(tt.body, `"ID"`, fmt.Sprintf("%q", id))))
			c.apply().wantOutput("total", tt.total)
			got := api.lines(t)
			if !slices.EqualFunc(got, tt.requests, func(got, want string) bool {
				before, after, last := strings.Cut(strings.Replace(want, "/ID/", "/"+id+"/", 1), "%25")
				return got == before || last && strings.HasPrefix(got, before) && strings.HasSuffix(got, after)
			}) {
				t.Errorf("requests:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(tt.requests, "\n  "))
			}
			if state := c.read("terraform.tfstate"); strings.Contains(tt.body, "limit = 0") && strings.Contains(state, "@example.com") {
				t.Error("a customer is in the state of a count")
			}
		})
	}
}
