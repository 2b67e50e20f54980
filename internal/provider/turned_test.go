package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// eachOf returns a configuration that reads customers one by one, by the given
// argument, and has their IDs as an output.
func eachOf(argument string, keys ...string) string {
	return fmt.Sprintf(`
data "commercelayer_customer" "each" {
  for_each = toset(%s)
  %s       = each.value
}
output "read" { value = sort(values(data.commercelayer_customer.each)[*].id) }
`, "[\""+strings.Join(keys, `", "`)+"\"]", argument)
}

// manyOf returns a configuration that reads a list, and has the number of
// distinct customers as an output.
func manyOf(arguments ...string) string {
	return customersWith(arguments...) +
		`output "read" { value = length(toset(data.commercelayer_customers.test.customers[*].id)) }`
}

// manyAddresses is a filter by the given number of addresses.
func manyAddresses(n int) string {
	return fmt.Sprintf(`filter = { email_in = join(",", [for i in range(%d) : "someone-${i}@example.com"]) }`, n)
}

const johnAndAda = `["` + emulator.FullCustomerID + `","` + emulator.SeedCustomerID + `"]`

// TestAccAssumptionsTurnedRoundAreReadRightOrTold reads from APIs that differ
// from the provider's assumptions about the API. It has the differences that
// users meet most often. The tests of the client have all of them.
func TestAccAssumptionsTurnedRoundAreReadRightOrTold(t *testing.T) {
	t.Parallel()
	byID := eachOf("id", emulator.SeedCustomerID, emulator.FullCustomerID)
	byEmail := eachOf("email", "john@example.com", emulator.FullCustomerEmail)
	lonely := `
data "commercelayer_customer" "lonely" {
  email   = "lonely@example.com"
  include = ["customer_group", "tags"]
}
output "read" {
  value = [for name in ["customer_group", "tags"] : data.commercelayer_customer.lonely.relationships[name].data]
}
`
	for name, tt := range map[string]struct {
		refuted, body string
		// read is the output. warned and failed are the titles of warnings and
		// errors.
		read   string
		warned []string
		failed string
	}{
		"unknown filter ignored": {
			"unknown-filter:ignored", manyOf(`filter = { nickname_eq = "john" }`),
			"", nil, "Filter ignored by the API",
		},
		"unknown filter refused": {"", manyOf(`filter = { nickname_eq = "john" }`), "", nil, "Filter refused"},
		"empty filter ignored": {
			"empty-filter:ignored", manyOf(`filter = { status_eq = "" }`), "", nil, "Invalid filter value",
		},
		"known filter ignored": {
			"known-filter:ignored", manyOf(`filter = { status_eq = "acquired" }`), "", nil, "Filter ignored by the API",
		},
		"id_gt ignored":              {"id-gt:ignored", manyOf(), "62", []string{"Customers read by page number"}, ""},
		"id_gt refused":              {"id-gt:refused", manyOf(), "62", []string{"Customers read by page number"}, ""},
		"id_gt in another order":     {"id-gt-order:text", manyOf(), "62", []string{"Customers read by page number"}, ""},
		"id_in refused":              {"id-in:refused", byID, johnAndAda, nil, ""},
		"id_in ignored":              {"id-in:ignored", byID, johnAndAda, nil, ""},
		"email_in refused":           {"email-in:refused", byEmail, johnAndAda, nil, ""},
		"email_in ignored":           {"email-in:ignored", byEmail, johnAndAda, nil, ""},
		"empty to-one without data":  {"empty-to-one:missing", lonely, "[null,[]]", nil, ""},
		"empty to-many without data": {"empty-to-many:missing", lonely, "[[],null]", nil, ""},
		"fields ignored": {
			"fields:ignored", customersWith(`ids = ["xYZkjABcde"]`, `fields = ["status"]`) + `
output "read" {
  value = [for c in data.commercelayer_customers.test.customers : [c.status, c.email, c.metadata_json]]
}`,
			`[["prospect",null,null]]`, nil, "",
		},
		"page size clamped": {"page-size:clamped", manyOf(), "62", nil, ""},
		"upper and lower case the same": {
			"email-eq-case:folded", `
data "commercelayer_customer" "john" { email = "John@Example.com" }
output "read" { value = [data.commercelayer_customer.john.id, data.commercelayer_customer.john.email] }`,
			`["xYZkjABcde","John@Example.com"]`, nil, "",
		},
		"long filter refused": {
			"url-length:refused", manyOf(manyAddresses(200)),
			"", nil, "Request too long",
		},
		"filter that no server takes": {
			"", manyOf(manyAddresses(400)),
			"", nil, "Request too long",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := []emulator.Option{emulator.WithCustomers(60)}
			if tt.refuted != "" {
				options = append(options, emulator.WithRefuted(tt.refuted))
			}
			api := startAPI(t, options...)
			if strings.Contains(tt.body, "lonely") {
				api.AddCustomer(emulator.Customer{Email: "lonely@example.com"})
			}
			result := newCLI(t, api.config(tt.body)).apply()
			if tt.failed != "" {
				result.wantError(tt.failed)
				return
			}
			result.ok().wantOutput("read", tt.read)
			titles := map[string]bool{}
			for _, warning := range result.warnings() {
				titles[warning.Summary] = true
			}
			for _, title := range tt.warned {
				if !titles[title] {
					t.Errorf("there is no warning %q: %v", title, result.warnings())
				}
			}
			if len(titles) != len(tt.warned) {
				t.Errorf("the warnings are %v, want %v", titles, tt.warned)
			}
		})
	}
}
