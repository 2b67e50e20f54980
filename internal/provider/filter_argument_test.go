package provider

import (
	"fmt"
	"testing"
)

const (
	wrongPredicate = "Invalid filter predicate"
	wrongValue     = "Invalid filter value"
	doubtfulFilter = "Filter may be ignored"
)

// filters are predicates, their values, and what is said about them: an error, a
// warning, or nothing.
var filters = []struct {
	predicate        string
	value            any
	summary, details string
}{
	{"email", "a", wrongPredicate, "does not end in a matcher"},
	{"email eq", "a", wrongPredicate, "such as status_eq"},
	{
		"email_equals", "a", wrongPredicate,
		"The nearest are `eq`, `in` and `cont`. The value must be an attribute followed by a matcher.",
	},
	{"status_eq\n", "a", wrongPredicate, "The filter predicate ends with a line end."},
	{"\u200bstatus_eq", "a", wrongPredicate, "The filter predicate begins with an invisible character (U+200B)."},
	{" status_eq", "a", wrongPredicate, "The filter predicate begins with a blank."},

	{"email_eq", "", wrongValue, "the value is empty"},
	{"email_eq", "\n", wrongValue, ""},
	{"email_eq", nil, wrongValue, "is null"},
	{"id_in", "a, ,b", wrongValue, ""},
	{"email_in", "a,\nb", wrongValue, "The value of `filter[\"email_in\"]` contains a line end."},
	{"email_in", "\"a\"\n", wrongValue, "has quotes around it"},
	{"metadata_jcont", "{}", wrongValue, "empty JSON"},
	{"metadata_jcont", "vip", wrongValue, "jsonencode()"},
	{"metadata_jcont", "{\"vip\": \"a\u200b\"}", wrongValue, ""},

	{"emial_eq", "a@example.com", doubtfulFilter, "filters by `emial`"},
	{"email_or_nickname_cont", "a", doubtfulFilter, "filters by `nickname`"},
	{"nick_or_name_cont", "a", doubtfulFilter, "filters by `nick` and `name`"},
	{"reference_present", "repeat", doubtfulFilter, "takes `true` or `false`"},

	{"email_in", " a b ", "", ""}, // blanks and quotes may belong to a value
	{"email_in", `"a"`, "", ""},
	{"metadata_jcont", "{\n  \"vip\": true\n}\n", "", ""}, // JSON in several lines is the same JSON
	{"customer_group_id_in", "a,b", "", ""},
	{"tags_name_eq", "vip", "", ""},
	{"password_present", "true", "", ""},
	{"email_or_shopper_reference_cont", "a", "", ""},
}

func TestFiltersAreChecked(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	for _, tt := range filters {
		got := p.validate(t, manyCustomers, args{"filter": args{tt.predicate: tt.value}})
		if tt.summary == "" {
			if len(got) > 0 {
				t.Errorf("%s = %v: %v", tt.predicate, tt.value, got)
			}
			continue
		}
		d := wantOne(t, got, tt.summary, tt.details)
		if warns := d.Severity == "warning"; warns != (tt.summary == doubtfulFilter) || len(d.Detail) > 600 {
			t.Errorf("%s = %v: %v", tt.predicate, tt.value, d)
		}
		if path := fmt.Sprintf(`AttributeName("filter").ElementKeyString(%q)`, tt.predicate); d.Address != path &&
			d.Address != `AttributeName("filter")` {
			t.Errorf("%s = %v: the error is on %s", tt.predicate, tt.value, d.Address)
		}
	}
}

// The API may ignore a filter that is not right, and then everybody is read. So
// the read itself refuses it, too, for a caller that does not validate.
func TestNothingIsSentForAFilterThatIsNotRight(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := connect(t, api)
	for _, tt := range filters {
		if tt.summary != wrongPredicate && tt.summary != wrongValue {
			continue
		}
		for name, given := range map[string]args{manyCustomers: {}, relatedResources: with(nil)} {
			given["filter"] = args{tt.predicate: tt.value}
			for _, read := range p.readers(name) {
				wantOne(t, read(t, name, given).diagnostics, tt.summary, tt.details)
			}
		}
	}
	api.wantRequests(t)
}
