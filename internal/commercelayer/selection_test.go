package commercelayer

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestFieldsAreAskedForAndNothingElseIsHandedOn(t *testing.T) {
	selected := Selection{Fields: []string{"status", "metadata", "customer_group", "status"}, Include: []string{"tags"}}
	for name, refuted := range map[string][]string{
		"by an API that knows them": nil, "by an API that ignores them": {emulator.AssumeFields},
	} {
		bubble(t, name, func(t *testing.T) {
			w, c := clientOf(t, emulator.New(emulator.WithRefuted(refuted...)), latency)
			customer, err := c.Customer(t.Context(), emulator.FullCustomerID, selected)
			if err != nil {
				t.Fatal(err)
			}
			asked := w.expect(t, 1)[0].query.Get("fields[customers]")
			expectEqual(t, "the fieldset", asked, "customer_group,metadata,status,tags")
			relationships := slices.Sorted(maps.Keys(customer.Relationships))
			expectEqual(t, "the relationships", strings.Join(relationships, " "), "customer_group tags")
			var set []string
			for field, value := range reflect.ValueOf(*customer).Fields() {
				if !value.IsZero() {
					set = append(set, field.Name)
				}
			}
			slices.Sort(set)
			expectEqual(t, "what was handed on", strings.Join(set, " "),
				"ID Included Metadata Mode OrganizationID Relationships Self Status")
		})
	}
}

// An address that only the look-up needs must not come back by another way.
func TestFieldsHoldForIncludedCustomers(t *testing.T) {
	bubble(t, "by address", func(t *testing.T) {
		const address = "john@example.com"
		w, c := clientOf(t, respond(200, "", `{"data":[{"id":"a","type":"customers","attributes":{"email":"`+address+
			`","status":"repeat"},"relationships":{"jwt_customer":{"data":{"type":"customers","id":"b"}}}}],`+
			`"included":[{"id":"b","type":"customers","attributes":{"email":"`+address+`","status":"acquired"}}],`+
			`"meta":{"record_count":1}}`), latency)
		selected := Selection{Fields: []string{"status"}, Include: []string{"jwt_customer"}}
		customer, err := c.CustomerByEmail(t.Context(), address, selected)
		if err != nil {
			t.Fatal(err)
		}
		w.expect(t, 1)
		expectEqual(t, "what is included", string(customer.Included[0].Attributes), `{"status":"acquired"}`)
	})
}

func TestAnEmptyFieldsetIsNotTakenForNone(t *testing.T) {
	fields := Selection{Fields: []string{}}.fieldset()
	expectEqual(t, "the fieldset", fields.fields, "id")
	expectEqual(t, "whether all is asked for", fields.all, false)
}
