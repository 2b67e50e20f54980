package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestErrorsPointAtTheirArgument checks that an error of the API stands at the
// argument that caused it, and names no other one.
func TestErrorsPointAtTheirArgument(t *testing.T) {
	t.Parallel()
	color := []any{"color"}
	filter := args{"color_eq": "red"}
	twoIDs, twoEmails := []any{"xYZkjABcde", "nOsUcHoNeX"}, []any{"john@example.com", "nobody@example.org"}
	for _, tt := range []struct {
		reader, argument, summary, word string
		given                           args
		refuted                         string
	}{
		{oneCustomer, "id", "Customer not found", "nOsUcHoNeX", args{"id": "nOsUcHoNeX"}, ""},
		{oneCustomer, "email", "Customer not found", "n…@e….org", args{"email": "nobody@example.org"}, ""},
		{oneCustomer, "include", "Unknown relationship", "`relationships`", args{"id": "xYZkjABcde", "include": color}, ""},
		{oneCustomer, "fields", "Unknown field", "Older organizations", args{"id": "xYZkjABcde", "fields": color}, ""},
		{oneCustomer, "fields", "Unknown field", "INVALID_FIELD", args{"email": "john@example.com", "fields": color}, ""},
		{manyCustomers, "filter", "Filter refused", "FILTER_NOT_ALLOWED", args{"filter": filter}, ""},
		{
			manyCustomers, "filter", "Filter refused", "in `filter`", args{"ids": []any{"xYZkjABcde"}, "filter": filter}, "",
		},
		{manyCustomers, "sort", "Unknown sort key", "color is not a valid sort criteria", args{"sort": color}, ""},
		{manyCustomers, "include", "Unknown relationship", "color", args{"include": color}, ""},
		{manyCustomers, "fields", "Unknown field", "color", args{"fields": color}, ""},
		{manyCustomers, "ids", "Filter refused", "by the list in `ids`", args{"ids": twoIDs}, "id-in:refused"},
		{manyCustomers, "emails", "Filter refused", "by the list in `emails`", args{"emails": twoEmails}, "email-in:refused"},
		{manyCustomers, "ids", "Filter ignored by the API", "by a list in `ids`", args{"ids": twoIDs}, "id-in:ignored"},
		{
			manyCustomers, "emails", "Filter ignored by the API", "by a list in `emails`", args{"emails": twoEmails},
			"email-in:ignored",
		},
		{relatedResources, "filter", "Filter refused", "color", args{"filter": filter}, ""},
		{relatedResources, "sort", "Unknown sort key", "color", args{"sort": color}, ""},
		{relatedResources, "include", "Unknown relationship", "color", args{"include": color}, ""},
		{relatedResources, "customer_id", "Customer not found", "nObOdYnObO", args{"customer_id": "nObOdYnObO"}, ""},
		{relatedResources, "relationship", "Relationship not found", "customer_group", args{"relationship": "order"}, ""},
	} {
		given := tt.given
		if tt.reader == relatedResources {
			given = args{"customer_id": emulator.FullCustomerID, "relationship": "orders"}
			maps.Copy(given, tt.given)
		}
		options := []emulator.Option{emulator.WithCustomers(3)}
		if tt.refuted != "" {
			options = append(options, emulator.WithRefuted(tt.refuted))
		}
		p := connect(t, startAPI(t, options...))
		for _, read := range p.readers(tt.reader) {
			d := wantOne(t, read(t, tt.reader, given).diagnostics, tt.summary, tt.word)
			if d.Address != fmt.Sprintf("AttributeName(%q)", tt.argument) {
				t.Errorf("%s points at %s instead of %s", d.Summary, d.Address, tt.argument)
			}
			if tt.argument != "filter" && strings.Contains(d.Detail, "`filter`") {
				t.Errorf("%s names an argument that is not set", d)
			}
		}
	}
}
