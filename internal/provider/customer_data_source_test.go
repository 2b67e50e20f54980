package provider

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// has checks attributes of a data source or resource in the state.
func has(address string, want map[string]knownvalue.Check) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(want)) {
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want[name]))
	}
	return checks
}

// exactly is a check for a string value. A null value fails it.
func exactly(value string) knownvalue.Check { return knownvalue.StringExact(value) }

func null() knownvalue.Check { return knownvalue.Null() }

// relationshipsOf is a check for the links of a customer's relationships, when
// no relationship is included.
func relationshipsOf(customer string, names ...string) knownvalue.Check {
	want := map[string]knownvalue.Check{}
	for _, name := range names {
		want[name] = knownvalue.ObjectExact(map[string]knownvalue.Check{
			"self":    exactly(customer + "/relationships/" + name),
			"related": exactly(customer + "/" + name),
			"data":    null(),
		})
	}
	return knownvalue.MapExact(want)
}

func TestAccCustomerByIDReadsEveryAttributeOfTheDocumentedCustomer(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	const self = "https://yourdomain.commercelayer.io/api/customers/xYZkjABcde"
	acceptance(t,
		resource.TestStep{
			Config: api.config(john),
			ConfigStateChecks: has("data.commercelayer_customer.john", map[string]knownvalue.Check{
				"id":                    exactly("xYZkjABcde"),
				"email":                 exactly("john@example.com"),
				"status":                exactly("prospect"),
				"has_password":          knownvalue.Bool(false),
				"total_orders_count":    null(),
				"shopper_reference":     null(),
				"profile_id":            null(),
				"tax_exemption_code":    null(),
				"created_at":            exactly("2018-01-01T12:00:00.000Z"),
				"updated_at":            exactly("2018-01-01T12:00:00.000Z"),
				"reference":             exactly("ANY-EXTERNAL-REFEFERNCE"),
				"reference_origin":      exactly("ANY-EXTERNAL-REFEFERNCE-ORIGIN"),
				"metadata":              knownvalue.MapExact(map[string]knownvalue.Check{"foo": exactly("bar")}),
				"metadata_json":         exactly(`{"foo":"bar"}`),
				"anonymization_info":    null(),
				"anonymization_status":  null(),
				"jwt_custom_claim_json": null(),
				"mode":                  exactly("test"),
				"organization_id":       null(),
				"links":                 knownvalue.ObjectExact(map[string]knownvalue.Check{"self": exactly(self)}),
				"relationships": relationshipsOf(self, "customer_group", "customer_addresses", "customer_payment_sources",
					"customer_subscriptions", "orders", "order_subscriptions", "returns", "attachments"),
				"included": knownvalue.ListExact(nil),
				"include":  null(),
				"timeouts": null(),
			}),
		},
		emptyPlan(api.config(john)),
	)
}

func TestAccCustomerByIDReadsEveryAttributeOfTodaysAPI(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	config := api.config(customerByID(emulator.FullCustomerID))
	self := api.url + "/api/customers/" + emulator.FullCustomerID
	person := func(id, first, last, email string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id": exactly(id), "first_name": exactly(first), "last_name": exactly(last), "email": exactly(email),
		})
	}
	const metadata = `{"blocked":false,"empty":"","erp_id":9007199254740993,"first_name":"Ada",` +
		`"gdpr_preferences":{"email":true,"history":[{"at":"2025-01-01","ok":true}],"sms":false},` +
		`"last_name":"Lovelace","nickname":null,"note":"Zürich \"Süd\" <a&b>","score":1.50,"sizes":["S","M",42],"vip":true}`
	acceptance(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: has("data.commercelayer_customer.test", map[string]knownvalue.Check{
				"id":                 exactly(emulator.FullCustomerID),
				"email":              exactly(emulator.FullCustomerEmail),
				"status":             exactly("repeat"),
				"has_password":       knownvalue.Bool(true),
				"total_orders_count": knownvalue.Int64Exact(6),
				"shopper_reference":  exactly("shopper-0001"),
				"profile_id":         exactly("profile-0001"),
				"tax_exemption_code": exactly("EX-42"),
				"created_at":         exactly("2024-02-29T23:59:59.007Z"),
				"updated_at":         exactly("2025-03-16T08:00:00.120Z"),
				"reference":          exactly("ERP-0001"),
				"reference_origin":   exactly("erp"),
				"metadata": knownvalue.MapExact(map[string]knownvalue.Check{
					"last_name": exactly("Lovelace"), "first_name": exactly("Ada"),
					"vip": exactly("true"), "blocked": exactly("false"), "nickname": null(),
					"sizes": exactly(`["S","M",42]`), "erp_id": exactly("9007199254740993"), "score": exactly("1.50"),
					"gdpr_preferences": exactly(`{"email":true,"history":[{"at":"2025-01-01","ok":true}],"sms":false}`),
					"note":             exactly(`Zürich "Süd" <a&b>`), "empty": exactly(""),
				}),
				"metadata_json": exactly(metadata),
				"anonymization_info": knownvalue.ObjectExact(map[string]knownvalue.Check{
					"status":                 exactly("cancelled"),
					"requested_at":           exactly("2025-03-15 11:39:21 UTC"),
					"started_at":             exactly("2025-03-15 11:40:00 UTC"),
					"completed_at":           null(),
					"failed_at":              null(),
					"cancelled_at":           exactly("2025-03-16 08:00:00 UTC"),
					"requester":              person("fdgt56hh", "Travis", "Muller", "travis@example.com"),
					"cancellation_requester": person("fdgt56hi", "Mary", "Key", "mary@example.com"),
				}),
				"anonymization_status":  exactly("cancelled"),
				"jwt_custom_claim_json": exactly(`{"limits":{"orders":3},"tier":"gold"}`),
				"mode":                  exactly("test"),
				"organization_id":       exactly("oRgAnIzAtN"),
				"links":                 knownvalue.ObjectExact(map[string]knownvalue.Check{"self": exactly(self)}),
				"relationships": relationshipsOf(self, "customer_group", "customer_addresses", "customer_payment_sources",
					"customer_subscriptions", "orders", "order_subscriptions", "returns", "sku_lists", "attachments", "events", "tags",
					"jwt_customer", "jwt_markets", "jwt_stock_locations", "event_stores"),
				"included": knownvalue.ListExact(nil),
			}),
		},
		emptyPlan(config),
	)
}

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

func TestAccCustomerLooksRelationshipsUpByName(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	result := newCLI(t, api.config(john+`
output "group" {
  value = data.commercelayer_customer.john.relationships["customer_group"].related
}
output "names" {
  value = keys(data.commercelayer_customer.john.relationships)
}
`)).apply()
	result.wantOutput("group", `"https://yourdomain.commercelayer.io/api/customers/xYZkjABcde/customer_group"`)
	result.wantOutput("names", `["attachments","customer_addresses","customer_group","customer_payment_sources","customer_subscriptions","order_subscriptions","orders","returns"]`)
}

func TestAccCustomerMetadataIsExactToTheLastDigit(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	result := newCLI(t, api.config(customerByID(emulator.FullCustomerID)+`
locals {
  metadata = jsondecode(data.commercelayer_customer.test.metadata_json)
}
output "erp_id" { value = local.metadata.erp_id }
output "score" { value = local.metadata.score }
output "nested" { value = local.metadata.gdpr_preferences.history[0].ok }
output "null" { value = local.metadata.nickname == null && data.commercelayer_customer.test.metadata["nickname"] == null }
output "note" { value = local.metadata.note == data.commercelayer_customer.test.metadata["note"] }
`)).apply()
	result.wantOutput("erp_id", "9007199254740993")
	result.wantOutput("score", "1.5")
	result.wantOutput("nested", "true")
	result.wantOutput("null", "true")
	result.wantOutput("note", "true")
}

// customerDocument returns an answer with the given attributes and other
// members.
func customerDocument(id, attributes, rest string) []byte {
	return fmt.Appendf(nil, `{"data":{"id":%q,"type":"customers","attributes":%s%s}}`, id, attributes, rest)
}

func TestAccCustomerReadsWhatOlderAndNewerAPIsSend(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, attributes, rest string
		outputs                map[string]string // from the expression to its value as JSON
	}{
		{
			name:       "every attribute missing",
			attributes: `{}`,
			outputs: map[string]string{
				"c.email == null && c.status == null && c.has_password == null && c.created_at == null":              "true",
				"c.metadata == null && c.metadata_json == null && c.mode == null && c.jwt_custom_claim_json == null": "true",
				"c.links.self == null && length(c.relationships) == 0 && length(c.included) == 0":                    "true",
				"c.id": `"oDdOnE"`,
			},
		},
		{
			name:       "an attribute and a relationship of tomorrow",
			attributes: `{"email":"a@example.com","loyalty":{"points":[1,2]}}`,
			rest: `,"relationships":{"wishlists":{"links":{"self":"https://x/relationships/wishlists","related":"https://x/wishlists"}}},` +
				`"meta":{"mode":"test","shard":7},"future":true`,
			outputs: map[string]string{
				"c.email":                                   `"a@example.com"`,
				`c.relationships["wishlists"].related`:      `"https://x/wishlists"`,
				`c.relationships["wishlists"].data == null`: "true",
			},
		},
		{
			name:       "no metadata",
			attributes: `{"metadata":null}`,
			outputs:    map[string]string{"c.metadata == null && c.metadata_json == null": "true"},
		},
		{
			name:       "empty metadata",
			attributes: `{"metadata":{}}`,
			outputs:    map[string]string{"c.metadata_json": `"{}"`, "length(c.metadata)": "0"},
		},
		{
			name:       "whole numbers written with a fraction",
			attributes: `{"total_orders_count":6.0}`,
			outputs:    map[string]string{"c.total_orders_count": "6"},
		},
		{
			name:       "times with an offset",
			attributes: `{"created_at":"2024-02-29T23:59:59+02:00"}`,
			outputs:    map[string]string{"c.created_at": `"2024-02-29T23:59:59+02:00"`},
		},
		{
			name:       "an unknown status",
			attributes: `{"status":"legendary"}`,
			outputs:    map[string]string{"c.status": `"legendary"`},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.AddDocument("oDdOnE", customerDocument("oDdOnE", tt.attributes, tt.rest))
			config := customerByID("oDdOnE") + "locals {\n  c = data.commercelayer_customer.test\n}\n"
			names := slices.Sorted(maps.Keys(tt.outputs))
			for i, expression := range names {
				config += fmt.Sprintf("output \"o%d\" {\n  value = %s\n}\n", i, strings.ReplaceAll(expression, "c.", "local.c."))
			}
			result := newCLI(t, api.config(config)).apply()
			for i, expression := range names {
				result.wantOutput(fmt.Sprint("o", i), tt.outputs[expression])
			}
		})
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

func TestAccCustomerArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	refusals(t, "commercelayer_customer", map[string]refusal{
		"an_empty_id":       {`id = ""`, "Invalid customer ID", "The ID is empty."},
		"a_blank_id":        {`id = "  "`, "Invalid customer ID", "The ID is empty."},
		"a_path":            {`id = "a/b"`, "Invalid customer ID", "give the ID alone"},
		"a_query":           {`id = "a?include=orders"`, "Invalid customer ID", "give the ID alone"},
		"a_fragment":        {`id = "a#b"`, "Invalid customer ID", "give the ID alone"},
		"a_parent":          {`id = ".."`, "Invalid customer ID", "two dots"},
		"an_empty_address":  {`email = ""`, "Invalid e-mail address", "is empty"},
		"two_addresses":     {`email = "a@example.com,b@example.com"`, "Invalid e-mail address", "contains a comma"},
		"blanks":            {`email = "a@example.com "`, "Invalid e-mail address", "ends with a blank"},
		"no_address":        {`email = "john.example.com"`, "Invalid e-mail address", "no @ between a name and a domain"},
		"no_name":           {`email = "@example.com"`, "Invalid e-mail address", "no @ between a name and a domain"},
		"a_hidden_letter":   {`email = "john@exam\u200bple.com"`, "Invalid e-mail address", "contains an invisible character (U+200B)"},
		"a_hidden_include":  {"id = \"a\"\n  include = [\"tags\\r\"]", "Invalid relationship", "ends with a line end"},
		"a_hidden_duration": {"id = \"a\"\n  timeouts {\n    read = \"5s\\u200b\"\n  }", "Invalid timeout", "ends with an invisible character (U+200B)"},
		"both":              {"id = \"a\"\n  email = \"a@example.com\"", "Conflicting arguments", "`id` and `email` are both set"},
		"neither":           {"", "Argument missing", "Neither `id` nor `email` is set"},
		"too_deep":          {"id = \"a\"\n  include = [\"a.b.c.d\"]", "Invalid relationship", "Up to three names may be joined by dots"},
		"joined":            {"id = \"a\"\n  include = [\"orders,tags\"]", "Invalid relationship", "not the name of a relationship"},
		"no_relationship":   {"id = \"a\"\n  include = [\"\"]", "Invalid relationship", "not the name of a relationship"},
		"null_relationship": {"id = \"a\"\n  include = [null]", "Invalid relationship", "`include[0]` is null"},
		"a_line_end":        {`id = "xYZkjABcde\n"`, "Invalid customer ID", "ends with a line end"},
		"a_blank_before":    {`id = " xYZkjABcde"`, "Invalid customer ID", "begins with a blank"},
		"an_inner_blank":    {`id = "a b"`, "Invalid customer ID", "contains a blank"},
		"a_quoted_id":       {`id = "\"xYZkjABcde\""`, "Invalid customer ID", "has quotes around it"},
		"no_duration":       {"id = \"a\"\n  timeouts {\n    read = \"soon\"\n  }", "Invalid timeout", `"soon" is not a duration`},
	})
}

func TestAccCustomerDeadlineMustBeAboveZero(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	for _, read := range []string{"0s", "-1s"} {
		result := newCLI(t, api.config(fmt.Sprintf("data \"commercelayer_customer\" \"test\" {\n  id = \"a\"\n  timeouts {\n    read = %q\n  }\n}\n", read))).plan()
		d := result.wantError("Invalid timeout", "above zero")
		if !strings.Contains(d.Snippet.Code, read) {
			t.Errorf("the diagnostic does not point at the deadline: %s", d)
		}
	}
	api.wantRequests(t)
}

func TestAccCustomerNotFoundNamesTheIDTheOrganizationAndTheMode(t *testing.T) {
	t.Parallel()
	for name, refuted := range map[string][]string{
		"one error": nil, "a list of errors": {"not-found-form:array"}, "a page": {"not-found-form:html"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithRefuted(refuted...))
			token := api.IssueToken(emulator.TokenOptions{})
			d := newCLI(t, api.configWith(customerByID("nOsUcHoNeX"), fmt.Sprintf("token = %q", token))).plan().
				wantError("Customer not found", `"nOsUcHoNeX"`, "yourdomain", "test mode", "GET /api/customers/nOsUcHoNeX", "404 Not Found")
			if !strings.Contains(d.Snippet.Code, "nOsUcHoNeX") {
				t.Errorf("the diagnostic does not point at the ID: %s", d)
			}
			if page := name == "a page"; strings.Contains(d.Detail, otherHost) != page {
				t.Errorf("whether the answer is the API's: %s", d)
			}
			api.wantRequests(t, "GET /api/customers/nOsUcHoNeX")
		})
	}
}
