package provider

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccErrorsPointAtTheirArgument checks that an error of the API stands at the
// argument that caused it.
func TestAccErrorsPointAtTheirArgument(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	one := func(arguments string) string {
		return "data \"commercelayer_customer\" \"test\" {\n  " + arguments + "\n}\n"
	}
	orders := func(argument string) string { return relatedWith(emulator.FullCustomerID, "orders", argument) }
	for _, tt := range []struct{ body, argument, summary, word string }{
		{customerByID("nOsUcHoNeX"), "id ", "Customer not found", "nOsUcHoNeX"},
		{one("id = \"xYZkjABcde\"\n  include = [\"color\"]"), "include", "Unknown relationship", "`relationships`"},
		{one("id = \"xYZkjABcde\"\n  fields = [\"color\"]"), "fields", "Unknown field", "Older organizations"},
		{one("email = \"john@example.com\"\n  fields = [\"color\"]"), "fields", "Unknown field", "INVALID_FIELD"},
		{customersWith(`filter = { color_eq = "red" }`), "filter", "Filter refused", "FILTER_NOT_ALLOWED"},
		{customersWith(`sort = ["color"]`), "sort", "Unknown sort key", "color is not a valid sort criteria"},
		{customersWith(`include = ["color"]`), "include", "Unknown relationship", "color"},
		{customersWith(`fields = ["color"]`), "fields", "Unknown field", "color"},
		{orders(`filter = { color_eq = "red" }`), "filter", "Filter refused", "color"},
		{orders(`sort = ["color"]`), "sort", "Unknown sort key", "color"},
		{orders(`include = ["color"]`), "include", "Unknown relationship", "color"},
		{relatedWith("nObOdYnObO", "orders"), "customer_id", "Customer not found", "nObOdYnObO"},
		{relatedWith(emulator.FullCustomerID, "order"), "relationship", "Relationship not found", "customer_group"},
	} {
		d := newCLI(t, api.config(tt.body)).plan().wantError(tt.summary, tt.word)
		if !strings.Contains(d.Snippet.Code, tt.argument) {
			t.Errorf("the diagnostic does not point at %s: %s", tt.argument, d)
		}
	}
}

// TestAccKeysThatTheAPIRefusesAreAnErrorOnTheirArgument reads from an API that
// can't list by key. The error must not mention `filter`, since that is not
// set.
func TestAccKeysThatTheAPIRefusesAreAnErrorOnTheirArgument(t *testing.T) {
	t.Parallel()
	for arguments, refuted := range map[string]string{
		`ids = ["xYZkjABcde", "nOsUcHoNeX"]`:                    "id-in:refused",
		`emails = ["john@example.com", "nobody@example.org"]`:   "email-in:refused",
		`ids    = ["xYZkjABcde", "nOsUcHoNeX", "xYZkjABcde"]`:   "id-in:ignored",
		`emails = ["john@example.com", "somebody@example.org"]`: "email-in:ignored",
	} {
		api := startAPI(t, emulator.WithRefuted(refuted), emulator.WithCustomers(3))
		errors := newCLI(t, api.config(customersWith(arguments))).plan().errors()
		name := strings.Fields(arguments)[0]
		if len(errors) != 1 || !strings.Contains(errors[0].Snippet.Code, name+" ") ||
			strings.Contains(errors[0].Detail, "`filter`") {
			t.Errorf("%s, %s: %v", arguments, refuted, errors)
		}
	}
}
