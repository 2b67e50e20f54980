package provider

import (
	"os"
	"strings"
	"testing"
)

// mistakes are configurations that the CLI refuses in words of its own. Mistakes
// stand together where the CLI tells of all of them at once.
var mistakes = []string{
	`
output "a" { value = data.commercelayer_customer.john.relationships["order"].related }
output "b" { value = data.commercelayer_customer.john.relationships.order.related }
output "c" { value = data.commercelayer_customers.nobody.customers[0].id }
output "d" { value = data.commercelayer_customer.john.relationships["orders"].data[0].id }
resource "terraform_data" "ids" { input = ["xYZkjABcde"] }
data "commercelayer_customer" "e" {
  for_each = toset(terraform_data.ids.output)
  id       = each.value
}
`, `
variable "emails" {
  type      = set(string)
  sensitive = true
  default   = ["john@example.com"]
}
data "commercelayer_customer" "f" {
  for_each = var.emails
  email    = each.value
}
`,
	`resource "terraform_data" "g" { for_each = toset(ephemeral.commercelayer_customers.all.customers[*].id) }`,
	`
output "h" { value = ephemeral.commercelayer_customers.all.total_count }
data "commercelayer_customers" "i" { emails = ephemeral.commercelayer_customers.all.customers[*].email }
`, `
output "j" {
  value     = ephemeral.commercelayer_customers.all.total_count
  ephemeral = true
}
`, `
output "k" { value = data.commercelayer_customers.nobody.customers.id }
data "commercelayer_customers" "l" { timeouts = {} }
data "commercelayer_customers" "m" {
  filter { status_eq = "repeat" }
}
data "commercelayer_customers" "n" { fields = "status" }
`,
	`resource "commercelayer_customer" "o" { id = "xYZkjABcde" }`,
}

// TestAccTheTroubleshootingPageHasTheWordsOfTheCLI compares the page's table of the
// CLI's own errors with what the CLI says.
func TestAccTheTroubleshootingPageHasTheWordsOfTheCLI(t *testing.T) {
	t.Parallel()
	if v := newCLI(t, "").version(); v.OpenTofu || v.Before(1, 11) {
		t.Skip("the page has the words of Terraform 1.11")
	}
	page, err := os.ReadFile("../../docs/guides/troubleshooting.md")
	noError(t, err)
	api := startAPI(t)
	var said strings.Builder
	for _, wrong := range mistakes {
		c := newCLI(t, api.config(john+`data "commercelayer_customers" "nobody" { emails = ["nobody@example.com"] }
ephemeral "commercelayer_customers" "all" {}
`+wrong))
		for _, d := range c.plan().errors() {
			said.WriteString("| " + d.Summary + " | " + strings.Join(strings.Fields(d.Detail), " ") + "\n")
		}
	}
	_, table, _ := strings.Cut(string(page), "| title | what the CLI says |")
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(line, " | ")
		if len(cells) < 4 {
			continue
		}
		rows++
		words := strings.Replace(cells[1], "commercelayer/commercelayer", source, 1)
		found := false
		for sentence := range strings.Lines(said.String()) {
			found = found || strings.HasPrefix(sentence, cells[0]+" | ") && strings.Contains(sentence, words)
		}
		if !found {
			t.Errorf("the CLI does not say %s: %s\nIt says:\n%s", cells[0], words, said.String())
		}
	}
	if rows < 10 {
		t.Errorf("only %d rows were found in the page", rows)
	}
}
