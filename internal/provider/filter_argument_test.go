package provider

import "testing"

// filters are predicates and their values. The file testdata/arguments.txt has what
// is said about them: an error, a warning, or nothing.
var filters = []struct {
	predicate string
	value     any
}{
	{"email", "a"},
	{"email eq", "a"},
	{"email_equals", "a"},
	{"status_eq\n", "a"},
	{"\u200bstatus_eq", "a"},
	{" status_eq", "a"},

	{"email_eq", ""},
	{"email_eq", "\n"},
	{"email_eq", nil},
	{"id_in", "a, ,b"},
	{"email_in", "a,\nb"},
	{"email_in", "\"a\"\n"},
	{"metadata_jcont", "{}"},
	{"metadata_jcont", "vip"},
	{"metadata_jcont", "{\"vip\": \"a\u200b\"}"},

	// The API may ignore these.
	{"emial_eq", "a@example.com"},
	{"email_or_nickname_cont", "a"},
	{"nick_or_name_cont", "a"},
	{"reference_present", "repeat"},

	// No customer can match these.
	{"email_eq", "john.example.com"},
	{"email_in", "a@example.com, john"},

	// These are right. Blanks and quotes may belong to a value, and JSON in several
	// lines is the same JSON.
	{"reference_in", " a b "},
	{"reference_in", `"a"`},
	{"email_in", " a@example.com, \"b c\"@example.com"},
	{"email_cont", "example"},
	{"metadata_jcont", "{\n  \"vip\": true\n}\n"},
	{"customer_group_id_in", "a,b"},
	{"tags_name_eq", "vip"},
	{"password_present", "true"},
	{"email_or_shopper_reference_cont", "a"},
}

// The API may ignore a filter that is not right, and then everybody is read. So
// the read itself refuses it, too, for a caller that does not validate.
func TestNothingIsSentForAFilterThatIsNotRight(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	p := connect(t, api)
	for _, tt := range filters {
		filter := args{tt.predicate: tt.value}
		refused := only("error", p.validate(t, manyCustomers, args{"filter": filter}))
		if len(refused) == 0 {
			continue
		}
		for name, given := range map[string]args{manyCustomers: {}, relatedResources: with(nil)} {
			given["filter"] = filter
			for _, read := range p.readers(name) {
				wantOne(t, read(t, name, given).diagnostics, refused[0].Summary, refused[0].Detail)
			}
		}
	}
	api.wantRequests(t)
}
