package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// relationshipsOf is a check for the relationships of a customer: their links,
// and the resources of those that were included.
func relationshipsOf(customer string, included map[string]knownvalue.Check, names ...string) knownvalue.Check {
	want := map[string]knownvalue.Check{}
	for _, name := range names {
		data := null()
		if check, found := included[name]; found {
			data = check
		}
		want[name] = knownvalue.ObjectExact(map[string]knownvalue.Check{
			"self":    exactly(customer + "/relationships/" + name),
			"related": exactly(customer + "/" + name),
			"data":    data,
		})
	}
	return knownvalue.MapExact(want)
}

// identifiers is a check for a list of pairs of a type and an ID.
func identifiers(pairs ...string) knownvalue.Check {
	list := []knownvalue.Check{}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, knownvalue.ObjectExact(map[string]knownvalue.Check{
			"type": exactly(pairs[i]), "id": exactly(pairs[i+1]),
		}))
	}
	return knownvalue.ListExact(list)
}

func TestAccCustomerDataSourceReadsTheDocumentedCustomer(t *testing.T) {
	api := startAPI(t)
	const self = "https://yourdomain.commercelayer.io/api/customers/xYZkjABcde"
	config := api.config(`
data "commercelayer_customer" "test" {
  id      = "xYZkjABcde"
  include = ["customer_group", "orders"]
}
`)
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: has("data.commercelayer_customer.test", map[string]knownvalue.Check{
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
					// A relationship that was included and is empty is not null.
					"relationships": relationshipsOf(self, map[string]knownvalue.Check{
						"customer_group": identifiers(), "orders": identifiers(),
					},
						"customer_group", "customer_addresses", "customer_payment_sources", "customer_subscriptions",
						"orders", "order_subscriptions", "returns", "attachments"),
					"included": knownvalue.ListExact(nil),
					"timeouts": null(),
				}),
			},
			emptyPlan(config),
		},
	})
}

func TestAccCustomerDataSourceReadsEveryAttributeOfTodaysAPI(t *testing.T) {
	api := startAPI(t)
	config := api.config(fmt.Sprintf(`
data "commercelayer_customer" "test" {
  email   = %q
  include = ["customer_group", "tags", "orders.shipments"]
}
locals {
  c = data.commercelayer_customer.test
}
output "erp_id" {
  value = jsondecode(local.c.metadata_json).erp_id
}
output "group" {
  value = jsondecode(one([for r in local.c.included : r.attributes_json if r.type == "customer_groups"])).name
}
output "included" {
  value = [for r in local.c.included : "${r.type} ${r.id}"]
}
`, emulator.FullCustomerEmail))
	self := api.url + "/api/customers/" + emulator.FullCustomerID
	person := func(id, first, last, email string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id": exactly(id), "first_name": exactly(first), "last_name": exactly(last), "email": exactly(email),
		})
	}
	texts := func(list ...string) knownvalue.Check {
		checks := make([]knownvalue.Check, len(list))
		for i, text := range list {
			checks[i] = exactly(text)
		}
		return knownvalue.ListExact(checks)
	}
	included := map[string]knownvalue.Check{
		"customer_group": identifiers("customer_groups", emulator.VIPGroupID),
		"tags":           identifiers("tags", emulator.NewsletterTagID, "tags", emulator.BetaTagID),
		"orders":         identifiers("orders", "oRdErAaAaA", "orders", "oRdErBbBbB"),
	}
	const metadata = `{"blocked":false,"empty":"","erp_id":9007199254740993,"first_name":"Ada",` +
		`"gdpr_preferences":{"email":true,"history":[{"at":"2025-01-01","ok":true}],"sms":false},` +
		`"last_name":"Lovelace","nickname":null,"note":"Zürich \"Süd\" <a&b>","score":1.50,"sizes":["S","M",42],"vip":true}`
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: append(has("data.commercelayer_customer.test", map[string]knownvalue.Check{
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
					"relationships": relationshipsOf(self, included, "customer_group", "customer_addresses",
						"customer_payment_sources", "customer_subscriptions", "orders", "order_subscriptions", "returns",
						"sku_lists", "attachments", "events", "tags",
						"jwt_customer", "jwt_markets", "jwt_stock_locations", "event_stores"),
				}),
					statecheck.ExpectKnownOutputValue("erp_id", knownvalue.Int64Exact(9007199254740993)),
					statecheck.ExpectKnownOutputValue("group", exactly("VIP")),
					statecheck.ExpectKnownOutputValue("included", texts("customer_groups vIpGrOuPaB",
						"orders oRdErAaAaA", "orders oRdErBbBbB",
						"tags nEwSlEtTeR", "tags bEtAtEsTeR", "shipments sHiPmEnTaA", "shipments sHiPmEnTaB")),
				),
			},
			emptyPlan(config),
		},
	})
}

func TestAccCustomerDataSourceSaysWhoWasNotFound(t *testing.T) {
	api := startAPI(t)
	twin := emulator.Customer{Email: "twin@example.com"}
	twins := []string{api.AddCustomer(twin), api.AddCustomer(twin)}
	token := withToken(api.IssueToken(emulator.TokenOptions{}))
	resource.ParallelTest(t, resource.TestCase{
		PreCheck:                 func() { testAccPreCheck(t) },
		ProtoV6ProviderFactories: testAccProtoV6ProviderFactories,
		Steps: []resource.TestStep{
			{
				Config: api.configWith(customerByID("nOsUcHoNeX"), token),
				ExpectError: saying("Customer not found", `"nOsUcHoNeX"`, "yourdomain", "test mode",
					"GET /api/customers/nOsUcHoNeX", "404 Not Found"),
			},
			{
				Config:      api.configWith(customerByEmail("twin@example.com"), token),
				ExpectError: saying("Several customers found", "2 customers", "t…@e….com", twins[0]+", "+twins[1], "`id`"),
			},
		},
	})
}
