package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestErrorsPointAtTheirArgument checks that an error of the API stands at the
// argument that caused it.
func TestErrorsPointAtTheirArgument(t *testing.T) {
	t.Parallel()
	const one, many, related = "commercelayer_customer", "commercelayer_customers", "commercelayer_customer_related"
	type arguments = map[string]tftypes.Value
	color := strs("color")
	filter := strMap(map[string]any{"color_eq": "red"})
	p := newProtocol(t, NewServer("test")()).configured(t, startAPI(t))
	for _, tt := range []struct {
		reader, argument, summary, word string
		given                           arguments
	}{
		{one, "id", "Customer not found", "nOsUcHoNeX", arguments{"id": str("nOsUcHoNeX")}},
		{one, "email", "Customer not found", "n…@e….org", arguments{"email": str("nobody@example.org")}},
		{one, "include", "Unknown relationship", "`relationships`", arguments{"id": str("xYZkjABcde"), "include": color}},
		{one, "fields", "Unknown field", "Older organizations", arguments{"id": str("xYZkjABcde"), "fields": color}},
		{one, "fields", "Unknown field", "INVALID_FIELD", arguments{"email": str("john@example.com"), "fields": color}},
		{many, "filter", "Filter refused", "FILTER_NOT_ALLOWED", arguments{"filter": filter}},
		{many, "sort", "Unknown sort key", "color is not a valid sort criteria", arguments{"sort": color}},
		{many, "include", "Unknown relationship", "color", arguments{"include": color}},
		{many, "fields", "Unknown field", "color", arguments{"fields": color}},
		{related, "filter", "Filter refused", "color", arguments{"filter": filter}},
		{related, "sort", "Unknown sort key", "color", arguments{"sort": color}},
		{related, "include", "Unknown relationship", "color", arguments{"include": color}},
		{related, "customer_id", "Customer not found", "nObOdYnObO", arguments{"customer_id": str("nObOdYnObO")}},
		{related, "relationship", "Relationship not found", "customer_group", arguments{"relationship": str("order")}},
	} {
		given := tt.given
		if tt.reader == related {
			given = arguments{"customer_id": str(emulator.FullCustomerID), "relationship": str("orders")}
			maps.Copy(given, tt.given)
		}
		got := p.read(t, t.Context(), tt.reader, given).Diagnostics
		if tt.reader != related {
			got = append(got, p.open(t, tt.reader, given).Diagnostics...)
		}
		for _, d := range got {
			wantDiagnostic(t, diagnostic{Summary: d.Summary, Detail: d.Detail}, tt.summary, tt.word)
			if d.Attribute.String() != fmt.Sprintf("AttributeName(%q)", tt.argument) {
				t.Errorf("%s points at %s instead of %s", d.Summary, d.Attribute, tt.argument)
			}
		}
		if len(got) == 0 {
			t.Errorf("%s, %s: no error", tt.reader, tt.argument)
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
