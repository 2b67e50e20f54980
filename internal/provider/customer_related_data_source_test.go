package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// relatedWith returns a configuration that follows a relationship with the
// given arguments, and has the result as outputs.
func relatedWith(customer, relationship string, arguments ...string) string {
	return fmt.Sprintf(`
data "commercelayer_customer_related" "test" {
  customer_id  = %q
  relationship = %q
  %s
}
`, customer, relationship, strings.Join(arguments, "\n  ")) + `
locals {
  r = data.commercelayer_customer_related.test
}
output "ids" { value = local.r.resources[*].id }
output "total" { value = local.r.total_count }
output "id" { value = local.r.id }
output "read" { value = length(local.r.resources) }
`
}

// related prepares a CLI with the configuration of [relatedWith].
func (a *api) related(t *testing.T, customer, relationship string, arguments ...string) *cli {
	t.Helper()
	return newCLI(t, a.config(relatedWith(customer, relationship, arguments...)))
}

func TestAccRelatedResourcesHaveTheirAttributes(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	result := newCLI(t, api.config(relatedWith(emulator.FullCustomerID, "orders", `include = ["shipments"]`)+`
output "types" { value = distinct(local.r.resources[*].type) }
output "numbers" { value = [for o in local.r.resources : jsondecode(o.attributes_json).number] }
output "self" { value = endswith(local.r.resources[0].links.self, "/api/orders/oRdErAaAaA") }
output "shipments" { value = [for o in local.r.resources : o.relationships["shipments"].data] }
output "not_included" { value = local.r.resources[0].relationships["tags"].data == null }
output "url" { value = endswith(local.r.resources[0].relationships["tags"].related, "/api/orders/oRdErAaAaA/tags") }
`)).apply()
	result.wantOutput("types", `["orders"]`)
	result.wantOutput("numbers", `["1001","1002"]`)
	result.wantOutput("self", "true")
	result.wantOutput("shipments",
		`[[{"id":"sHiPmEnTaA","type":"shipments"}],[{"id":"sHiPmEnTaB","type":"shipments"}]]`)
	result.wantOutput("not_included", "true")
	result.wantOutput("url", "true")
	api.wantRequests(t, "GET /api/customers/"+emulator.FullCustomerID+"/orders?include=shipments&page[size]=25&sort=id")
}

func TestAccRelatedToOneIsAListOfNoneOrOne(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	config := api.config(relatedWith("xYZkjABcde", "customer_group"))
	acceptance(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: has("data.commercelayer_customer_related.test", map[string]knownvalue.Check{
				"resources":   knownvalue.ListExact(nil),
				"total_count": knownvalue.Int64Exact(0),
				"customer_id": exactly("xYZkjABcde"), "relationship": exactly("customer_group"),
				"filter": null(), "sort": null(), "limit": null(), "include": null(),
			}),
		},
		emptyPlan(config),
	)
	api.ResetLog()
	result := newCLI(t, api.config(relatedWith(emulator.FullCustomerID, "customer_group")+
		`output "code" { value = jsondecode(one(local.r.resources).attributes_json).code }`)).apply()
	result.wantOutput("code", `"vip"`)
	result.wantOutput("total", "1")
	api.wantRequests(t, "GET /api/customers/"+emulator.FullCustomerID+"/customer_group")
}

func TestAccRelatedArgumentsBecomeTheQuery(t *testing.T) {
	t.Parallel()
	const orders = "GET /api/customers/ID/orders?"
	for name, tt := range map[string]struct {
		relationship string
		arguments    []string
		requests     []string
		total, read  int
	}{
		"everything": {
			"orders", []string{`timeouts { read = "1m" }`},
			[]string{
				orders + "page[size]=25&sort=id",
				orders + "filter[q][id_gt]=%25&page[size]=25&sort=id",
				orders + "filter[q][id_gt]=%25&page[size]=25&sort=id",
			},
			60, 60,
		},
		"a filter": {
			"orders", []string{`filter = { number_in = "1003,1004", status_eq = "placed" }`},
			[]string{orders + "filter[q][number_in]=1003,1004&filter[q][status_eq]=placed&page[size]=25&sort=id"},
			2, 2,
		},
		"the last five": {
			"orders", []string{`sort = ["-placed_at"]`, `limit = 5`},
			[]string{orders + "page[size]=5&sort=-placed_at,id"},
			60, 5,
		},
		"the count alone": {
			"orders", []string{`limit = 0`},
			[]string{orders + "page[size]=1&sort=id"},
			60, 0,
		},
		"the count of a filter": {
			"orders", []string{`limit = 0`, `filter = { payment_status_eq = "authorized" }`},
			[]string{orders + "filter[q][payment_status_eq]=authorized&page[size]=25&sort=id"},
			15, 0,
		},
		"one, counted": {
			"customer_group", []string{`limit = 0`}, []string{"GET /api/customers/ID/customer_group"}, 1, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithCustomers(1))
			id := api.CustomerIDs()[2]
			result := api.related(t, id, tt.relationship, tt.arguments...).apply()
			result.wantOutput("total", fmt.Sprint(tt.total))
			result.wantOutput("read", fmt.Sprint(tt.read))
			got := api.lines(t)
			if !slices.EqualFunc(got, tt.requests, func(got, want string) bool {
				want = strings.Replace(want, "ID", id, 1)
				before, after, last := strings.Cut(want, "%25") // %25 is the last ID of the page before
				return got == want || last && strings.HasPrefix(got, before) && strings.HasSuffix(got, after)
			}) {
				t.Errorf("requests:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(tt.requests, "\n  "))
			}
		})
	}
}

func TestAccRelatedResourcesThatComeAndGoAreNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	id := api.AddCustomer(emulator.Customer{Email: "many@example.com"})
	orders := api.AddOrders(id, 60)
	pages := 0
	api.OnRequest(func(*http.Request) {
		if pages++; pages == 2 { // delete an order that was read, and create two
			api.DeleteOrder(orders[24])
			orders = append(orders, api.AddOrders(id, 2)...)
		}
	})
	result := api.related(t, id, "orders").apply()
	result.wantOutput("ids", jsonOf(t, orders))
	if len(result.warnings()) > 0 {
		t.Errorf("warnings: %v", result.warnings())
	}
}

func TestAccRelatedResourcesHaveAStableID(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	id := func(relationship string, arguments ...string) string {
		t.Helper()
		result := api.related(t, emulator.FullCustomerID, relationship, arguments...).apply().ok()
		return string(result.outputs["id"].Value)
	}
	one := id("orders", `filter = { status_eq = "placed", number_start = "1" }`)
	api.AddOrders(emulator.FullCustomerID, 1)
	if again := id("orders", `filter = { number_start = "1", status_eq = "placed" }`); again != one {
		t.Errorf("the ID changed from %s to %s", one, again)
	}
	const of010 = `"ae76bbb8dba73d9d82dbe67c09b89117aa49d0af48efbc973accbb3bc7a0d968"`
	if got := id("orders", `filter = { status_eq = "placed" }`, `sort = ["-placed_at"]`, "limit = 5",
		`include = ["shipments"]`); got != of010 {
		t.Errorf("the ID is %s, want that of version 0.1.0, %s", got, of010)
	}
	for _, other := range []string{id("orders"), id("tags"), id("orders", "limit = 0"), id("orders", "limit = 1")} {
		if other == one {
			t.Errorf("two queries have the ID %s", one)
		}
		one = other
	}
}

func TestAccRelatedCustomerAndRelationshipAreToldApart(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	d := api.related(t, "nObOdYnObO", "orders").plan().
		wantError("Customer not found", `no customer with the ID "nObOdYnObO"`,
			"GET /api/customers/nObOdYnObO/orders", "404 Not Found")
	if !strings.Contains(d.Snippet.Code, "customer_id") {
		t.Errorf("the diagnostic does not point at the customer: %s", d)
	}
	api.wantCustomerRequests(t, 2, 2)

	d = api.related(t, emulator.FullCustomerID, "order").plan().
		wantError("Relationship not found", `no relationship with the name "order"`,
			"GET /api/customers/"+emulator.FullCustomerID+"/order", "404 Not Found", "the customer has the relationships attachments, ", " orders, ")
	if !strings.Contains(d.Snippet.Code, "relationship") {
		t.Errorf("the diagnostic does not point at the relationship: %s", d)
	}
	api.wantCustomerRequests(t, 5, 5)

	strict := startAPI(t, emulator.WithRefuted("related-unknown:refused"))
	strict.related(t, emulator.FullCustomerID, "order").plan().
		wantError("Relationship not found", "400 Bad Request", "the customer has the relationships attachments, ", " orders, ")
}

func TestAccRelatedFilterThatTheAPIIgnoresIsNoticed(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithRefuted("known-filter:ignored"))
	api.related(t, emulator.FullCustomerID, "order_subscriptions", `filter = { status_eq = "active" }`).plan().
		wantError("Filter ignored by the API", "the resource \"sUbScRiPtB\" does not match", "`order_subscriptions`")
	unequal := api.related(t, emulator.FullCustomerID, "orders", `filter = { total_amount_cents_not_eq = "1" }`)
	warnings := unequal.apply().ok().warnings()
	if len(warnings) != 1 {
		t.Fatalf("warnings: %v", warnings)
	}
	wantDiagnostic(t, warnings[0], "Filter may have been ignored",
		"The API counts 2 related resources with `filter`, and 2 without its predicate `total_amount_cents_not_eq`")
}

func TestAccRelatedErrorsPointAtTheirArgument(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	for argument, summary := range map[string]string{
		`filter = { color_eq = "red" }`: "Filter refused",
		`sort = ["color"]`:              "Unknown sort key",
		`include = ["color"]`:           "Unknown relationship",
	} {
		d := api.related(t, emulator.FullCustomerID, "orders", argument).plan().wantError(summary, "color")
		if !strings.Contains(d.Snippet.Code, argument) {
			t.Errorf("the diagnostic does not point at %s: %s", argument, d)
		}
	}
	api.wantCustomerRequests(t, 3, 3)
}

func TestAccRelatedArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	list := map[string]refusal{
		"an_empty_id":      {`customer_id = ""`, "Invalid customer ID", "is empty"},
		"a_path":           {`customer_id = "a/b"`, "Invalid customer ID", "give the ID alone"},
		"two_dots":         {`customer_id = ".."`, "Invalid customer ID", "two dots"},
		"an_empty_name":    {`relationship = ""`, "Invalid relationship", "such as orders"},
		"an_odd_name":      {`relationship = "Orders"`, "Invalid relationship", "such as orders"},
		"a_longer_path":    {`relationship = "orders/x"`, "Invalid relationship", "such as orders"},
		"a_deeper_name":    {`relationship = "orders.shipments"`, "Invalid relationship", "such as orders"},
		"no_matcher":       {`filter = { status = "a" }`, "Invalid filter predicate", "does not end in a matcher"},
		"no_value":         {`filter = { status_eq = null }`, "Invalid filter value", "is null"},
		"an_empty_value":   {`filter = { status_eq = "" }`, "Invalid filter value", "the value is empty"},
		"an_odd_sort":      {`sort = ["placed_at desc"]`, "Invalid sort key", "-created_at"},
		"a_null_sort":      {`sort = [null]`, "Invalid sort key", "`sort[0]` is null"},
		"half_a_limit":     {`limit = 0.5`, "Invalid limit", "0 or more"},
		"a_negative_limit": {`limit = -1`, "Invalid limit", "0 or more"},
		"an_odd_include":   {`include = ["Tags"]`, "Invalid relationship", "not the name of a relationship"},
		"a_null_include":   {`include = [null]`, "Invalid relationship", "`include[0]` is null"},
		"no_duration":      {"timeouts {\n    read = \"\"\n  }", "Invalid timeout", "is not a duration"},
		"a_blank_part":     {`filter = { status_in = "a, ,b" }`, "Invalid filter value", "between the commas"},
	}
	for name, r := range list {
		if !strings.Contains(r.arguments, "customer_id") {
			r.arguments = "customer_id = \"a\"\n  " + r.arguments
		}
		if !strings.Contains(r.arguments, "relationship =") {
			r.arguments = "relationship = \"orders\"\n  " + r.arguments
		}
		list[name] = r
	}
	refusals(t, "commercelayer_customer_related", list)
}

// TestAccRelatedArgumentsThatAreNotKnownYet has arguments that are known only
// after apply. The plan sends no request, and the apply checks the values.
func TestAccRelatedArgumentsThatAreNotKnownYet(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		argument, value, summary string
	}{
		"a customer":               {"customer_id", emulator.FullCustomerID, ""},
		"a customer without an ID": {"customer_id", "", "Invalid customer ID"},
		"a relationship":           {"relationship", "tags", ""},
		"a path":                   {"relationship", "../x", "Invalid relationship"},
		"a filter":                 {"filter", "newsletter", ""},
		"an empty filter":          {"filter", "", "Invalid filter value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			arguments := map[string]string{
				"customer_id": fmt.Sprintf("%q", emulator.FullCustomerID), "relationship": `"tags"`,
			}
			arguments[tt.argument] = "terraform_data.value.output"
			if tt.argument == "filter" {
				arguments["filter"] = "{ name_eq = terraform_data.value.output }"
			}
			body := created("value", tt.value) + "data \"commercelayer_customer_related\" \"test\" {\n"
			for argument, value := range arguments {
				body += "  " + argument + " = " + value + "\n"
			}
			c := newCLI(t, api.config(body+"}\n"))
			c.plan().ok()
			api.wantRequests(t)
			result := c.apply()
			if tt.summary == "" {
				result.ok()
				api.wantCustomerRequests(t, 1, 1)
				return
			}
			result.wantError(tt.summary)
			api.wantRequests(t)
		})
	}
}

func TestAccRelatedReadsKeepToTheLimitsAndTheDeadline(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(20), emulator.WithLimits(), emulator.WithLatency(apiLatency))
	newCLI(t, api.config(fmt.Sprintf(`
data "commercelayer_customer_related" "each" {
  for_each     = toset(%s)
  customer_id  = each.key
  relationship = "customer_group"
}
output "grouped" {
  value = length([for r in data.commercelayer_customer_related.each : r if r.total_count > 0])
}
`, hclList(api.CustomerIDs())))).apply().wantOutput("grouped", "5")
	api.wantCustomerRequests(t, 22, 22)
	if n := api.CountStatus(http.StatusTooManyRequests); n > 0 {
		t.Errorf("%d requests were refused by the rate limit", n)
	}

	full := startAPI(t, exhausted())
	newCLI(t, full.config(john)).plan().ok()
	full.related(t, emulator.FullCustomerID, "orders", "timeouts {\n    read = \"1s\"\n  }").plan().
		wantError("Rate limit exhausted", "GET /api/customers/"+emulator.FullCustomerID+"/orders",
			"429 Too Many Requests", "`timeouts { read }`")

	slow := startAPI(t)
	slow.Inject(emulator.Fault{Answer: slow.Delay(time.Minute)})
	slow.related(t, emulator.FullCustomerID, "orders", "timeouts {\n    read = \"1s\"\n  }").plan().
		wantError("Timeout", "The deadline of the read passed", "GET /api/customers/"+emulator.FullCustomerID+"/orders")
}
