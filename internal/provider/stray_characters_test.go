package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// valid has a valid value for each argument that is text or holds texts. Some
// other tests fail if one of them is not valid.
var valid = map[string]string{
	"id": "xYZkjABcde", "customer_id": "xYZkjABcde", "email": "jane@example.com", "relationship": "orders",
	"ids": "xYZkjABcde", "emails": "jane@example.com", "sort": "email", "include": "tags", "fields": "status",
	"filter": "repeat", "timeouts": "5s",
	"domain": "acme", "token": "secret", "client_id": "client", "client_secret": "secret", "scope": "market:all",
	"auth_endpoint": "https://auth.example.com/oauth/token", "mode": "test", "request_timeout": "5s",
}

// holding returns the value of an argument that holds a text. It returns false
// for arguments that hold no text.
func holding(kind tftypes.Type, text string) (tftypes.Value, bool) {
	switch {
	case kind.Is(tftypes.String):
		return str(text), true
	case kind.Is(tftypes.List{ElementType: tftypes.String}):
		return strs(text), true
	case kind.Is(tftypes.Map{ElementType: tftypes.String}):
		return strMap(map[string]string{"status_eq": text}), true
	case kind.Is(tftypes.Object{}):
		return tftypes.NewValue(kind, map[string]tftypes.Value{"read": str(text)}), true
	}
	return tftypes.Value{}, false
}

// arguments returns the types of what can be set in a schema.
func arguments(schema *tfprotov6.Schema) map[string]tftypes.Type {
	kinds := map[string]tftypes.Type{}
	for _, a := range schema.Block.Attributes {
		if a.Optional || a.Required {
			kinds[a.Name] = a.ValueType()
		}
	}
	for _, block := range schema.Block.BlockTypes {
		kinds[block.TypeName] = block.ValueType()
	}
	return kinds
}

// validateAny validates a configuration of any kind.
func (p *protocol) validateAny(t *testing.T, name string, config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	t.Helper()
	kind, typeName, _ := strings.Cut(name, " ")
	var diagnostics []*tfprotov6.Diagnostic
	var err error
	switch kind {
	case "provider":
		var resp *tfprotov6.ValidateProviderConfigResponse
		resp, err = p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
		diagnostics = resp.Diagnostics
	case "data":
		var resp *tfprotov6.ValidateDataResourceConfigResponse
		resp, err = p.ValidateDataResourceConfig(t.Context(),
			&tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: config})
		diagnostics = resp.Diagnostics
	case "ephemeral":
		var resp *tfprotov6.ValidateEphemeralResourceConfigResponse
		resp, err = p.ValidateEphemeralResourceConfig(t.Context(),
			&tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: config})
		diagnostics = resp.Diagnostics
	}
	if err != nil {
		t.Fatal(err)
	}
	return diagnostics
}

// withText returns how many errors there are with a text.
func withText(diagnostics []*tfprotov6.Diagnostic, text string) int {
	n := 0
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError && strings.Contains(d.Summary+"\n"+d.Detail, text) {
			n++
		}
	}
	return n
}

func TestStrayCharactersAreNamedInEveryArgument(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	for name, schema := range schemas(t) {
		// with returns the errors about an argument that holds a text.
		with := func(argument, text string) []*tfprotov6.Diagnostic {
			config := map[string]tftypes.Value{}
			for other, kind := range arguments(schema) {
				if other == argument {
					config[other], _ = holding(kind, text)
				} else if required(schema, other) {
					config[other], _ = holding(kind, valid[other])
				}
			}
			return p.validateAny(t, name, object(t, schema, config))
		}
		for argument, kind := range arguments(schema) {
			if _, isText := holding(kind, ""); !isText {
				continue
			}
			right := valid[argument]
			if right == "" {
				t.Fatalf("%s: this test has no value for %s", name, argument)
			}
			if withText(with(argument, right), "Invalid ") > 0 {
				t.Errorf("%s: %s = %q is not valid", name, argument, right)
			}
			for wrong, want := range map[string]string{
				right + "\n":                     "ends with a line end. If the value is read from a file, write `trimspace(file(",
				right + "\r\n":                   "ends with a line end",
				right + "\u200b":                 "ends with an invisible character (U+200B). Copy the value again",
				"\ufeff" + right:                 "begins with an invisible character (U+FEFF)",
				right[:1] + "\u3164" + right[1:]: "contains an invisible character (U+3164)",
				right[:1] + "\x00" + right[1:]:   "contains a NUL character",
				right[:1] + "\r" + right[1:]:     "contains a line end",
			} {
				if diagnostics := with(argument, wrong); withText(diagnostics, want) != 1 {
					t.Errorf("%s: %s = %q: no single error says %q: %v", name, argument, wrong, want, diagnostics)
				}
			}
		}
	}
}

func required(schema *tfprotov6.Schema, name string) bool {
	return slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool {
		return a.Name == name && a.Required
	})
}

func TestFilterKeysWithStrayCharactersAreNamed(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	for _, tt := range []struct{ key, want string }{
		{"status_eq\n", "The filter predicate ends with a line end."},
		{"\u200bstatus_eq", "The filter predicate begins with an invisible character (U+200B)."},
		{"status\u00ad_eq", "The filter predicate contains an invisible character (U+00AD)."},
		{" status_eq", "The filter predicate begins with a blank."},
		{"status_equals", "The nearest are `eq`, `in` and `cont`. The value must be an attribute followed by a matcher."},
		{"email_not_equals", "The nearest are `not_eq`, `eq` and `in`."},
	} {
		diagnostics := p.validate(t, "commercelayer_customers",
			map[string]tftypes.Value{"filter": strMap(map[string]string{tt.key: "repeat"})})
		if withText(diagnostics, tt.want) != 1 || len(diagnostics) != 1 || len(diagnostics[0].Detail) > 500 {
			t.Errorf("%q: no single short error says %q: %v", tt.key, tt.want, diagnostics)
		}
	}
}

func TestFilterValuesMayHaveBlanksAndQuotes(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	for _, tt := range []struct{ value, want string }{
		{" a b ", ""},
		{`"a"`, ""},
		{"“a”", ""},
		{"\"a\"\n", "has quotes around it"},
		{"a,\nb", "The value of `filter[\"email_in\"]` contains a line end."},
		{"a\u2060", "The value of `filter[\"email_in\"]` ends with an invisible character (U+2060)."},
		{"a\tb", "contains a control character (U+0009)"},
	} {
		diagnostics := p.validate(t, "commercelayer_customers",
			map[string]tftypes.Value{"filter": strMap(map[string]string{"email_in": tt.value})})
		if tt.want == "" && len(diagnostics) > 0 || tt.want != "" && withText(diagnostics, tt.want) != 1 {
			t.Errorf("%q: want %q: %v", tt.value, tt.want, diagnostics)
		}
	}
	for value, want := range map[string]int{
		"{\n  \"vip\": true\n}\n": 0, // JSON in several lines is the same JSON
		"{\"vip\": \"a\u200b\"}":  1,
		"{\"vip\": \"a\nb\"}":     1,
		"\ufeff{\"vip\": true}":   1,
	} {
		diagnostics := p.validate(t, "commercelayer_customers",
			map[string]tftypes.Value{"filter": strMap(map[string]string{"metadata_jcont": value})})
		if len(diagnostics) != want {
			t.Errorf("%q: want %d errors: %v", value, want, diagnostics)
		}
	}
}
