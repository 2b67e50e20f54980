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
		reader, argument, summary string
		given                     args
		refuted                   string
	}{
		{oneCustomer, "id", "Customer not found", args{"id": "nOsUcHoNeX"}, ""},
		{oneCustomer, "email", "Customer not found", args{"email": "nobody@example.org"}, ""},
		{oneCustomer, "include", "Unknown relationship", args{"id": "xYZkjABcde", "include": color}, ""},
		{oneCustomer, "fields", "Unknown field", args{"id": "xYZkjABcde", "fields": color}, ""},
		{oneCustomer, "fields", "Unknown field", args{"email": "john@example.com", "fields": color}, ""},
		{manyCustomers, "filter", "Filter refused", args{"filter": filter}, ""},
		{manyCustomers, "filter", "Filter refused", args{"ids": []any{"xYZkjABcde"}, "filter": filter}, ""},
		{manyCustomers, "sort", "Unknown sort key", args{"sort": color}, ""},
		{manyCustomers, "ids", "Filter refused", args{"ids": twoIDs}, "id-in:refused"},
		{manyCustomers, "emails", "Filter refused", args{"emails": twoEmails}, "email-in:refused"},
		{manyCustomers, "ids", "Filter ignored by the API", args{"ids": twoIDs}, "id-in:ignored"},
		{relatedResources, "filter", "Filter refused", args{"filter": filter}, ""},
		{relatedResources, "include", "Unknown relationship", args{"include": color}, ""},
		{relatedResources, "customer_id", "Customer not found", args{"customer_id": "nObOdYnObO"}, ""},
		{relatedResources, "relationship", "Relationship not found", args{"relationship": "order"}, ""},
	} {
		given := tt.given
		if tt.reader == relatedResources {
			given = with(args{"customer_id": emulator.FullCustomerID})
			maps.Copy(given, tt.given)
		}
		options := []emulator.Option{emulator.WithCustomers(3)}
		if tt.refuted != "" {
			options = append(options, emulator.WithRefuted(tt.refuted))
		}
		p := connect(t, startAPI(t, options...))
		for _, read := range p.readers(tt.reader) {
			d := wantOne(t, read(t, tt.reader, given).diagnostics, tt.summary)
			if d.Address != fmt.Sprintf("AttributeName(%q)", tt.argument) {
				t.Errorf("%s points at %s instead of %s", d.Summary, d.Address, tt.argument)
			}
			if tt.argument != "filter" && strings.Contains(d.Detail, "`filter`") {
				t.Errorf("%s names an argument that is not set", d)
			}
		}
	}
}
