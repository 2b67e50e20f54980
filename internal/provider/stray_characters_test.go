package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// valid has a valid text for each argument that is text or holds texts.
var valid = map[string]string{
	"id": "xYZkjABcde", "customer_id": "xYZkjABcde", "email": "jane@example.com", "relationship": "orders",
	"ids": "xYZkjABcde", "emails": "jane@example.com", "sort": "email", "include": "tags", "fields": "status",
	"filter": "repeat", "timeouts": "5s",
}

// holding returns a plain value for an argument that holds a text. It returns false
// for arguments that hold no text.
func holding(kind tftypes.Type, text string) (any, bool) {
	switch {
	case kind.Is(tftypes.String):
		return text, true
	case kind.Is(tftypes.List{ElementType: tftypes.String}):
		return []any{text}, true
	case kind.Is(tftypes.Map{ElementType: tftypes.String}):
		return args{"status_eq": text}, true
	case kind.Is(tftypes.Object{}):
		return args{"read": text}, true
	}
	return nil, false
}

// arguments returns the types of what can be set in a schema.
func arguments(schema *tfprotov6.Schema) map[string]tftypes.Type {
	all := map[string]tftypes.Type{}
	for _, a := range schema.Block.Attributes {
		if a.Optional || a.Required {
			all[a.Name] = a.ValueType()
		}
	}
	for _, block := range schema.Block.BlockTypes {
		all[block.TypeName] = block.ValueType()
	}
	return all
}

// Each argument that a later version adds is tested here, too. The file
// testdata/configuration.txt has the attributes of the provider block.
func TestStrayCharactersAreNamedInEveryArgument(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	for name, schema := range p.schema.DataSourceSchemas {
		for argument, kind := range arguments(schema) {
			right := valid[argument]
			if _, isText := holding(kind, right); !isText {
				continue
			}
			if right == "" {
				t.Fatalf("%s: this test has no value for %s", name, argument)
			}
			given := with(nil)
			for wrong, want := range map[string]string{
				right:                          "",
				right + "\n":                   "ends with a line end. If the value is read from a file, write `trimspace(file(",
				"\ufeff" + right:               "begins with an invisible character (U+FEFF). Copy the value again",
				right[:1] + "\x00" + right[1:]: "contains a NUL character",
			} {
				given[argument], _ = holding(kind, wrong)
				invalid := slices.DeleteFunc(p.validate(t, name, given), func(d diagnostic) bool {
					return !strings.HasPrefix(d.Summary, "Invalid ")
				})
				if len(invalid) != min(len(want), 1) || want != "" && !strings.Contains(invalid[0].Detail, want) {
					t.Errorf("%s: %s = %q: want an error that says %q: %v", name, argument, wrong, want, invalid)
				}
			}
		}
	}
}
