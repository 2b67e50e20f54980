package commercelayer

import (
	"fmt"
	"strings"
	"testing"
)

// judging shows documents to a verdict, one after the other, and returns the
// last error.
func judging(t *testing.T, e expectation, token Claims, documents ...string) (*verdict, *Error) {
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
			return v, failure
		}
	}
	v.close()
	return v, nil
}

// dated returns a page of customers with these times of creation.
func dated(times ...string) string {
	var list []string
	for i, at := range times {
		list = append(list, fmt.Sprintf(`{"id":"c%d","type":"customers","attributes":{"created_at":%q,"updated_at":%q,`+
			`"total_orders_count":%d}}`, i, at, at, i))
	}
	return listJSON(len(list), list...)
}

const earlyTime, lateTime = "2018-01-01T12:00:00.000Z", "2020-01-01T13:00:00.000+01:00"

func TestOrderOnOnePageShowsWhetherSortWasObeyed(t *testing.T) {
	for name, test := range map[string]struct {
		sort, page string
		fails      bool
		unsorted   string
	}{
		"obeyed":                    {"created_at", dated(earlyTime, lateTime), false, ""},
		"obeyed, descending":        {"-created_at", dated(lateTime, earlyTime), false, ""},
		"the same time twice":       {"-created_at", dated(lateTime, lateTime, earlyTime, earlyTime), false, ""},
		"one time is null":          {"created_at", strings.ReplaceAll(dated("", earlyTime), `""`, "null"), false, ""},
		"ignored":                   {"-created_at", dated(earlyTime, lateTime), true, ""},
		"another time":              {"-updated_at", dated(earlyTime, lateTime), false, "updated_at"},
		"a number":                  {"-total_orders_count", dated(earlyTime, lateTime), false, "total_orders_count"},
		"a number, obeyed":          {"total_orders_count", dated(lateTime, earlyTime), false, ""},
		"a text, in whatever order": {"-email", dated(earlyTime, lateTime), false, ""},
		"an ID":                     {"-id", dated(earlyTime, lateTime), false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v, failure := judging(t, expectation{fields: everything, sort: []string{test.sort, "id"}}, Claims{}, test.page)
			if test.fails {
				expectKind(t, failure, ErrSortIgnored)
				return
			}
			if failure != nil {
				t.Fatal(failure)
			}
			got := ""
			if found := v.findings.Of(FindingUnsorted); found != nil {
				got = found.Name
			}
			expectEqual(t, "the attribute that is not in order", got, test.unsorted)
		})
	}
}

// Rows move between pages, so nothing is said about the order across them.
func TestOrderAcrossPagesIsNotJudged(t *testing.T) {
	second := strings.ReplaceAll(dated(earlyTime), `"c0"`, `"d0"`)
	if _, failure := judging(t, expectation{fields: everything, sort: []string{"created_at"}}, Claims{}, dated(lateTime), second); failure != nil {
		t.Error(failure)
	}
}

func TestIncludeThatNothingShowsIsAFinding(t *testing.T) {
	include := Selection{Include: []string{"customer_group", "orders.shipments"}}.fieldset()
	const head = `{"data":[{"id":"one","type":"customers","relationships":{`
	for name, test := range map[string]struct {
		body    string
		doubted bool
	}{
		"no linkage, nothing included": {head + `"customer_group":{"links":{}}}}]}`, true},
		"no relationships at all":      {`{"data":[{"id":"one","type":"customers"}]}`, true},
		"linkage of another one":       {head + `"tags":{"data":[]}}}]}`, true},
		"null as linkage":              {head + `"customer_group":{"data":null}}}]}`, false},
		"linkage of a path":            {head + `"orders":{"data":[]}}}]}`, false},
		"included, but empty":          {head + `"customer_group":{"links":{}}}}],"included":[]}`, false},
		"nobody":                       {`{"data":[]}`, false},
	} {
		v, failure := judging(t, expectation{fields: include}, Claims{}, test.body)
		if failure != nil {
			t.Fatal(failure)
		}
		expectEqual(t, name+": the doubt", v.findings.Of(FindingNotIncluded) != nil, test.doubted)
	}
	v, _ := judging(t, expectation{fields: include}, Claims{}, `{"data":[{"id":"one","type":"customers"}]}`,
		`{"data":[{"id":"two","type":"customers"}],"included":[]}`)
	expectEqual(t, "the doubt if a later page shows it", v.findings.Of(FindingNotIncluded) != nil, false)
}

func TestAnotherFieldsetThanWasAskedForIsNoticed(t *testing.T) {
	whole := `"email":null,"status":null,"has_password":null,"created_at":null,"updated_at":null,"reference":null,` +
		`"reference_origin":null,"metadata":null`
	for name, test := range map[string]struct {
		fields     []string
		attributes string
		fails      bool
		missing    string
	}{
		"all of the oldest API":        {nil, whole, false, ""},
		"one is missing":               {nil, strings.Replace(whole, `"email":null,`, "", 1), false, "email"},
		"one that newer ones have":     {nil, whole + `,"nickname":1`, false, ""},
		"those that were asked for":    {[]string{"status", "nickname"}, `"status":null`, false, ""},
		"more than was asked for":      {[]string{"status"}, whole, false, ""},
		"others":                       {[]string{"status"}, `"email":"a@b"`, true, ""},
		"only one of them":             {[]string{"status", "metadata"}, `"metadata":{},"email":null`, false, "status"},
		"one that older ones lack":     {[]string{"profile_id"}, ``, false, ""},
		"the ID alone, and others":     {[]string{"id"}, whole, false, ""},
		"a relationship that is there": {[]string{"tags"}, whole, false, ""},
		"a relationship that is not":   {[]string{"orders"}, `"email":null`, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v, failure := judging(t, expectation{fields: Selection{Fields: test.fields}.fieldset(), ofType: customersType, everywhere: attributesEverywhere}, Claims{},
				`{"data":[{"id":"one","type":"customers","attributes":{`+test.attributes+`},"relationships":{"tags":{}}}]}`)
			if test.fails {
				expectKind(t, failure, ErrMismatch)
				return
			}
			if failure != nil {
				t.Fatal(failure)
			}
			got := ""
			if found := v.findings.Of(FindingMissing); found != nil {
				got = found.Name
			}
			expectEqual(t, "what is missing", got, test.missing)
		})
	}
}

func TestModesAndOrganizationsAreOne(t *testing.T) {
	meta := func(pairs ...string) string {
		var list []string
		for i, pair := range pairs {
			mode, organization, _ := strings.Cut(pair, " ")
			list = append(list, fmt.Sprintf(`{"id":"c%d","type":"customers","meta":{"mode":%s,"organization_id":%s}}`, i, mode, organization))
		}
		return listJSON(len(list), list...)
	}
	for name, test := range map[string]struct {
		allowed, token string
		pages          []string
		want           error
	}{
		"one of each":               {"", "test", []string{meta(`"test" "a"`, `"test" "a"`)}, nil},
		"not told":                  {"", "test", []string{meta(`null null`, `"test" "a"`, `null "a"`)}, nil},
		"a token that tells none":   {"", "", []string{meta(`"live" "a"`)}, nil},
		"against the token":         {"", "test", []string{meta(`"live" "a"`)}, ErrWrongMode},
		"against the configuration": {"live", "", []string{meta(`"test" "a"`)}, ErrWrongMode},
		"two modes":                 {"", "", []string{meta(`"test" "a"`, `"live" "a"`)}, ErrMismatch},
		"two organizations":         {"", "test", []string{meta(`"test" "a"`, `"test" "b"`)}, ErrMismatch},
		"two on two pages": {"", "test", []string{meta(`"test" "a"`), strings.Replace(meta(`"test" "b"`), "c0", "d0", 1)},
			ErrMismatch},
	} {
		_, failure := judging(t, expectation{fields: everything, mode: test.allowed}, Claims{Mode: test.token}, test.pages...)
		switch {
		case test.want != nil:
			t.Run(name, func(t *testing.T) { expectKind(t, failure, test.want) })
		case failure != nil:
			t.Errorf("%s: %v", name, failure)
		}
	}
}

func TestAResourceIsItsTypeAndItsID(t *testing.T) {
	e := expectation{noun: "resource", nouns: "resources", fields: everything, same: sameRelatedResource}
	v, failure := judging(t, e, Claims{}, `{"data":[{"id":"same","type":"a"},{"id":"same","type":"b"}]}`,
		`{"data":[{"id":"same","type":"c"},{"id":"same","type":"a"}]}`)
	if failure != nil {
		t.Fatal(failure)
	}
	expectEqual(t, "the number of resources", len(v.seen), 3)
	expectEqual(t, "the number of those that came again", v.repeated, 1)
}

func TestOneCustomerWhoComesTwiceIsOne(t *testing.T) {
	same := customerJSON("one", "a@example.com", "repeat")
	spaced := strings.Replace(same, `"status"`, `"nickname" : 7, "status"`, 1) // equal as typed
	v, failure := judging(t, expectation{fields: everything}, Claims{}, listJSON(2, same, spaced))
	if failure != nil {
		t.Fatal(failure)
	}
	expectEqual(t, "the number of customers", len(v.seen), 1)
	_, failure = judging(t, expectation{fields: everything}, Claims{}, listJSON(2, same, strings.Replace(same, "repeat", "prospect", 1)))
	expectEqual(t, "the reason", failureOf(t, failure, ErrMalformed).Reason, `the answer holds "one" twice, with different content`)
	// What was not asked for does not count.
	_, failure = judging(t, expectation{fields: Selection{Fields: []string{"email"}}.fieldset()}, Claims{},
		listJSON(2, same, strings.Replace(same, "repeat", "prospect", 1)))
	if failure != nil {
		t.Error(failure)
	}
}

// An attribute that was not sent is not null: nobody knows whether it matches.
func TestAbsentAttributesAreNotCompared(t *testing.T) {
	for attributes, want := range map[string]string{
		`"status":"repeat"`: "", `"status":"prospect"`: "one", `"status":null`: "one", `"email":"a@b"`: "unknown",
	} {
		v, failure := judging(t, expectation{fields: everything, filter: map[string]string{"status_eq": "repeat"}}, Claims{},
			`{"data":[{"id":"one","type":"customers","attributes":{`+attributes+`}}]}`)
		if failure != nil {
			t.Fatal(failure)
		}
		got, doubted := v.doubted["status_eq"]
		if doubted && got == "" {
			got = "unknown"
		}
		expectEqual(t, attributes+": who does not match", got, want)
	}
}

// A resource of another type than customers has its own noun in errors, and lacks
// none of a customer's attributes.
func TestAnotherResourceIsJudgedByItsOwnNoun(t *testing.T) {
	for body, want := range map[string]string{
		`{"data":{"id":"one","type":"markets","attributes":{"name":"EU"}}}`: "",
		`{"data":{"id":"two","type":"markets"}}`:                            `the answer holds the market "two"`,
		`{"data":{"id":"one","type":"customers"}}`:                          `the answer holds a resource of the type "customers" instead of "markets"`,
		`{"data":[{"id":"one","type":"markets"}]}`:                          "the document holds a list where one market was asked for",
		`{"data":{"id":"one","type":"markets","attributes":7}}`:             `the market "one": the attributes of a resource must not be a JSON number`,
	} {
		v := newVerdict(expectation{noun: "market", nouns: "markets", ofType: "markets", fields: everything})
		_, market, failure := v.one([]byte(body), "one", Claims{})
		switch {
		case want == "" && (failure != nil || market.ID != "one" || len(v.findings) > 0):
			t.Errorf("%s: %v %v", body, failure, v.findings)
		case want != "" && (failure == nil || failure.Reason != want):
			t.Errorf("%s: %v, want %s", body, failure, want)
		}
	}
}
