package provider

import (
	"os"
	"strings"
	"testing"
)

// mistakes are configurations that the CLI refuses in words of its own, and the
// words. They stand together in one configuration if they have one name.
var mistakes = []struct{ configuration, wrong, title, words string }{
	{"read", `output "a" { value = data.commercelayer_customer.john.relationships["order"].related }`,
		"Invalid index", "The given key does not identify an element in this collection value."},
	{"read", `output "b" { value = data.commercelayer_customer.john.relationships.order.related }`,
		"Missing map element", `This map does not have an element with the key "order".`},
	{"read", `output "c" { value = data.commercelayer_customers.nobody.customers[0].id }`,
		"Invalid index", "The given key does not identify an element in this collection value: the collection has no elements."},
	{"read", `output "d" { value = data.commercelayer_customer.john.relationships["orders"].data[0].id }`,
		"Attempt to index null value", "This value is null, so it does not have any indices."},
	{"read", `resource "terraform_data" "ids" { input = ["xYZkjABcde"] }
data "commercelayer_customer" "e" {
  for_each = toset(terraform_data.ids.output)
  id       = each.value
}`, "Invalid for_each argument", `The "for_each" set includes values derived from resource attributes that cannot be determined until apply`},
	{"sensitive", `variable "emails" {
  type      = set(string)
  sensitive = true
  default   = ["john@example.com"]
}
data "commercelayer_customer" "f" {
  for_each = var.emails
  email    = each.value
}`, "Invalid for_each argument", "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments."},
	{"keys", `resource "terraform_data" "g" { for_each = toset(ephemeral.commercelayer_customers.all.customers[*].id) }`,
		"Invalid for_each argument", `The given "for_each" value is derived from an ephemeral value`},
	{"ephemeral", `output "h" { value = ephemeral.commercelayer_customers.all.total_count }`, "Ephemeral value not allowed",
		"This output value is not declared as returning an ephemeral value, so it cannot be set to a result derived from an ephemeral value."},
	{"root", `output "i" {
  value     = ephemeral.commercelayer_customers.all.total_count
  ephemeral = true
}`, "Ephemeral output not allowed", "Ephemeral outputs are not allowed in context of a root module"},
	{"ephemeral", `data "commercelayer_customers" "j" { emails = ephemeral.commercelayer_customers.all.customers[*].email }`,
		"Invalid use of ephemeral value",
		`Ephemeral values are not valid for "emails", because it is not a write-only attribute and must be persisted to state.`},
	{"unread", `output "k" { value = data.commercelayer_customers.nobody.customers.id }`,
		"Unsupported attribute", "Can't access attributes on a list of objects."},
	{"unread", `data "commercelayer_customers" "l" { timeouts = {} }`, "Unsupported argument",
		`An argument named "timeouts" is not expected here. Did you mean to define a block of type "timeouts"?`},
	{"unread", `data "commercelayer_customers" "m" {
  filter { status_eq = "repeat" }
}`, "Unsupported block type", `Blocks of type "filter" are not expected here.`},
	{"unread", `data "commercelayer_customers" "n" { fields = "status" }`, "Incorrect attribute value type",
		`Inappropriate value for attribute "fields": list of string required.`},
	{"resource", `resource "commercelayer_customer" "o" { id = "xYZkjABcde" }`, "Invalid resource type",
		`does not support resource type "commercelayer_customer".`},
}

func TestAccMistakesThatTheCLIAnswersAreInTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	configurations, said := map[string]string{}, map[string]string{}
	for _, m := range mistakes {
		configurations[m.configuration] += m.wrong + "\n"
	}
	api := startAPI(t)
	for name, wrong := range configurations {
		c := newCLI(t, api.config(john+`data "commercelayer_customers" "nobody" { emails = ["nobody@example.com"] }
ephemeral "commercelayer_customers" "all" {}
`+wrong))
		if v := cliVersion(t); v.OpenTofu || v.Before(1, 11) {
			t.Skip("the page has the words of Terraform 1.11")
		}
		for _, d := range c.plan().diagnostics {
			said[name] += d.Summary + "\n" + strings.Join(strings.Fields(d.Detail), " ") + "\n"
		}
	}
	for _, m := range mistakes {
		if !strings.Contains(said[m.configuration], m.title) || !strings.Contains(said[m.configuration], m.words) {
			t.Errorf("for\n%s\nthe CLI says\n%s\nwithout %s: %s", m.wrong, said[m.configuration], m.title, m.words)
		}
		row := false
		for line := range strings.Lines(string(page)) {
			row = row || strings.HasPrefix(line, "| "+m.title+" |") && strings.Contains(line, m.words)
		}
		if !row {
			t.Errorf("the page has no row for %s: %s", m.title, m.words)
		}
	}
}
