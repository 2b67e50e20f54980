package main

import (
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

var list = get(customersPath)

// filterProbes ask which filters are applied, refused or ignored. They compare the
// number of customers with the filter to the number without it.
var filterProbes = map[string]prober{
	emulator.AssumeUnknownFilter: {
		requests: []request{
			firstPage, list.filter("probe_no_such_attribute_eq", "1", "1").one(),
			list.filter("email_probe_no_such_matcher", "1", "1").one(),
		},
		judge: judgeRefusal,
	},
	emulator.AssumeEmptyFilter: {
		requests: []request{firstPage, list.filter("email_eq", "", "").one(), list.filter("status_in", "", "").one()},
		judge:    judgeRefusal,
	},
	emulator.AssumeKnownFilter: {
		customers: 1, requests: []request{
			firstPage, list.filter("status_eq", "prospect", "prospect").one(),
			list.filter("status_not_eq", "prospect", "prospect").one(),
		},
		refusal: refuted,
		judge: func(org *organization, a []*answer) verdict {
			all, with, without := org.facts.count, a[1].count(), a[2].count()
			switch {
			case with == all && without == all:
				return refutes("ignored: both list all %d customers", all)
			case with+without == all:
				return holds("%d and %d of %d customers", with, without, all)
			default:
				return tellsNot("a list that does not change meanwhile: %d and %d of %d customers", with, without, all)
			}
		},
	},
	emulator.AssumeFilterControl: {
		needs: []string{emulator.AssumeKnownFilter}, customers: 1,
		requests: []request{
			firstPage, list.filter("reference_eq", unknownID, unknownID).one(), list.filter("email_end", nobody, nobody).one(),
		},
		refusal: untold, judge: judgeNobody,
	},
	emulator.AssumeIDGt: {
		customers: 1,
		ask: func(org *organization) ([]request, string) {
			id := org.facts.ids()[0]
			return []request{firstPage, firstPage.filter("id_gt", id, shorten(id))}, ""
		},
		refusal: refuted,
		judge: func(org *organization, a []*answer) verdict {
			if a[1].count() == org.facts.count && slices.Equal(a[1].ids(), org.facts.ids()) {
				return refutes("ignored: it lists all %d customers", org.facts.count)
			}
			return holds("%d of %d customers", a[1].count(), org.facts.count)
		},
	},
	emulator.AssumeIDGtOrder: {
		needs: []string{emulator.AssumeIDGt},
		ask: func(org *organization) ([]request, string) {
			i := unlikeText(org.facts.ids())
			if i < 0 {
				return nil, "customers whose IDs, in the API's order, do not follow the alphabet"
			}
			id := org.facts.ids()[i]
			return []request{firstPage, firstPage.filter("id_gt", id, shorten(id))}, ""
		},
		judge: func(org *organization, a []*answer) verdict {
			ids := org.facts.ids()
			want := ids[unlikeText(ids)+1:]
			if got := a[1].ids(); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
				return refutes("the filter does not give the customers that follow the ID in the list")
			}
			return holds("the same %d customers follow an ID", len(want))
		},
	},
	emulator.AssumeIDGtUnknown: {
		needs: []string{emulator.AssumeIDGt, emulator.AssumeIDGtOrder}, customers: 1,
		requests: []request{firstPage, list.filter("id_gt", unknownID, unknownID).one()},
		refusal:  refuted, judge: judgeNobody,
	},
	emulator.AssumeIDIn: {
		customers: 3,
		ask: func(org *organization) ([]request, string) {
			ids := org.facts.ids()[:2]
			return []request{firstPage,
				list.filter("id_in", strings.Join(ids, ","), shorten(ids[0])+","+shorten(ids[1])).one()}, ""
		},
		refusal: refuted, judge: judgeMembers,
	},
	emulator.AssumeEmailIn: {
		ask: func(org *organization) ([]request, string) {
			one, other := org.facts.email(0), org.facts.email(1)
			if one == other || len(org.facts.list) < 3 {
				return nil, "three customers with addresses"
			}
			return []request{firstPage, list.filter("email_in", one+","+other, "…,…").one()}, ""
		},
		refusal: refuted, judge: judgeMembers,
	},
	emulator.AssumeUnknownMembers: {
		needs:     []string{emulator.AssumeIDIn, emulator.AssumeEmailIn},
		customers: 1,
		ask: func(org *organization) ([]request, string) {
			id, email := org.facts.ids()[0], org.facts.email(0)
			return []request{
				list.filter("id_in", id+","+unknownID, shorten(id)+","+unknownID).one(),
				list.filter("email_in", email+","+nobody, "…,"+nobody).one(),
			}, ""
		},
		refusal: refuted,
		judge: func(_ *organization, a []*answer) verdict {
			for _, answer := range a {
				if answer.count() < 1 {
					return refutes("the known member is left out too")
				}
			}
			return holds("the known members alone are listed")
		},
	},
	emulator.AssumeURLLength: {
		needs:    []string{emulator.AssumeEmailIn, emulator.AssumeUnknownMembers},
		requests: []request{list.filter("email_in", longAddresses(), "25 long addresses of nobody").one()},
		refusal:  refuted,
		judge:    served("served"),
	},
	emulator.AssumeEmailEqCase:   caseProbe("email_eq"),
	emulator.AssumeEmailContCase: caseProbe("email_cont"),
	emulator.AssumeEmailInCase:   caseProbe("email_in", emulator.AssumeEmailIn),
	emulator.AssumeMoreFilters: {
		needs: []string{emulator.AssumeKnownFilter},
		requests: []request{
			list.filter("shopper_reference_null", "true", "true").one(),
			list.filter("profile_id_null", "true", "true").one(),
			list.filter("has_password_true", "true", "true").one(),
		},
		refusal: refuted,
		judge:   served("all three are served"),
	},
	emulator.AssumeMatches: {
		customers: 1, requests: []request{firstPage, list.filter("email_matches", "%@%", "%@%").one()},
		refusal: refuted,
		judge: func(org *organization, a []*answer) verdict {
			if a[1].count() != org.facts.count {
				return refutes("%d of %d customers", a[1].count(), org.facts.count)
			}
			return holds("all %d customers", org.facts.count)
		},
	},
}

// nobody is an address that can't exist, because its domain is reserved.
const nobody = "probe-nobody@example.invalid"

// longAddresses is a list of addresses that makes a URL of about 7,000
// characters.
func longAddresses() string {
	const one = 254
	domain := "@example.invalid"
	all := make([]string, 25)
	for i := range all {
		all[i] = "probe-nobody-" + string(rune('a'+i)) + strings.Repeat("x", one-len(domain)-14) + domain
	}
	text := strings.Join(all, ",")
	const around = 120 // for the path, the other parameters and escaped characters
	return strings.Repeat("y", max(0, 7000-around-len(text))) + text
}

// unlikeText finds an ID that a later ID in the list precedes in the alphabet. It
// returns the index of the first such ID, or -1 when the list is in the order of
// the alphabet.
func unlikeText(ids []string) int {
	for i, id := range ids {
		if slices.ContainsFunc(ids[i+1:], func(later string) bool { return later < id }) {
			return i
		}
	}
	return -1
}

// judgeRefusal expects that all requests but the first are refused. The first one
// is the list without a filter.
func judgeRefusal(org *organization, a []*answer) verdict {
	for _, answer := range a[1:] {
		switch {
		case answer.refused():
		case answer.count() == org.facts.count:
			return refutes("ignored: it lists all %d customers", org.facts.count)
		default:
			return refutes("served: it lists %d of %d customers", answer.count(), org.facts.count)
		}
	}
	return holds("refused: %s", a[1].summary())
}

// judgeNobody expects that all requests but the first list nobody.
func judgeNobody(org *organization, a []*answer) verdict {
	for _, answer := range a[1:] {
		if answer.count() != 0 {
			return refutes("it lists %d of %d customers", answer.count(), org.facts.count)
		}
	}
	return holds("nobody")
}

// judgeMembers expects that a filter with two values finds two customers.
func judgeMembers(org *organization, a []*answer) verdict {
	switch n := a[1].count(); {
	case n == org.facts.count:
		return refutes("ignored: it lists all %d customers", n)
	case n < 2:
		return refutes("%d of two members", n)
	default:
		return holds("two members of %d customers", org.facts.count)
	}
}

// caseProbe filters by an address as it is stored, and by the same address in
// upper case.
func caseProbe(predicate string, needs ...string) prober {
	return prober{needs: needs, refusal: untold, judge: judgeCase, ask: func(org *organization) ([]request, string) {
		email := org.facts.email(0)
		if email == "" {
			return nil, "a customer with a lower-case letter in the address"
		}
		return []request{
			firstPage, list.filter(predicate, email, "…").one(),
			list.filter(predicate, strings.ToUpper(email), "… in upper case").one(),
		}, ""
	}}
}

func judgeCase(org *organization, a []*answer) verdict {
	as, upper := a[1].count(), a[2].count()
	switch {
	case as < 1 || max(as, upper) == org.facts.count && org.facts.count > 1:
		return tellsNot("a filter that finds the customer alone: it finds %d of %d", max(as, upper), org.facts.count)
	case upper < as:
		return holds("%d as it is, %d in upper case", as, upper)
	default:
		return refutes("%d as it is, %d in upper case", as, upper)
	}
}
