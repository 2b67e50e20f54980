package provider

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// notNull returns the names of an object's attributes, or the keys of a map, that are
// not null.
func notNull(t *testing.T, object tftypes.Value) []string {
	t.Helper()
	var members map[string]tftypes.Value
	noError(t, object.As(&members))
	maps.DeleteFunc(members, func(_ string, v tftypes.Value) bool { return v.IsNull() })
	return slices.Sorted(maps.Keys(members))
}

// always has the attributes that are set whatever `fields` names.
var always = []string{"id", "included", "links", "mode", "organization_id", "relationships"}

func withAlways(names ...string) []string {
	return slices.Compact(slices.Sorted(slices.Values(append(names, always...))))
}

// made has the attributes that are made of an attribute of the API, where the
// names differ.
var made = map[string][]string{
	"metadata": {"metadata", "metadata_json"}, "jwt_custom_claim": {"jwt_custom_claim_json"},
}

// attributesOfTheAPI returns the names of the attributes in an answer of the API
// about the full customer, each with the attributes of the provider that are made
// of it.
func attributesOfTheAPI(t *testing.T) map[string][]string {
	t.Helper()
	var document struct {
		Data struct{ Attributes map[string]json.RawMessage }
	}
	noError(t, json.Unmarshal(fullDocument(t), &document))
	names := map[string][]string{}
	for name := range document.Data.Attributes {
		names[name] = []string{name}
		if made[name] != nil {
			names[name] = made[name]
		}
	}
	return names
}

func TestTheSchemaHasTheAttributesOfTheAPI(t *testing.T) {
	t.Parallel()
	want := slices.Sorted(slices.Values(slices.Concat(append(slices.Collect(maps.Values(attributesOfTheAPI(t))),
		always)...)))
	if got := slices.Sorted(maps.Keys(customerAttributes())); !slices.Equal(got, want) {
		t.Errorf("the schema has\n%v, want\n%v", got, want)
	}
}

func TestEachAttributeOfTheSchemaHasAValue(t *testing.T) {
	t.Parallel()
	want := slices.Sorted(maps.Keys(customerAttributes()))
	if got := slices.Sorted(maps.Keys(customerValues(&commercelayer.Customer{}))); !slices.Equal(got, want) {
		t.Errorf("there are values of\n%v, want\n%v", got, want)
	}
}

// TestFieldsGiveWhatTheyNameAndNothingElse reads from an API that applies
// fieldsets, and from an API that ignores them.
func TestFieldsGiveWhatTheyNameAndNothingElse(t *testing.T) {
	t.Parallel()
	type fieldset struct{ fields, include, want, relationships []string }
	fieldsets := []fieldset{
		{fields: []string{"status", "reference", "status"}, want: []string{"reference", "status"}},
		{fields: []string{"id"}},
		{fields: []string{}},
		{
			fields: []string{"tags", "total_orders_count"},
			want:   []string{"total_orders_count"}, relationships: []string{"tags"},
		},
		{
			fields: []string{"orders"}, include: []string{"customer_group", "tags"},
			relationships: []string{"customer_group", "orders", "tags"},
		},
	}
	for name, attributes := range attributesOfTheAPI(t) {
		fieldsets = append(fieldsets, fieldset{fields: []string{name}, want: attributes})
	}
	for name, options := range map[string][]emulator.Option{
		"served":  nil,
		"ignored": {emulator.WithRefuted("fields:ignored")},
	} {
		p := connect(t, startAPI(t, options...))
		for _, tt := range fieldsets {
			for _, way := range waysToRead {
				for reader, read := range p.readers(way.reader) {
					given := args{way.argument: way.value, "fields": tt.fields}
					if tt.include != nil {
						given["include"] = tt.include
					}
					customer, want := read(t, way.reader, given).ok(t), withAlways(tt.want...)
					if way.reader == manyCustomers {
						customer = member(t, customer, "customers", 0)
					} else {
						want = withAlways(append(slices.Clone(tt.want), way.argument)...)
					}
					got := slices.DeleteFunc(notNull(t, customer), func(s string) bool { return s == "fields" || s == "include" })
					if !slices.Equal(got, want) {
						t.Errorf("%s, %s by %s: fields %v give %v, want %v", name, reader, way.argument, tt.fields, got, want)
					}
					got = notNull(t, member(t, customer, "relationships"))
					if !slices.Equal(got, tt.relationships) && len(got)+len(tt.relationships) > 0 {
						t.Errorf("%s, %s by %s: the relationships are %v, want %v", name, reader, way.argument, got, tt.relationships)
					}
				}
			}
		}
	}
}

// waysToRead are the ways to read the customer with all attributes.
var waysToRead = []struct {
	reader, argument string
	value            any
}{
	{oneCustomer, "id", emulator.FullCustomerID},
	{oneCustomer, "email", emulator.FullCustomerEmail},
	{manyCustomers, "ids", []any{emulator.FullCustomerID}},
	{manyCustomers, "emails", []any{emulator.FullCustomerEmail}},
	{manyCustomers, "filter", args{"email_eq": emulator.FullCustomerEmail}},
}

func TestAccFieldsKeepAddressesOutOfPlanAndState(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(30))
	c := newCLI(t, api.config(`
data "commercelayer_customers" "all" {
  fields = ["status", "reference"]
}
data "commercelayer_customer" "one" {
  id     = "xYZkjABcde"
  fields = ["status"]
}
output "status" {
  value = "${data.commercelayer_customer.one.status} ${length(data.commercelayer_customers.all.customers)}"
}
`))
	c.plan("-out=saved").ok()
	api.wantCustomerRequests(t, 3, 3)
	for _, line := range api.lines(t) {
		if !strings.Contains(line, "fields[customers]=") {
			t.Errorf("%s asks for everything", line)
		}
	}
	kept := c.kept()
	if !strings.Contains(kept["state"], `"prospect 32"`) {
		t.Errorf("the status did not arrive:\n%s", kept["state"])
	}
	for name, content := range kept {
		if strings.Contains(content, "@example.com") {
			t.Errorf("an e-mail address is in the %s", name)
		}
	}
}
