package emulator_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const fullCustomer = "/api/customers/" + emulator.FullCustomerID

// query appends parameters to the path.
func query(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + values.Encode()
}

func TestRelatedToOneIsASingleResource(t *testing.T) {
	e := emulator.New()
	res, _ := get(e, fullCustomer+"/customer_group").one(t)
	if res.Type != "customer_groups" || res.ID != emulator.VIPGroupID || string(res.Attributes["name"]) != `"VIP"` {
		t.Errorf("got %+v", res)
	}
	if want := "http://example.com/api/customer_groups/" + emulator.VIPGroupID; res.Links["self"] != want {
		t.Errorf("self %q, want %q", res.Links["self"], want)
	}
}

func TestRelatedToOneWithoutTargetIsNull(t *testing.T) {
	e := emulator.New()
	for _, path := range []string{oneCustomer + "/customer_group", fullCustomer + "/jwt_customer"} {
		a := get(e, path)
		if a.status != 200 || string(a.body) != `{"data":null}` {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestRelatedToManyIsAList(t *testing.T) {
	e := emulator.New()
	tests := []struct{ relationship, want string }{
		{"tags", emulator.NewsletterTagID + " " + emulator.BetaTagID},
		{"orders", "oRdErAaAaA oRdErBbBbB"},
		{"order_subscriptions", "sUbScRiPtA sUbScRiPtB"},
		{"customer_addresses", "cUsTaDdReA cUsTaDdReB"},
		{"returns", ""},
		{"events", ""},
		{"jwt_markets", ""},
	}
	for _, tt := range tests {
		t.Run(tt.relationship, func(t *testing.T) {
			a := get(e, fullCustomer+"/"+tt.relationship)
			_, doc := a.list(t)
			if got := strings.Join(a.ids(t), " "); got != tt.want {
				t.Errorf("ids %q, want %q", got, tt.want)
			}
			if doc.Meta.RecordCount != len(strings.Fields(tt.want)) || doc.Meta.PageCount != 1 {
				t.Errorf("meta %+v", doc.Meta)
			}
			if !strings.HasPrefix(doc.Links["first"], "http://example.com"+fullCustomer+"/"+tt.relationship+"?page") {
				t.Errorf("first %q", doc.Links["first"])
			}
		})
	}
}

func TestRelatedListIsFilteredAndSorted(t *testing.T) {
	e := emulator.New()
	tests := []struct {
		relationship, key, value, want string
	}{
		{"order_subscriptions", "filter[q][status_eq]", "active", "sUbScRiPtA"},
		{"order_subscriptions", "filter[q][status_in]", "draft,cancelled", "sUbScRiPtB"},
		{"order_subscriptions", "filter[q][next_run_at_gt]", "2030-01-01", ""},
		{"order_subscriptions", "filter[q][expires_at_null]", "true", "sUbScRiPtA sUbScRiPtB"},
		{"order_subscriptions", "filter[q][source_order_number_eq]", "1002", "sUbScRiPtB"},
		{"orders", "filter[q][number_eq]", "1001", "oRdErAaAaA"},
		{"orders", "filter[q][total_amount_cents_gt]", "1100", "oRdErBbBbB"},
		{"orders", "filter[q][placed_at_lt]", "2018-02-12T05:30:00Z", "oRdErAaAaA"},
		{"orders", "filter[q][id_in]", "oRdErBbBbB,unknown", "oRdErBbBbB"},
		{"orders", "filter[q][id_gt]", "oRdErAaAaA", "oRdErBbBbB"},
		{"orders", "filter[q][shipments_id_eq]", "sHiPmEnTaB", "oRdErBbBbB"},
		{"orders", "filter[q][tags_id_null]", "true", "oRdErAaAaA oRdErBbBbB"},
		{"orders", "sort", "-id", "oRdErBbBbB oRdErAaAaA"},
		{"orders", "sort", "-total_amount_cents", "oRdErBbBbB oRdErAaAaA"},
		{"orders", "sort", "-placed_at", "oRdErBbBbB oRdErAaAaA"},
		{"tags", "filter[q][name_eq]", "newsletter", emulator.NewsletterTagID},
		{"tags", "sort", "name", emulator.BetaTagID + " " + emulator.NewsletterTagID},
	}
	for _, tt := range tests {
		t.Run(tt.relationship+" "+tt.key+"="+tt.value, func(t *testing.T) {
			a := get(e, query(fullCustomer+"/"+tt.relationship, tt.key, tt.value))
			if got := strings.Join(a.ids(t), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCustomersAreFilteredByWhatTheyAreRelatedTo(t *testing.T) {
	e := emulator.New()
	for predicate, value := range map[string]string{
		"customer_group_code_eq": "vip",
		"tags_name_in":           "beta_tester,other",
		"orders_status_eq":       "placed",
	} {
		a := get(e, query("/api/customers", "filter[q]["+predicate+"]", value))
		if got := strings.Join(a.ids(t), " "); got != emulator.FullCustomerID {
			t.Errorf("%s: got %q", predicate, got)
		}
	}
}

func TestRelatedTakesIncludeAndFields(t *testing.T) {
	e := emulator.New()
	list, doc := get(e,
		query(fullCustomer+"/orders", "include", "shipments", "fields[orders]", "number,shipments")).list(t)
	if len(doc.Included) != 2 || doc.Included[0].Type != "shipments" {
		t.Errorf("included %+v", doc.Included)
	}
	for _, order := range list {
		if len(order.Attributes) != 1 || len(order.Relationships) != 1 || order.Relationships["shipments"].Data == nil {
			t.Errorf("got %+v", order)
		}
	}
	if a := get(e, query(fullCustomer+"/orders", "include", "customer_group")); a.status != 400 || a.errorCode(t) != "INVALID_INCLUDE" {
		t.Errorf("include of another type's relationship: %d %s", a.status, a.body)
	}
}

func TestRelatedErrors(t *testing.T) {
	e := emulator.New()
	noRead := false
	tests := []struct {
		name, target string
		change       func(r *emulator.TokenOptions)
		status       int
		code         string
	}{
		{"unknown customer", "/api/customers/nObOdYnObO/orders", nil, 404, "RECORD_NOT_FOUND"},
		{"unknown customer, to one", "/api/customers/nObOdYnObO/customer_group", nil, 404, "RECORD_NOT_FOUND"},
		{"unknown relationship", fullCustomer + "/friends", nil, 404, "RECORD_NOT_FOUND"},
		{"deeper", fullCustomer + "/orders/oRdErAaAaA", nil, 404, "RECORD_NOT_FOUND"},
		{"nothing behind the slash", fullCustomer + "/", nil, 404, "RECORD_NOT_FOUND"},
		{"customer of the other mode", fullCustomer + "/orders", func(o *emulator.TokenOptions) { o.Live = true }, 404, "RECORD_NOT_FOUND"},
		{"no permission", fullCustomer + "/orders", func(o *emulator.TokenOptions) { o.CanReadCustomers = &noRead }, 401, "UNAUTHORIZED"},
		{"unknown filter", fullCustomer + "/orders?filter[q][color_eq]=red", nil, 400, "FILTER_NOT_ALLOWED"},
		{"unknown sort", fullCustomer + "/orders?sort=color", nil, 400, "INVALID_SORT_CRITERIA"},
		{"a page of a to-one relationship", fullCustomer + "/customer_group?page[size]=1", nil, 400, "PARAM_NOT_ALLOWED"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token := emulator.DefaultToken
			if tt.change != nil {
				var o emulator.TokenOptions
				tt.change(&o)
				token = e.IssueToken(o)
			}
			a := get(e, tt.target, withToken(token))
			if a.status != tt.status || a.errorCode(t) != tt.code {
				t.Errorf("%d %s, want %d %s", a.status, a.body, tt.status, tt.code)
			}
		})
	}
}

func TestRelatedEndpointsFillTheWindowsOfCustomers(t *testing.T) {
	e := emulator.New(emulator.WithLimits())
	if n := accepted(e, 25, fullCustomer+"/tags"); n != 25 {
		t.Fatalf("%d accepted", n)
	}
	if a := get(e, "/api/customers"); a.status != 429 {
		t.Errorf("a list after 25 related requests: %d", a.status)
	}
}

func TestTheFirstGeneratedCustomerHasSeveralPagesOfOrders(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(2))
	id := e.CustomerIDs()[2]
	_, doc := get(e, "/api/customers/"+id+"/orders").list(t)
	res, _ := get(e, "/api/customers/"+id).one(t)
	if doc.Meta.RecordCount != 60 || string(res.Attributes["total_orders_count"]) != fmt.Sprint(doc.Meta.RecordCount) {
		t.Errorf("%d orders, total_orders_count %s", doc.Meta.RecordCount, res.Attributes["total_orders_count"])
	}
}

func TestRelatedEndpointsServeDataFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "customers.json")
	const text = `{"data":[{"id":"ada","type":"customers","attributes":{"email":"ada@example.com"},
		"relationships":{"tags":{"data":[{"type":"tags","id":"b"},{"type":"tags","id":"a"}]}}}],
		"included":[{"id":"b","type":"tags","attributes":{"name":"beta"}},{"id":"a","type":"tags","attributes":{"name":"alpha"}}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := emulator.ReadData(file)
	if err != nil {
		t.Fatal(err)
	}
	e := emulator.New(emulator.WithData(data))
	if got := strings.Join(get(e, "/api/customers/ada/tags").ids(t), " "); got != "b a" {
		t.Errorf("tags %q", got)
	}
	if got := strings.Join(get(e, query("/api/customers/ada/tags", "filter[q][name_eq]", "alpha")).ids(t), " "); got != "a" {
		t.Errorf("a filtered tag: %q", got)
	}
	if got := strings.Join(get(e, query("/api/customers", "filter[q][tags_name_eq]", "alpha")).ids(t), " "); got != "ada" {
		t.Errorf("customers by tag: %q", got)
	}
	if got, want := len(e.AddOrders("ada", 2)), len(get(e, "/api/customers/ada/orders").ids(t)); got != want {
		t.Errorf("%d orders added, %d listed", got, want)
	}
}

func TestOrganizationAndApplicationOfTheToken(t *testing.T) {
	e := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
	noRead := false
	token := e.IssueToken(emulator.TokenOptions{CanReadCustomers: &noRead})
	res, _ := get(e, "/api/organization", withToken(token)).one(t)
	if res.Type != "organization" || res.ID != "aCmEaCmEaC" || string(res.Attributes["slug"]) != `"acme"` {
		t.Errorf("organization %+v", res)
	}
	res, _ = get(e, "/api/application?fields[application]=kind", withToken(token)).one(t)
	if res.Type != "application" || len(res.Attributes) != 1 || string(res.Attributes["kind"]) != `"integration"` {
		t.Errorf("application %+v", res)
	}
	if a := get(e, "/api/organization", withToken("nonsense")); a.status != 401 {
		t.Errorf("without a token: %d", a.status)
	}
}
