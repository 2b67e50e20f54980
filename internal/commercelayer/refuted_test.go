package commercelayer

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// refutedOutcomes lists the ways to refute an assumption, and the uses whose
// outcome that changes. If a use can't read right any more, it must say so:
// with an error, a doubt, or the outcome of a list.
var refutedOutcomes = map[string]map[string]string{
	"unknown-filter:ignored": {"a filter with a typing error": "filter ignored, 2 requests"},
	// The provider refuses empty values itself. This is what would happen without
	// that.
	"empty-filter:ignored": {
		"a filter without a value":                         "filter ignored, 2 requests",
		"a filter that can't be compared, without a value": "60 of 0 customers, with a doubt, 4 requests",
	},
	"known-filter:ignored": {
		"one of 60 orders":                     "filter ignored, 2 requests",
		"a filter by reference":                "filter ignored, 2 requests",
		"a filter by shopper reference":        "filter ignored, 2 requests",
		"a filter that can't be compared here": "filter ignored, 2 requests",
	},
	"known-filter:refused": {
		"one of 60 orders":                     "request refused, 1 request",
		"a filter by reference":                "request refused, 1 request",
		"a filter by shopper reference":        "request refused, 1 request",
		"a filter that can't be compared here": "request refused, 1 request",
	},
	"filter-control:all": {
		"a filter that can't be compared here":      "filter ignored, 2 requests",
		"an address in capitals":                    "filter ignored, 1 request",
		"5 addresses in capitals":                   "filter ignored, 6 requests",
		"nobody":                                    "filter ignored, 2 requests",
		"emails in capitals":                        "filter ignored, 2 requests",
		"a filter by a part in capitals":            "filter ignored, 2 requests",
		"5 customers by address and an unknown one": "right, unknown one filter ignored, 2 requests",
	},
	"page-size-obeyed:ten": {
		"30 customers by ID":                      "right, 17 requests",
		"30 customers by address":                 "right, 27 requests",
		"25 customers by long addresses":          "right, 26 requests",
		"all customers":                           "right, 6 requests",
		"the first 40 customers":                  "right, 4 requests",
		"all customers, sorted":                   "right, 6 requests",
		"30 ids":                                  "right, 4 requests",
		"30 emails":                               "right, 4 requests",
		"a sorted list whose last page goes away": "49 of 50 customers, changed, 5 requests",
		"a sorted list whose last page goes away, with a full one before": "right, changed, 5 requests",
		"60 orders": "60, 6 requests",
	},
	// Addresses and references are compared in too many ways to tell their order.
	"sort-obeyed:ignored": {
		"all customers, sorted":              "in another order, 3 requests",
		"the youngest customers":             "sort ignored, 1 request",
		"customers sorted by what some lack": "in another order, 1 request",
	},
	"id-gt:ignored": {
		"60 orders":                            "60, by page number, 4 requests",
		"all customers":                        "right, by page number, 4 requests",
		"the first 40 customers":               "right, by page number, 3 requests",
		"a filter behind an ID that never was": "60 of 0 customers, with a doubt, by page number, 5 requests",
	},
	"id-gt:refused": {
		"60 orders":                            "60, by page number, 4 requests",
		"all customers":                        "right, by page number, 4 requests",
		"the first 40 customers":               "right, by page number, 3 requests",
		"a filter behind an ID that never was": "request refused, 1 request",
	},
	"id-gt-order:text": {
		"60 orders":              "60, by page number, 4 requests",
		"all customers":          "in another order, by page number, 4 requests",
		"the first 40 customers": "right, by page number, 3 requests",
		// This use still reads right: the API compares in its own way.
		"a filter behind an ID that never was": "14 of 0 customers, 2 requests",
	},
	"id-gt-unknown:ignored": {"a filter behind an ID that never was": "60 of 0 customers, with a doubt, 4 requests"},
	"id-gt-unknown:refused": {"a filter behind an ID that never was": "request refused, 1 request"},
	"id-in:refused": {
		"30 customers by ID":                   "right, 32 requests",
		"5 customers by ID and an unknown one": "right, unknown one not found, 7 requests",
		"30 ids":                               "request refused, 2 requests",
		"5 ids and an unknown one":             "request refused, 1 request",
	},
	"id-in:ignored": {
		"30 customers by ID":                   "right, 32 requests",
		"5 customers by ID and an unknown one": "right, unknown one not found, 7 requests",
		"30 ids":                               "filter ignored, 2 requests",
		"5 ids and an unknown one":             "filter ignored, 1 request",
	},
	"email-in:refused": {
		"30 customers by address":                   "right, 32 requests",
		"5 customers by address and an unknown one": "right, unknown one not found, 7 requests",
		"5 addresses in capitals":                   "not found, 6 requests",
		"25 customers by long addresses":            "right, 26 requests",
		"30 emails":                                 "request refused, 2 requests",
		"emails in capitals":                        "request refused, 2 requests",
		"a filter of 5 KB":                          "request refused, 1 request",
	},
	"email-in:ignored": {
		"30 customers by address":                   "right, 32 requests",
		"5 customers by address and an unknown one": "right, unknown one not found, 7 requests",
		"5 addresses in capitals":                   "not found, 6 requests",
		"25 customers by long addresses":            "right, 26 requests",
		"30 emails":                                 "filter ignored, 2 requests",
		"emails in capitals":                        "filter ignored, 2 requests",
		"a filter of 5 KB":                          "filter ignored, 2 requests",
	},
	"unknown-members:refused": {
		"5 customers by ID and an unknown one":      "right, unknown one not found, 7 requests",
		"5 customers by address and an unknown one": "right, unknown one not found, 7 requests",
		"5 addresses in capitals":                   "not found, 6 requests",
		"5 ids and an unknown one":                  "request refused, 1 request",
		"emails in capitals":                        "request refused, 2 requests",
		"a filter of 5 KB":                          "request refused, 1 request",
	},
	"url-length:refused": {"a filter of 5 KB": "request refused, 1 request"},
	"expired-token:unauthorized": {
		"an expired token": "permission missing",
		"a token of client credentials that expires early": "permission missing, 3 requests",
	},
	"foreign-token:not-found": {"a token of another organization": "not found"},
	"other-mode:served": {
		"a customer of the other mode":                 "right",
		"a customer of the other mode, with the guard": "wrong mode",
	},
	"email-eq-case:folded": {"an address in capitals": "right, 1 request",
		"5 addresses in capitals": "right, 6 requests",
	},
	"email-in-case:folded": {
		"5 addresses in capitals": "right, 1 request",
		"emails in capitals":      "right, 2 requests",
	},
	"email-cont-case:folded": {"a filter by a part in capitals": "10 of 0 customers, 1 request"},
	"token-basic:refused": {
		"client credentials":                               "client credentials refused, 1 request",
		"a token of client credentials that is revoked":    "client credentials refused, 1 request",
		"a token of client credentials that expires early": "client credentials refused, 1 request",
	},
	"token-json:refused": {"client credentials with special characters": "right, 3 requests"},
	"unknown-include:ignored": {
		"what a customer can't be related to":            "no such relationship, 2 requests",
		"a relationship that does not exist":             "email, status, metadata, created_at, claim",
		"a list with a relationship that does not exist": "right, include in doubt, 3 requests",
	},
	"unknown-sort:ignored":      {"a sort key that does not exist": "right, 3 requests"},
	"unknown-field:ignored":     {"a field that does not exist": "status"},
	"include-depth:shallower":   {"relationships three levels deep": "request refused"},
	"more-filters:refused":      {"a filter by shopper reference": "request refused, 1 request"},
	"matches-wildcards:literal": {"a filter with wildcards": "0 of 10 customers, 1 request"},
	"sort-nulls:first":          {"customers sorted by what some lack": "in another order, 1 request"},
	"jwt-custom-claim:object":   {"the claim of an ordinary token": "email, status, metadata, created_at, claim"},
	"burst-remaining:zero":      {"20 reads beside neighbours that fill the burst": "right, in 60 s, 1 refused"},
	"burst-endpoint:apart":      {"20 reads beside neighbours that fill the burst": "right, in 10 s"},

	"rate-headers:missing":  {"20 reads beside neighbours that leave some of the burst": "right, in 10 s, 1 refused"},
	"rate-headers:constant": {"20 reads beside neighbours that leave some of the burst": "right, in 10 s, 1 refused"},

	"related-to-many:whole":    {"60 orders": "60, 1 request"},
	"related-to-one:not-found": {"no group": "0, 2 requests"},
	"related-unknown:refused":  {"what a customer can't be related to": "no such relationship, 2 requests"},

	"page-past-end:not-found": {
		"a sorted list whose last page goes away":                         "right, changed, 4 requests",
		"a sorted list whose last page goes away, with a full one before": "right, changed, 4 requests",
	},
	"include-obeyed:ignored": {
		"relationships that are empty":        "customer_group false, tags false",
		"the first customers with their tags": "right, include in doubt, 1 request",
	},
	"empty-to-many:missing": {"relationships that are empty": "customer_group true, tags false"},
	"empty-to-one:missing":  {"relationships that are empty": "customer_group false, tags true"},

	// Here all uses have the usual outcome.
	"included-empty:missing": nil, "organization-id:other": nil,
	"fields:ignored": nil, "token-error:array": nil,
	"unknown-include:code": nil, "unknown-sort:code": nil, "unknown-field:code": nil,
	"unknown-parameter:ignored": nil, "unknown-parameter:code": nil,
	"include-depth:deeper": nil, "page-size:clamped": nil, "page-size:served": nil,
	"page-past-end:last": nil, "empty-list-pages:zero": nil,
	"default-order:newest":      nil,
	"refused-uncounted:counted": nil, "window-steps:steps": nil,
	"success-headers:charset": nil, "success-headers:missing": nil,
	"not-found-form:array": nil, "not-found-form:html": nil, "unauthorized-form:object": nil,
	"accept:any": nil, "jwt-custom-claim:missing": nil, "self:refused": nil, "server-errors:object": nil,
}

// TestEveryRefutedAssumptionIsReadRightOrTold runs the uses with assumptions
// refuted. Those that change no outcome are refuted together, and all uses are
// run. Each of the others is refuted alone. Then only the groups with a use
// whose outcome changes are run.
func TestEveryRefutedAssumptionIsReadRightOrTold(t *testing.T) {
	checkOutcomes(t)
	tryUses(t, nil, slices.Concat(useGroups...))
	var together [][]string
	for _, a := range emulator.Assumptions() {
		indifferent := 0
		for _, option := range a.Options() {
			differences, known := refutedOutcomes[option]
			switch {
			case !known:
				t.Errorf("the table has no row for %q, %s", option, a.Assumed)
			case len(differences) == 0:
				if indifferent == len(together) {
					together = append(together, nil)
				}
				together[indifferent] = append(together[indifferent], option)
				indifferent++
			default:
				for _, group := range useGroups {
					if slices.ContainsFunc(group, func(u use) bool { return differences[u.name] != "" }) {
						tryUses(t, []string{option}, group)
					}
				}
			}
		}
	}
	for _, refuted := range together {
		tryUses(t, refuted, slices.Concat(useGroups...))
	}
}

// checkOutcomes fails if the table names something that does not exist.
func checkOutcomes(t *testing.T) {
	t.Helper()
	names := map[string]bool{}
	for _, u := range slices.Concat(useGroups...) {
		if names[u.name] {
			t.Errorf("two uses are called %q", u.name)
		}
		names[u.name] = true
	}
	for option, differences := range refutedOutcomes {
		if !strings.Contains(option, ":") || emulator.CheckRefutation(option) != nil {
			t.Errorf("the table has a row for %q, which is no option of the emulator", option)
		}
		for name := range differences {
			if !names[name] {
				t.Errorf("%s names %q, which is no use", option, name)
			}
		}
	}
}

// tryUses compares the outcomes of uses with the expected ones.
func tryUses(t *testing.T, refuted []string, uses []use) {
	t.Helper()
	for _, u := range uses {
		want := u.usual
		if len(refuted) > 0 {
			if other, differs := refutedOutcomes[refuted[0]][u.name]; differs {
				want = other
			}
		}
		var got string
		synctest.Test(t, func(t *testing.T) { got = u.run(refuting(t, refuted)) })
		if got != want {
			t.Errorf("%s: %q: %q, want %q", strings.Join(refuted, " "), u.name, got, want)
		}
	}
}
