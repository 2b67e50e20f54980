package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The API may ignore a filter that is not right, and then everybody is read. So
// the read itself refuses it, too, for a caller that does not validate.
func TestNothingIsSentForAFilterThatIsNotRight(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	for name, tt := range map[string]struct {
		filter  map[string]any
		summary string
	}{
		"an empty value": {map[string]any{"email_eq": ""}, "Invalid filter value"},
		"a blank value":  {map[string]any{"email_eq": "\n"}, "Invalid filter value"},
		"an empty part":  {map[string]any{"id_in": "a,"}, "Invalid filter value"},
		"a line end":     {map[string]any{"email_eq": "a\n"}, "Invalid filter value"},
		"no value":       {map[string]any{"email_eq": nil}, "Invalid filter value"},
		"no matcher":     {map[string]any{"email": "a"}, "Invalid filter predicate"},
	} {
		filter := strMap(tt.filter)
		for reader, diagnostics := range map[string][]*tfprotov6.Diagnostic{
			"data source":        p.read(t, t.Context(), "commercelayer_customers", map[string]tftypes.Value{"filter": filter}).Diagnostics,
			"ephemeral resource": p.open(t, "commercelayer_customers", map[string]tftypes.Value{"filter": filter}).Diagnostics,
			"related resources": p.read(t, t.Context(), "commercelayer_customer_related", map[string]tftypes.Value{
				"customer_id": str("a"), "relationship": str("orders"), "filter": filter,
			}).Diagnostics,
		} {
			if len(diagnostics) != 1 || diagnostics[0].Summary != tt.summary || strings.Contains(diagnostics[0].Detail, "report") {
				t.Errorf("%s, %s: %v", reader, name, diagnostics)
			}
		}
	}
	api.wantRequests(t)
}

// Nothing but the CLI checks these arguments. It does so again when it knows
// values that it did not know before.
func TestAccArgumentsAreCheckedOnceTheyAreKnown(t *testing.T) {
	t.Parallel()
	needs(t, "an ephemeral resource", 10, 11)
	api := startAPI(t)
	one, many, related := "commercelayer_customer", "commercelayer_customers", "commercelayer_customer_related"
	for _, tt := range []struct{ reader, arguments, summary string }{
		{one, "id = V", "Invalid customer ID"},
		{one, "email = V", "Invalid e-mail address"},
		{one, "id = trimspace(V) == \"\" ? null : V", "Argument missing"},
		{one, "id = \"a\"\n  email = replace(V, \" \", \"a@example.com\")", "Conflicting arguments"},
		{one, "id = \"a\"\n  include = [V]", "Invalid relationship"},
		{one, "id = \"a\"\n  fields = [V]", "Invalid field"},
		{one, "id = \"a\"\n  timeouts {\n    read = V\n  }", "Invalid timeout"},
		{many, "ids = [V]", "Invalid customer ID"},
		{many, "emails = [V]", "Invalid e-mail address"},
		{many, "sort = [V]", "Invalid sort key"},
		{many, "limit = -length(V)", "Invalid limit"},
		{many, "filter = { email_eq = V }", "Invalid filter value"},
		{many, "ids = [\"a\"]\n  filter = { \"id${trimspace(V)}_in\" = \"b\" }", "Conflicting arguments"},
		{many, "ids = trimspace(V) == \"\" ? [\"a\"] : null\n  sort = [\"id\"]", "Conflicting arguments"},
		{related, "customer_id = V\n  relationship = \"orders\"", "Invalid customer ID"},
		{related, "customer_id = \"a\"\n  relationship = V", "Invalid relationship"},
		{related, "customer_id = \"a\"\n  relationship = \"orders\"\n  filter = { status_eq = V }", "Invalid filter value"},
	} {
		arguments := strings.ReplaceAll(tt.arguments, "V", "terraform_data.value.output")
		for _, kind := range []string{"data", "ephemeral"} {
			if kind == "ephemeral" && tt.reader == related {
				continue
			}
			t.Run(fmt.Sprintf("%s %s %s", kind, tt.reader, tt.summary), func(t *testing.T) {
				t.Parallel()
				config := created("value", " ") + fmt.Sprintf("%s %q \"test\" {\n  %s\n}\n", kind, tt.reader, arguments)
				if kind == "ephemeral" {
					config += "resource \"terraform_data\" \"test\" {\n  provisioner \"local-exec\" {\n    command = \"true\"\n    environment = {\n" +
						"      ID = ephemeral." + tt.reader + ".test.id\n    }\n  }\n}\n"
				}
				newCLI(t, api.config(config)).apply().wantError(tt.summary)
			})
		}
	}
	t.Cleanup(func() { api.wantRequests(t) })
}

func TestFiltersThatTheAPIMayIgnoreAreWarnedAbout(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	for _, tt := range []struct{ predicate, value, want string }{
		{"emial_eq", "a@example.com", "filters by `emial`"},
		{"email_or_nickname_cont", "a", "filters by `nickname`"},
		{"nick_or_name_cont", "a", "filters by `nick` and `name`"},
		{"reference_present", "repeat", "takes `true` or `false`"},
		{"email_eq", "a@example.com", ""},
		{"customer_group_id_in", "a,b", ""},
		{"tags_name_eq", "vip", ""},
		{"password_present", "true", ""},
		{"email_or_shopper_reference_cont", "a", ""},
		{"metadata_jcont", `{"a":1}`, ""},
	} {
		got := p.validate(t, "commercelayer_customers", map[string]tftypes.Value{"filter": strMap(map[string]string{tt.predicate: tt.value})})
		switch {
		case len(got) != min(len(tt.want), 1):
			t.Errorf("%s: %v", tt.predicate, got)
		case tt.want != "":
			wantDiagnostic(t, diagnostic{Summary: got[0].Summary, Detail: got[0].Detail}, "Filter may be ignored", tt.want, "everything matches")
			path := `AttributeName("filter").ElementKeyString("` + tt.predicate + `")`
			if got[0].Severity != tfprotov6.DiagnosticSeverityWarning || got[0].Attribute.String() != path {
				t.Errorf("%s: %v", tt.predicate, got[0])
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
	filter := fmt.Sprintf("filter = { id_gt = %q, id_lt = %q }", ids[4], ids[45])
	newCLI(t, api.config(customersWith(filter))).apply().wantOutput("ids", jsonOf(t, ids[5:45]))
}
