package provider

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// notNull returns the names of an object's attributes that are not null.
func notNull(t *testing.T, object tftypes.Value) []string {
	t.Helper()
	var members map[string]tftypes.Value
	if err := object.As(&members); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(members, func(_ string, v tftypes.Value) bool { return v.IsNull() })
	return slices.Sorted(maps.Keys(members))
}

// member returns a nested value. Each step is an attribute of an object or an
// index of a list.
func member(t *testing.T, in tftypes.Value, steps ...any) tftypes.Value {
	t.Helper()
	path := tftypes.NewAttributePath()
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			path = path.WithAttributeName(step)
		case int:
			path = path.WithElementKeyInt(step)
		}
	}
	found, _, err := tftypes.WalkAttributePath(in, path)
	value, ok := found.(tftypes.Value)
	if err != nil || !ok {
		t.Fatalf("%s: %v", path, err)
	}
	return value
}

func keysOf(t *testing.T, value tftypes.Value) []string {
	t.Helper()
	var members map[string]tftypes.Value
	if err := value.As(&members); err != nil {
		t.Fatal(err)
	}
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
	if err := json.Unmarshal(fullDocument(t), &document); err != nil {
		t.Fatal(err)
	}
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
	want := slices.Sorted(slices.Values(slices.Concat(append(slices.Collect(maps.Values(attributesOfTheAPI(t))), always)...)))
	if got := slices.Sorted(maps.Keys(customerAttributes())); !slices.Equal(got, want) {
		t.Errorf("the schema has\n%v, want\n%v", got, want)
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
		api := startAPI(t, options...)
		p := newProtocol(t, NewServer("test")()).configured(t, api)
		for _, tt := range fieldsets {
			given := map[string]tftypes.Value{"fields": strs(tt.fields...)}
			if tt.include != nil {
				given["include"] = strs(tt.include...)
			}
			for reader, read := range p.readers(t, emulator.FullCustomerID, emulator.FullCustomerEmail) {
				customer := read.customer(maps.Clone(given))
				want := withAlways(append(slices.Clone(tt.want), read.argument...)...)
				got := slices.DeleteFunc(notNull(t, customer), func(s string) bool {
					return s == "fields" || s == "include"
				})
				if !slices.Equal(got, want) {
					t.Errorf("%s, %s: fields %v give %v, want %v", name, reader, tt.fields, got, want)
				}
				got = keysOf(t, member(t, customer, "relationships"))
				if !slices.Equal(got, tt.relationships) && len(got)+len(tt.relationships) > 0 {
					t.Errorf("%s, %s: the relationships are %v, want %v", name, reader, got, tt.relationships)
				}
			}
		}
	}
}

// A wayToRead is one of the ways to read a customer.
type wayToRead struct {
	// argument names the attributes that the configuration sets.
	argument []string
	customer func(given map[string]tftypes.Value) tftypes.Value
}

// readers are the ways to read one customer.
func (p *protocol) readers(t *testing.T, id, email string) map[string]wayToRead {
	t.Helper()
	const one, many = "commercelayer_customer", "commercelayer_customers"
	data := func(name string, given map[string]tftypes.Value) tftypes.Value {
		return p.state(t, name, p.read(t, t.Context(), name, given))
	}
	with := func(given map[string]tftypes.Value, name string, value tftypes.Value) map[string]tftypes.Value {
		given[name] = value
		return given
	}
	return map[string]wayToRead{
		"data by ID": {nil, func(given map[string]tftypes.Value) tftypes.Value {
			return data(one, with(given, "id", str(id)))
		}},
		"data by address": {[]string{"email"}, func(given map[string]tftypes.Value) tftypes.Value {
			return data(one, with(given, "email", str(email)))
		}},
		"data of many": {nil, func(given map[string]tftypes.Value) tftypes.Value {
			return member(t, data(many, with(given, "emails", strs(email))), "customers", 0)
		}},
		"data of many, by a filter": {nil, func(given map[string]tftypes.Value) tftypes.Value {
			filter := strMap(map[string]any{"email_eq": email})
			return member(t, data(many, with(given, "filter", filter)), "customers", 0)
		}},
		"ephemeral by ID": {nil, func(given map[string]tftypes.Value) tftypes.Value {
			return p.opened(t, one, p.open(t, one, with(given, "id", str(id))))
		}},
		"ephemeral by address": {[]string{"email"}, func(given map[string]tftypes.Value) tftypes.Value {
			return p.opened(t, one, p.open(t, one, with(given, "email", str(email))))
		}},
		"ephemeral of many": {nil, func(given map[string]tftypes.Value) tftypes.Value {
			return member(t, p.opened(t, many, p.open(t, many, with(given, "ids", strs(id)))), "customers", 0)
		}},
	}
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
	kept := members(t, c.path("saved"))
	kept["plan as JSON"] = c.run("show", "-json", "saved").ok().stdout
	c.run("apply", "saved").ok()
	kept["state"] = c.read("terraform.tfstate")
	if !strings.Contains(kept["state"], `"prospect 32"`) {
		t.Errorf("the status did not arrive:\n%s", kept["state"])
	}
	for name, content := range kept {
		if strings.Contains(content, "@example.com") {
			t.Errorf("an e-mail address is in the %s", name)
		}
	}
}
