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
		ask: asks(
			firstPage,
			list.filter("probe_no_such_attribute_eq", "1", "1").one(),
			list.filter("email_probe_no_such_matcher", "1", "1").one(),
		),
		judge: judgeRefusal,
	},
	emulator.AssumeEmptyFilter: {
		ask: asks(
			firstPage,
			list.filter("email_eq", "", "").one(),
			list.filter("status_in", "", "").one(),
		),
		judge: judgeRefusal,
	},
	emulator.AssumeKnownFilter: {
		ask: asksAbout(1, func(*facts) []request {
			return []request{
				firstPage,
				list.filter("status_eq", "prospect", "prospect").one(),
				list.filter("status_not_eq", "prospect", "prospect").one(),
			}
		}),
		judge: func(org *organization, a []*answer) verdict {
			all, with, without := org.facts.count, a[1].count(), a[2].count()
			switch {
			case a[1].refused() || a[2].refused():
				return refutes("refused: %s", a[1].summary())
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
		needs: []string{emulator.AssumeKnownFilter},
		ask: asksAbout(1, func(*facts) []request {
			return []request{
				firstPage, list.filter("reference_eq", unknownID, unknownID).one(),
				list.filter("email_end", nobody, nobody).one(),
			}
		}),
		judge: func(org *organization, a []*answer) verdict {
			for _, answer := range a[1:] {
				switch {
				case answer.refused():
					return tellsNot("a filter that is not refused: %s", answer.summary())
				case answer.count() != 0:
					return refutes("it lists %d of %d customers", answer.count(), org.facts.count)
				}
			}
			return holds("nobody")
		},
	},
	emulator.AssumeIDGt: {
		ask: asksAbout(1, func(f *facts) []request {
			id := f.ids()[0]
			return []request{firstPage, firstPage.filter("id_gt", id, shorten(id))}
		}),
		judge: func(org *organization, a []*answer) verdict {
			switch {
			case a[1].refused():
				return refutes("refused: %s", a[1].summary())
			case a[1].count() == org.facts.count && slices.Equal(a[1].ids(), org.facts.ids()):
				return refutes("ignored: it lists all %d customers", org.facts.count)
			default:
				return holds("%d of %d customers", a[1].count(), org.facts.count)
			}
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
		needs: []string{emulator.AssumeIDGt, emulator.AssumeIDGtOrder},
		ask: asksAbout(1, func(*facts) []request {
			return []request{firstPage, list.filter("id_gt", unknownID, unknownID).one()}
		}),
		judge: func(org *organization, a []*answer) verdict {
			switch {
			case a[1].refused():
				return refutes("refused: %s", a[1].summary())
			case a[1].count() == 0:
				return holds("nobody")
			default:
				return refutes("%d of %d customers", a[1].count(), org.facts.count)
			}
		},
	},
	emulator.AssumeIDIn: {
		ask: asksAbout(3, func(f *facts) []request {
			ids := f.ids()[:2]
			return []request{firstPage,
				list.filter("id_in", strings.Join(ids, ","), shorten(ids[0])+","+shorten(ids[1])).one()}
		}),
		judge: judgeMembers,
	},
	emulator.AssumeEmailIn: {
		ask: func(org *organization) ([]request, string) {
			one, other := org.facts.email(0), org.facts.email(1)
			if one == other || len(org.facts.list) < 3 {
				return nil, "three customers with addresses"
			}
			return []request{firstPage, list.filter("email_in", one+","+other, "…,…").one()}, ""
		},
		judge: judgeMembers,
	},
	emulator.AssumeUnknownMembers: {
		needs: []string{emulator.AssumeIDIn, emulator.AssumeEmailIn},
		ask: asksAbout(1, func(f *facts) []request {
			id, email := f.ids()[0], f.email(0)
			return []request{
				list.filter("id_in", id+","+unknownID, shorten(id)+","+unknownID).one(),
				list.filter("email_in", email+","+nobody, "…,"+nobody).one(),
			}
		}),
		judge: func(_ *organization, a []*answer) verdict {
			for _, answer := range a {
				if answer.refused() {
					return refutes("refused: %s", answer.summary())
				}
				if answer.count() < 1 {
					return refutes("the known member is left out too")
				}
			}
			return holds("the known members alone are listed")
		},
	},
	emulator.AssumeURLLength: {
		needs: []string{emulator.AssumeEmailIn, emulator.AssumeUnknownMembers},
		ask:   asks(list.filter("email_in", longAddresses(), "25 long addresses of nobody").one()),
		judge: func(_ *organization, a []*answer) verdict {
			if !a[0].ok() {
				return refutes("refused: %s", a[0].summary())
			}
			return holds("served")
		},
	},
	emulator.AssumeEmailEqCase:   {ask: asksByCase("email_eq"), judge: judgeCase},
	emulator.AssumeEmailContCase: {ask: asksByCase("email_cont"), judge: judgeCase},
	emulator.AssumeEmailInCase: {
		needs: []string{emulator.AssumeEmailIn},
		ask:   asksByCase("email_in"), judge: judgeCase,
	},
	emulator.AssumeMoreFilters: {
		needs: []string{emulator.AssumeKnownFilter},
		ask: asks(
			list.filter("shopper_reference_null", "true", "true").one(),
			list.filter("profile_id_null", "true", "true").one(),
			list.filter("has_password_true", "true", "true").one(),
		),
		judge: func(_ *organization, a []*answer) verdict {
			for _, answer := range a {
				if answer.refused() {
					return refutes("refused: %s", answer.summary())
				}
			}
			return holds("all three are served")
		},
	},
	emulator.AssumeMatches: {
		ask: asksAbout(1, func(*facts) []request {
			return []request{firstPage, list.filter("email_matches", "%@%", "%@%").one()}
		}),
		judge: func(org *organization, a []*answer) verdict {
			switch {
			case a[1].refused():
				return refutes("refused: %s", a[1].summary())
			case a[1].count() == org.facts.count:
				return holds("all %d customers", org.facts.count)
			default:
				return refutes("%d of %d customers", a[1].count(), org.facts.count)
			}
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

// judgeMembers expects that a filter with two values finds two customers.
func judgeMembers(org *organization, a []*answer) verdict {
	switch n := a[1].count(); {
	case a[1].refused():
		return refutes("refused: %s", a[1].summary())
	case n == org.facts.count:
		return refutes("ignored: it lists all %d customers", n)
	case n < 2:
		return refutes("%d of two members", n)
	default:
		return holds("two members of %d customers", org.facts.count)
	}
}

// asksByCase filters by an address as it is stored, and by the same address in
// upper case.
func asksByCase(predicate string) func(*organization) ([]request, string) {
	return func(org *organization) ([]request, string) {
		email := org.facts.email(0)
		if email == "" {
			return nil, "a customer with a lower-case letter in the address"
		}
		return []request{
			firstPage,
			list.filter(predicate, email, "…").one(),
			list.filter(predicate, strings.ToUpper(email), "… in upper case").one(),
		}, ""
	}
}

func judgeCase(org *organization, a []*answer) verdict {
	as, upper := a[1].count(), a[2].count()
	switch {
	case a[1].refused() || a[2].refused():
		return tellsNot("a filter that is not refused: %s", a[1].summary())
	case as < 1 || max(as, upper) == org.facts.count && org.facts.count > 1:
		return tellsNot("a filter that finds the customer alone: it finds %d of %d", max(as, upper), org.facts.count)
	case upper < as:
		return holds("%d as it is, %d in upper case", as, upper)
	default:
		return refutes("%d as it is, %d in upper case", as, upper)
	}
}
