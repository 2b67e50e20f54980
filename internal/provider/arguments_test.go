package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A refusal has arguments that are refused, and the texts of the error.
type refusal struct{ arguments, summary, detail string }

// refusals validates a data source with the arguments of each refusal, by name.
// It also checks that a plan fails before any request is sent.
func refusals(t *testing.T, dataSource string, list map[string]refusal) {
	t.Helper()
	api := startAPI(t)
	var body strings.Builder
	for name, r := range list {
		fmt.Fprintf(&body, "data %q %q {\n  %s\n}\n", dataSource, name, r.arguments)
	}
	c := newCLI(t, api.config(body.String()))
	got := map[string][]diagnostic{}
	for _, d := range c.validate() {
		got[d.Address] = append(got[d.Address], d)
	}
	for name, r := range list {
		switch found := got["data."+dataSource+"."+name]; len(found) {
		case 1:
			wantDiagnostic(t, found[0], r.summary, r.detail)
		default:
			t.Errorf("%s: %d errors, want one: %v", name, len(found), found)
		}
	}
	if !c.plan().failed {
		t.Error("the plan went through")
	}
	api.wantRequests(t)
}

func TestAccCustomerArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	refusals(t, "commercelayer_customer", map[string]refusal{
		"an_empty_id":      {`id = ""`, "Invalid customer ID", "The ID is empty."},
		"a_path":           {`id = "a/b"`, "Invalid customer ID", "give the ID alone"},
		"a_query":          {`id = "a?include=orders"`, "Invalid customer ID", "give the ID alone"},
		"a_parent":         {`id = ".."`, "Invalid customer ID", "two dots"},
		"an_empty_address": {`email = ""`, "Invalid e-mail address", "is empty"},
		"two_addresses":    {`email = "a@example.com,b@example.com"`, "Invalid e-mail address", "contains a comma"},
		"blanks":           {`email = "a@example.com "`, "Invalid e-mail address", "ends with a blank"},
		"no_address":       {`email = "john.example.com"`, "Invalid e-mail address", "no @ between a name and a domain"},
		"both":             {"id = \"a\"\n  email = \"a@example.com\"", "Conflicting arguments", "`id` and `email` are both set"},
		"neither":          {"", "Argument missing", "Neither `id` nor `email` is set"},
		"too_deep":         {"id = \"a\"\n  include = [\"a.b.c.d\"]", "Invalid relationship", "Up to three names may be joined by dots"},
		"joined":           {"id = \"a\"\n  include = [\"orders,tags\"]", "Invalid relationship", "not the name of a relationship"},
		"no_relationship":  {"id = \"a\"\n  include = [\"\"]", "Invalid relationship", "not the name of a relationship"},
		"a_blank_before":   {`id = " xYZkjABcde"`, "Invalid customer ID", "begins with a blank"},
		"a_quoted_id":      {`id = "\"xYZkjABcde\""`, "Invalid customer ID", "has quotes around it"},
	})
}

func TestAccCustomersArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	const conflict = "Conflicting arguments"
	refusals(t, "commercelayer_customers", map[string]refusal{
		"no_matcher": {`filter = { email = "a@example.com" }`, "Invalid filter predicate", "does not end in " +
			"a matcher"},
		"wrong_matcher":   {`filter = { email_equals = "a@example.com" }`, "Invalid filter predicate", "The nearest are `eq`, `in` and `cont`."},
		"no_predicate":    {`filter = { "email eq" = "a@example.com" }`, "Invalid filter predicate", "such as status_eq"},
		"a_hidden_letter": {`filter = { status_eq = "repeat\u200b" }`, "Invalid filter value", "ends with an invisible character (U+200B)"},
		"empty_json":      {`filter = { metadata_jcont = jsonencode({}) }`, "Invalid filter value", "empty JSON"},
		"no_json":         {`filter = { metadata_jcont = "vip" }`, "Invalid filter value", "jsonencode()"},
		"ids_and_id_in": {"ids = [\"a\"]\n  filter = { id_in = \"b\" }", conflict, "`filter[\"id_in\"]` and " +
			"`ids` are both set. Both filter by the attribute `id`"},
		"ids_and_emails": {"ids = [\"a\"]\n  emails = [\"a@example.com\"]", conflict, "`ids` and `emails` are " +
			"both set"},
		"ids_and_sort":       {"ids = [\"a\"]\n  sort = [\"email\"]", conflict, "`ids` and `sort` are both set"},
		"two_ids_in_one":     {`ids = ["a,b"]`, "Invalid customer ID", "contains a comma"},
		"a_path":             {`ids = ["a/b"]`, "Invalid customer ID", "give the ID alone"},
		"an_empty_id":        {`ids = [""]`, "Invalid customer ID", "is empty"},
		"two_emails_in_one":  {`emails = ["a@example.com,b@example.com"]`, "Invalid e-mail address", "contains a comma"},
		"an_odd_sort":        {`sort = ["created_at desc"]`, "Invalid sort key", "-created_at"},
		"a_limit_below_zero": {`limit = -1`, "Invalid limit", "0 or more"},
		"half_a_limit": {`limit = 1.5`, "Invalid limit", "1.5 is not a valid limit: the value must be a whole " +
			"number"},
		"a_huge_limit":   {`limit = 1e30`, "Invalid limit", "1e+30 is not a valid limit"},
		"an_odd_include": {`include = ["Tags"]`, "Invalid relationship", "not the name of a relationship"},
		"no_time":        {"timeouts {\n    read = \"-5s\"\n  }", "Invalid timeout", "not above zero"},
	})
}

func TestAccRelatedArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	list := map[string]refusal{
		"an_empty_id":    {`customer_id = ""`, "Invalid customer ID", "is empty"},
		"a_path":         {`customer_id = "a/b"`, "Invalid customer ID", "give the ID alone"},
		"two_dots":       {`customer_id = ".."`, "Invalid customer ID", "two dots"},
		"a_longer_path":  {`relationship = "orders/x"`, "Invalid relationship", "such as orders"},
		"a_deeper_name":  {`relationship = "orders.shipments"`, "Invalid relationship", "such as orders"},
		"no_matcher":     {`filter = { status = "a" }`, "Invalid filter predicate", "does not end in a matcher"},
		"no_value":       {`filter = { status_eq = null }`, "Invalid filter value", "is null"},
		"an_empty_value": {`filter = { status_eq = "" }`, "Invalid filter value", "the value is empty"},
		"an_odd_sort":    {`sort = ["placed_at desc"]`, "Invalid sort key", "-created_at"},
		"a_null_sort":    {`sort = [null]`, "Invalid sort key", "`sort[0]` is null"},
		"half_a_limit":   {`limit = 0.5`, "Invalid limit", "0 or more"},
		"an_odd_include": {`include = ["Tags"]`, "Invalid relationship", "not the name of a relationship"},
		"a_null_include": {`include = [null]`, "Invalid relationship", "`include[0]` is null"},
		"no_duration":    {"timeouts {\n    read = \"\"\n  }", "Invalid timeout", "is not a duration"},
	}
	for name, r := range list {
		if !strings.Contains(r.arguments, "customer_id") {
			r.arguments = "customer_id = \"a\"\n  " + r.arguments
		}
		if !strings.Contains(r.arguments, "relationship =") {
			r.arguments = "relationship = \"orders\"\n  " + r.arguments
		}
		list[name] = r
	}
	refusals(t, "commercelayer_customer_related", list)
}

func TestAccFieldsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	const wrong = "Invalid field"
	list := map[string]refusal{
		"json_of_metadata":  {`fields = ["metadata_json"]`, wrong, "name metadata"},
		"json_of_the_claim": {`fields = ["jwt_custom_claim_json"]`, wrong, "name jwt_custom_claim"},
		"the_links":         {`fields = ["links"]`, wrong, "always there"},
		"all_relationships": {`fields = ["relationships"]`, wrong, "such as customer_group"},
		"what_is_included":  {`fields = ["included"]`, wrong, "in include"},
	}
	refusals(t, "commercelayer_customers", list)
}

// TestArgumentsThatAreNotRightAreRefused validates arguments. A data source and
// its ephemeral twin refuse the same.
func TestArgumentsThatAreNotRightAreRefused(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	const one, many, related = "commercelayer_customer", "commercelayer_customers", "commercelayer_customer_related"
	with := func(name string, value tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{name: value}
	}
	filtered := func(predicate string, value any) map[string]tftypes.Value {
		return with("filter", strMap(map[string]any{predicate: value}))
	}
	null := tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{str(nil)})
	half, below := tftypes.NewValue(tftypes.Number, 0.5), tftypes.NewValue(tftypes.Number, -1)
	for _, tt := range []struct {
		source, summary string
		given           map[string]tftypes.Value
	}{
		{one, "Argument missing", nil},
		{one, "Conflicting arguments", map[string]tftypes.Value{"id": str("a"), "email": str("a@example.com")}},
		{one, "Invalid customer ID", with("id", str(""))},
		{one, "Invalid customer ID", with("id", str("a/b"))},
		{one, "Invalid customer ID", with("id", str("a b"))},
		{one, "Invalid customer ID", with("id", str("a\n"))},
		{one, "Invalid e-mail address", with("email", str(""))},
		{one, "Invalid e-mail address", with("email", str("@example.com"))},
		{one, "Invalid e-mail address", with("email", str("a@example.com,b@example.com"))},
		{one, "Invalid relationship", map[string]tftypes.Value{"id": str("a"), "include": null}},
		{one, "Invalid field", map[string]tftypes.Value{"id": str("a"), "fields": null}},
		{one, "Invalid field", map[string]tftypes.Value{"id": str("a"), "fields": strs("status,email")}},
		{one, "Invalid timeout", map[string]tftypes.Value{"id": str("a"), "timeouts": tftypes.NewValue(
			tftypes.Object{AttributeTypes: map[string]tftypes.Type{"read": tftypes.String}}, map[string]tftypes.Value{"read": str("soon")})}},
		{many, "Invalid filter value", filtered("email_eq", "")},
		{many, "Invalid filter value", filtered("email_eq", "\n")},
		{many, "Invalid filter value", filtered("email_eq", "a\n")},
		{many, "Invalid filter value", filtered("email_eq", nil)},
		{many, "Invalid filter value", filtered("id_in", "a,")},
		{many, "Invalid filter predicate", filtered("email", "a")},
		{many, "Invalid limit", with("limit", half)},
		{many, "Invalid limit", with("limit", below)},
		{many, "Invalid customer ID", with("ids", null)},
		{many, "Invalid e-mail address", with("emails", null)},
		{many, "Invalid sort key", with("sort", null)},
		{many, "Invalid sort key", with("sort", strs("created_at desc"))},
		{many, "Invalid relationship", with("include", null)},
		{many, "Invalid field", with("fields", null)},
		{many, "Invalid field", with("fields", strs("links"))},
		{many, "Conflicting arguments", map[string]tftypes.Value{"ids": strs("a"), "filter": strMap(map[string]any{"id_in": "b"})}},
		{many, "Conflicting arguments", map[string]tftypes.Value{"ids": strs(), "filter": strMap(map[string]any{"id_eq": "b"})}},
		{many, "Conflicting arguments", map[string]tftypes.Value{"emails": strs("a@example.com"), "filter": strMap(map[string]any{"email_in": "b@example.com"})}},
		{related, "Invalid customer ID", with("customer_id", str(" "))},
		{related, "Invalid relationship", with("relationship", str("../.."))},
		{related, "Invalid relationship", with("relationship", str(""))},
		{related, "Invalid relationship", with("relationship", str("Orders"))},
		{related, "Invalid limit", with("limit", below)},
		{related, "Invalid filter value", filtered("status_eq", "")},
		{related, "Invalid filter value", filtered("status_in", "a, ,b")},
		{related, "Invalid sort key", with("sort", strs("a b"))},
		{related, "Invalid relationship", with("include", strs("A"))},
	} {
		given := maps.Clone(tt.given)
		if tt.source == related {
			given = map[string]tftypes.Value{"customer_id": str("a"), "relationship": str("orders")}
			maps.Copy(given, tt.given)
		}
		config := object(t, p.schema.DataSourceSchemas[tt.source], given)
		for _, kind := range []string{"data", "ephemeral"} {
			if kind == "ephemeral" && tt.source == related {
				continue
			}
			if got := summaries(p.validateAny(t, kind+" "+tt.source, config)); !slices.Equal(got, []string{tt.summary}) {
				t.Errorf("%s %s with %v: %v, want %s", kind, tt.source, tt.given, got, tt.summary)
			}
		}
	}
}
