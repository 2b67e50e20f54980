package commercelayer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// judging shows documents to a verdict, one after the other. It returns what is
// concluded: the class of an error, or what was found, with the name that it is
// about.
func judging(t *testing.T, e expectation, token Claims, documents ...string) string {
	t.Helper()
	if e.same == nil {
		e.noun, e.nouns, e.same = "customer", "customers", sameCustomer(e.fields)
	}
	v := newVerdict(e)
	for _, body := range documents {
		document, failure := decodeDocument([]byte(body), MaxPageSize)
		if failure != nil {
			t.Fatal(failure)
		}
		if _, failure = v.look(document, token); failure != nil {
			return came(failure)
		}
	}
	v.close()
	kinds := map[FindingKind]string{
		FindingUnsorted: "unsorted", FindingNotIncluded: "not included", FindingMissing: "missing",
	}
	var found []string
	for _, one := range v.findings {
		found = append(found, strings.TrimSpace(kinds[one.Kind]+" "+one.Name))
	}
	for predicate, id := range v.doubted {
		found = append(found, strings.TrimSpace(fmt.Sprint(predicate, " doubted ", id)))
	}
	if twice := v.doubled + v.repeated; twice > 0 {
		found = append(found, fmt.Sprintf("%d different, %d again", len(v.seen), twice))
	}
	slices.Sort(found)
	return strings.Join(found, ", ")
}

// dated returns a page of customers with these times of creation. The first
// letter begins their IDs.
func dated(letter string, times ...string) string {
	var list []string
	for i, at := range times {
		list = append(list, fmt.Sprintf(`{"id":"%s%d","type":"customers","attributes":{"created_at":%q,"updated_at":%q,`+
			`"total_orders_count":%d}}`, letter, i, at, at, i))
	}
	return listJSON(len(list), list...)
}

func TestOrderOnOnePageShowsWhetherSortWasObeyed(t *testing.T) {
	const early, late, ignored = "2018-01-01T12:00:00.000Z", "2020-01-01T13:00:00.000+01:00", "sort ignored"
	rising, falling := dated("c", early, late), dated("c", late, early)
	for name, test := range map[string]struct {
		sort  string
		pages []string
		want  string
	}{
		"obeyed":                    {"created_at", []string{rising}, ""},
		"obeyed, descending":        {"-created_at", []string{falling}, ""},
		"the same time twice":       {"-created_at", []string{dated("c", late, late, early, early)}, ""},
		"one time is null":          {"created_at", []string{strings.ReplaceAll(dated("c", "", early), `""`, "null")}, ""},
		"ignored":                   {"-created_at", []string{rising}, ignored},
		"another time":              {"-updated_at", []string{rising}, "unsorted updated_at"},
		"a number":                  {"-total_orders_count", []string{rising}, "unsorted total_orders_count"},
		"a number, obeyed":          {"total_orders_count", []string{falling}, ""},
		"a text, in whatever order": {"-email", []string{rising}, ""},
		"an ID":                     {"-id", []string{rising}, ""},
		// Rows move between pages, so nothing is said about the order across them.
		"across pages": {"created_at", []string{dated("c", late), dated("d", early)}, ""},
	} {
		e := expectation{fields: everything, sort: []string{test.sort, "id"}}
		expectEqual(t, name, judging(t, e, Claims{}, test.pages...), test.want)
	}
}

func TestIncludeThatNothingShowsIsAFinding(t *testing.T) {
	const head, ignored = `{"data":[{"id":"one","type":"customers","relationships":{`, "not included"
	const nothing = `{"data":[{"id":"one","type":"customers"}]}`
	for name, test := range map[string]struct {
		pages []string
		want  string
	}{
		"no linkage, nothing included": {[]string{head + `"customer_group":{"links":{}}}}]}`}, ignored},
		"no relationships at all":      {[]string{nothing}, ignored},
		"linkage of another one":       {[]string{head + `"tags":{"data":[]}}}]}`}, ignored},
		"null as linkage":              {[]string{head + `"customer_group":{"data":null}}}]}`}, ""},
		"linkage of a path":            {[]string{head + `"orders":{"data":[]}}}]}`}, ""},
		"included, but empty":          {[]string{head + `"customer_group":{"links":{}}}}],"included":[]}`}, ""},
		"shown by a later page":        {[]string{nothing, `{"data":[{"id":"two","type":"customers"}],"included":[]}`}, ""},
		"nobody":                       {[]string{`{"data":[]}`}, ""},
	} {
		e := expectation{fields: Selection{Include: []string{"customer_group", "orders.shipments"}}.fieldset()}
		expectEqual(t, name, judging(t, e, Claims{}, test.pages...), test.want)
	}
}

func TestAnotherFieldsetThanWasAskedForIsNoticed(t *testing.T) {
	const whole = `"email":null,"status":null,"has_password":null,"created_at":null,"updated_at":null,"reference":null,` +
		`"reference_origin":null,"metadata":null`
	const others = "wrong resource"
	for name, test := range map[string]struct {
		fields     []string
		attributes string
		want       string
	}{
		"all of the oldest API":        {nil, whole, ""},
		"one is missing":               {nil, strings.Replace(whole, `"email":null,`, "", 1), "missing email"},
		"one that newer ones have":     {nil, whole + `,"nickname":1`, ""},
		"those that were asked for":    {[]string{"status", "nickname"}, `"status":null`, ""},
		"more than was asked for":      {[]string{"status"}, whole, ""},
		"others":                       {[]string{"status"}, `"email":"a@b"`, others},
		"only one of them":             {[]string{"status", "metadata"}, `"metadata":{},"email":null`, "missing status"},
		"one that older ones lack":     {[]string{"profile_id"}, ``, ""},
		"the ID alone, and others":     {[]string{"id"}, whole, ""},
		"a relationship that is there": {[]string{"tags"}, whole, ""},
		"a relationship that is not":   {[]string{"orders"}, `"email":null`, others},
	} {
		e := expectation{
			fields: Selection{Fields: test.fields}.fieldset(), ofType: customersType, everywhere: attributesEverywhere,
		}
		got := judging(t, e, Claims{}, `{"data":[{"id":"one","type":"customers","attributes":{`+test.attributes+
			`},"relationships":{"tags":{}}}]}`)
		expectEqual(t, name, got, test.want)
	}
}

func TestModesAndOrganizationsAreOne(t *testing.T) {
	const wrongMode, mismatch = "wrong mode", "wrong resource"
	for name, test := range map[string]struct {
		allowed, token string
		customers      string // the mode and the organization of each, with a comma between pages
		want           string
	}{
		"one of each":               {"", "test", "test/a test/a, test/a", ""},
		"not told":                  {"", "test", "null/null test/a null/a", ""},
		"empty":                     {"", "test", "/a test/ /", ""},
		"a token that tells none":   {"", "", "live/a", ""},
		"against the token":         {"", "test", "live/a", wrongMode},
		"against the configuration": {"live", "", "test/a", wrongMode},
		"two modes":                 {"", "", "test/a live/a", mismatch},
		"two modes, on two pages":   {"", "", "test/a, live/a", mismatch},
		"two organizations":         {"", "test", "test/a test/b", mismatch},
	} {
		var documents []string
		for page := range strings.SplitSeq(test.customers, ", ") {
			var list []string
			for i, pair := range strings.Fields(page) {
				mode, organization, _ := strings.Cut(pair, "/")
				meta := fmt.Sprintf(`{"mode":%q,"organization_id":%q}`, mode, organization)
				list = append(list, fmt.Sprintf(`{"id":"c%d%d","type":"customers","meta":%s}`, len(documents), i,
					strings.ReplaceAll(meta, `"null"`, "null")))
			}
			documents = append(documents, listJSON(len(list), list...))
		}
		e := expectation{fields: everything, mode: test.allowed}
		expectEqual(t, name, judging(t, e, Claims{Mode: test.token}, documents...), test.want)
	}
}

// A resource is its type and its ID. It is one if it comes twice, equal as
// typed. What was not asked for does not count.
func TestAResourceThatComesTwiceIsOne(t *testing.T) {
	const twice = "1 different, 1 again"
	same := customerJSON("one", "a@example.com", "repeat")
	other := strings.Replace(same, "repeat", "prospect", 1)
	spaced := strings.Replace(same, `"status"`, `"nickname" : 7, "status"`, 1)
	whole := expectation{fields: everything}
	ofAnyType := expectation{noun: "resource", nouns: "resources", fields: everything, same: sameRelatedResource}
	for name, test := range map[string]struct {
		e         expectation
		documents []string
		want      string
	}{
		"types": {ofAnyType, []string{
			`{"data":[{"id":"same","type":"a"},{"id":"same","type":"b"}]}`,
			`{"data":[{"id":"same","type":"c"},{"id":"same","type":"a"}]}`,
		}, "3 different, 1 again"},
		"equal":           {whole, []string{listJSON(2, same, spaced)}, twice},
		"not equal":       {whole, []string{listJSON(2, same, other)}, "malformed answer"},
		"equal as wanted": {expectation{fields: fieldset{fields: "email"}}, []string{listJSON(2, same, other)}, twice},
	} {
		expectEqual(t, name, judging(t, test.e, Claims{}, test.documents...), test.want)
	}
}

// An attribute that was not sent is not null: nobody knows whether it matches.
func TestAbsentAttributesAreNotCompared(t *testing.T) {
	for attributes, want := range map[string]string{
		`"status":"repeat"`: "", `"status":"prospect"`: "status_eq doubted one", `"status":null`: "status_eq doubted one",
		`"email":"a@b"`: "status_eq doubted",
	} {
		e := expectation{fields: everything, filter: map[string]string{"status_eq": "repeat"}}
		document := `{"data":[{"id":"one","type":"customers","attributes":{` + attributes + `}}]}`
		expectEqual(t, attributes, judging(t, e, Claims{}, document), want)
	}
}

// The counts of a list that was read by page number tell newcomers from losses.
func TestCountsOfAListTellNewcomersFromLosses(t *testing.T) {
	for name, test := range map[string]struct {
		counts      []int
		read, total int
		want        string
		changed     bool
	}{
		"as many as were counted": {[]int{60, 60}, 60, 60, "", false},
		"not counted":             {nil, 60, -1, "", false},
		"one came":                {[]int{60, 61}, 60, 60, "", false},
		"one came and was read":   {[]int{60, 61}, 61, 61, "", false},
		"one went":                {[]int{60, 59}, 59, 59, "changed 59/0", false},
		"one went, another came":  {[]int{60, 59, 60}, 60, 60, "changed 60/0", false},
		"one went, two came":      {[]int{60, 59, 61}, 61, 61, "changed 61/0", false},
		"fewer than at first":     {[]int{60, 61}, 59, 61, "incomplete 59/61", true},
		"fewer, without a change": {[]int{60, 60}, 25, 60, "incomplete 25/60", false},
		"a count that lags":       {[]int{59, 60}, 60, 60, "", false},
	} {
		v := newVerdict(expectation{})
		for i := range test.read {
			v.seen[Identifier{ID: string(rune('a' + i))}] = true
		}
		for _, n := range test.counts {
			v.counted(n)
		}
		v.conclude()
		expectEqual(t, name+": the total", v.total, test.total)
		expectEqual(t, name+": what was found", told(v.findings), test.want)
		found := v.findings.Of(FindingIncomplete)
		expectEqual(t, name+": whether it was seen to change", found != nil && found.Changed, test.changed)
	}
}
