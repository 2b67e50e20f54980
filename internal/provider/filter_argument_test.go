package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func strMap(values map[string]any) tftypes.Value {
	elements := map[string]tftypes.Value{}
	for key, v := range values {
		elements[key] = str(v)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements)
}

// TestNothingIsSentForArgumentsThatAreNotRight reads without a validation
// before.
func TestNothingIsSentForArgumentsThatAreNotRight(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	list := func(values ...any) tftypes.Value {
		elements := make([]tftypes.Value, len(values))
		for i, v := range values {
			elements[i] = str(v)
		}
		return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
	}
	for name, tt := range map[string]struct {
		given   map[string]tftypes.Value
		summary string
	}{
		"an empty value":      {map[string]tftypes.Value{"filter": strMap(map[string]any{"email_eq": ""})}, "Invalid filter value"},
		"a blank value":       {map[string]tftypes.Value{"filter": strMap(map[string]any{"email_eq": "\n"})}, "Invalid filter value"},
		"an empty part":       {map[string]tftypes.Value{"filter": strMap(map[string]any{"id_in": "a,"})}, "Invalid filter value"},
		"a line end":          {map[string]tftypes.Value{"filter": strMap(map[string]any{"email_eq": "a\n"})}, "Invalid filter value"},
		"no value":            {map[string]tftypes.Value{"filter": strMap(map[string]any{"email_eq": nil})}, "Invalid filter value"},
		"no matcher":          {map[string]tftypes.Value{"filter": strMap(map[string]any{"email": "a"})}, "Invalid filter predicate"},
		"an ID that is null":  {map[string]tftypes.Value{"ids": list("a", nil)}, "Invalid customer ID"},
		"a null address":      {map[string]tftypes.Value{"emails": list(nil)}, "Invalid e-mail address"},
		"a null sort key":     {map[string]tftypes.Value{"sort": list(nil)}, "Invalid sort key"},
		"a null relationship": {map[string]tftypes.Value{"include": list(nil)}, "Invalid relationship"},
		"a filter by IDs":     {map[string]tftypes.Value{"ids": list("a"), "filter": strMap(map[string]any{"id_in": "b"})}, "Conflicting arguments"},
	} {
		resp := p.read(t, t.Context(), "commercelayer_customers", tt.given)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != tt.summary || strings.Contains(resp.Diagnostics[0].Detail, "report") {
			t.Errorf("%s: %v", name, resp.Diagnostics)
		}
	}
	api.wantRequests(t)
}

// TestOneCustomerIsReadOnlyByOneValidArgument reads without a validation
// before. With both arguments, the customer of the ID would get the other
// address.
func TestOneCustomerIsReadOnlyByOneValidArgument(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	for name, tt := range map[string]struct {
		given   map[string]tftypes.Value
		summary string
	}{
		"no argument":        {nil, "Argument missing"},
		"both arguments":     {map[string]tftypes.Value{"id": str("xYZkjABcde"), "email": str("a@example.com")}, "Conflicting arguments"},
		"an empty ID":        {map[string]tftypes.Value{"id": str("")}, "Invalid customer ID"},
		"an ID with a slash": {map[string]tftypes.Value{"id": str("a/b")}, "Invalid customer ID"},
		"an empty address":   {map[string]tftypes.Value{"email": str("")}, "Invalid e-mail address"},
		"two addresses":      {map[string]tftypes.Value{"email": str("a@example.com,b@example.com")}, "Invalid e-mail address"},
	} {
		resp := p.read(t, t.Context(), "commercelayer_customer", tt.given)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != tt.summary {
			t.Errorf("data source, %s: %v", name, resp.Diagnostics)
		}
		opened := p.open(t, "commercelayer_customer", tt.given)
		if len(opened.Diagnostics) != 1 || opened.Diagnostics[0].Summary != tt.summary {
			t.Errorf("ephemeral resource, %s: %v", name, opened.Diagnostics)
		}
	}
	api.wantRequests(t)
}

func TestEphemeralResourcesHaveTheSameChecks(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	const name = "commercelayer_customer"
	for want, given := range map[string]map[string]tftypes.Value{
		"Argument missing":      {},
		"Conflicting arguments": {"id": str("a"), "email": str("a@example.com")},
		"Invalid customer ID":   {"id": str("a\n")},
		"Invalid relationship":  {"id": str("a"), "include": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{str(nil)})},
		"Invalid timeout": {"id": str("a"), "timeouts": tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"read": tftypes.String}},
			map[string]tftypes.Value{"read": str("soon")})},
	} {
		resp, err := p.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
			TypeName: name, Config: object(t, p.schema.EphemeralResourceSchemas[name], given),
		})
		if err != nil || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != want {
			t.Errorf("want %s: %v %v", want, resp, err)
		}
	}
}

func TestAccFilterValueThatWasNotKnownIsRefusedWhenItIs(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	for value, want := range map[string]string{
		`""`: "the value is empty", `"  "`: "the value is empty", `"a@example.com\n"`: "ends with a line end",
	} {
		config := fmt.Sprintf("resource \"terraform_data\" \"email\" {\n  input = %s\n}\n", value) +
			customersWith(`filter = { email_eq = terraform_data.email.output }`)
		d := newCLI(t, api.config(config)).apply().wantError("Invalid filter value", `filter["email_eq"]`, want)
		if !strings.Contains(d.Snippet.Code, "filter") {
			t.Errorf("%s: the error does not point at the filter: %s", value, d)
		}
	}
	api.wantRequests(t)
}

func TestAccFiltersThatTheAPIMayIgnoreAreWarnedAbout(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		`emial_eq = "a@example.com"`:            "filters by `emial`",
		`email_or_nickname_cont = "a"`:          "filters by `nickname`",
		`nick_or_name_cont = "a"`:               "filters by `nick` and `name`",
		`reference_present = "repeat"`:          "takes `true` or `false`",
		`email_eq = "a@example.com"`:            "",
		`customer_group_id_in = "a,b"`:          "",
		`tags_name_eq = "vip"`:                  "",
		`password_present = true`:               "",
		`email_or_shopper_reference_cont = "a"`: "",
		`metadata_jcont = jsonencode({a = 1})`:  "",
	} {
		body := "data \"commercelayer_customers\" \"test\" {\n  filter = { " + filter + " }\n}\n"
		c := newCLI(t, providerBlock()+body)
		if found := c.validate(); len(found) > 0 {
			t.Errorf("%s: %v", filter, found)
		}
		warnings := c.validationWarnings()
		switch {
		case want == "" && len(warnings) > 0, want != "" && len(warnings) != 1:
			t.Errorf("%s: %v", filter, warnings)
		case want != "":
			wantDiagnostic(t, warnings[0], "Filter may be ignored", want, "everything matches")
			if !strings.Contains(warnings[0].Snippet.Code, "filter") {
				t.Errorf("%s: the warning does not point at the filter: %s", filter, warnings[0])
			}
		}
	}
}

// TestAccFilterByIDGoesWithTheWalkByID has a filter with id_gt, which the
// provider itself uses to get the next page.
func TestAccFilterByIDGoesWithTheWalkByID(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	for filter, want := range map[string][]string{
		fmt.Sprintf("id_gt = %q", ids[9]):                      ids[10:],
		fmt.Sprintf("id_gt = %q, id_lt = %q", ids[4], ids[45]): ids[5:45],
		fmt.Sprintf("id_gteq = %q", ids[9]):                    ids[9:],
	} {
		newCLI(t, api.config(customersWith("filter = { "+filter+" }"))).apply().wantOutput("ids", jsonOf(t, want))
	}
}
