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

func TestAnEmptyFieldsetIsNotTakenForNone(t *testing.T) {
	fields := Selection{Fields: []string{}}.fieldset()
	expectEqual(t, "the fieldset", fields.fields, "id")
	expectEqual(t, "whether all is asked for", fields.all, false)
}
