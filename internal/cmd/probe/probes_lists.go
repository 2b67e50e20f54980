package main

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// listProbes ask about pages, orders, includes and fields.
var listProbes = map[string]prober{
	emulator.AssumeUnknownInclude: codeProbe("INVALID_INCLUDE",
		list.with("include", "probe_no_such_relationship").one()),
	emulator.AssumeUnknownSort: codeProbe("INVALID_SORT_CRITERIA",
		list.with("sort", "probe_no_such_attribute").one()),
	emulator.AssumeUnknownField: codeProbe("INVALID_FIELD",
		list.with("fields[customers]", "probe_no_such_field").one()),
	emulator.AssumeUnknownParameter: codeProbe("PARAM_NOT_ALLOWED", list.with("probe_no_such_parameter", "1").one()),
	emulator.AssumeIncludeDepth: {
		requests: []request{
			list.with("include", "orders.shipments.order").one(),
			list.with("include", "orders.shipments.order.customer").one(),
		},
		judge: func(_ *organization, a []*answer) verdict {
			switch {
			case a[0].refused():
				return refutes("three levels are refused: %s", a[0].summary())
			case !a[1].refused():
				return refutes("four levels are served")
			default:
				return holds("four levels are refused: %s", a[1].summary())
			}
		},
	},
	emulator.AssumePageSize: {
		requests: []request{list.with("page[size]", "26")},
		judge: func(_ *organization, a []*answer) verdict {
			if a[0].refused() {
				return holds("refused: %s", a[0].summary())
			}
			return refutes("served, with %d customers", len(a[0].list()))
		},
	},
	emulator.AssumePageSizeObeyed: {
		customers: 2, requests: []request{firstPage, list.with("sort", "id").one()},
		judge: func(org *organization, a []*answer) verdict {
			switch first, second := len(org.facts.list), len(a[1].list()); {
			case org.facts.count < first:
				return tellsNot("the number of all customers")
			case first != min(25, org.facts.count) || second != 1:
				return refutes("%d customers on a page of 25, and %d on a page of one", first, second)
			default:
				return holds("%d customers on a page of 25, and one on a page of one", first)
			}
		},
	},
	emulator.AssumeSortObeyed: {
		customers: 2, requests: []request{
			list.with("sort", "created_at", "page[size]", "25"), list.with("sort", "-created_at", "page[size]", "25"),
		},
		refusal: untold,
		judge: func(_ *organization, a []*answer) verdict {
			// The API writes all times in one form, so they are compared as text.
			up, down := a[0].texts("created_at"), a[1].texts("created_at")
			slices.Reverse(down)
			switch {
			case !slices.IsSorted(up) || !slices.IsSorted(down):
				return refutes("created_at is in another order")
			case len(slices.Compact(up)) < 2 || len(slices.Compact(down)) < 2:
				return tellsNot("customers that were created at different times")
			default:
				return holds("created_at is in order, in both directions")
			}
		},
	},
	emulator.AssumeIncludeObeyed: {
		customers: 1,
		ask: func(org *organization) ([]request, string) {
			if id, orders := org.facts.buyer(); orders > 0 {
				return []request{includedPage, get(customersPath+"/"+id, "include", "orders")}, ""
			}
			return []request{includedPage}, ""
		},
		judge: func(_ *organization, a []*answer) verdict {
			switch {
			case slices.ContainsFunc(a, (*answer).included):
				return holds("linkage, or resources that are included")
			case len(a) == 2:
				return refutes("neither linkage nor included resources")
			default:
				return tellsNot("a customer among the first 25 who has a group, tags or orders")
			}
		},
	},
	emulator.AssumePagePastEnd: {
		ask: func(org *organization) ([]request, string) {
			past := strconv.Itoa(org.facts.first.pages() + 1)
			return []request{firstPage, get(customersPath, "sort", "id", "page[size]", "25", "page[number]", past)}, ""
		},
		refusal: refuted,
		judge: func(_ *organization, a []*answer) verdict {
			if n := len(a[1].list()); n > 0 {
				return refutes("it has %d customers", n)
			}
			return holds("an empty list")
		},
	},
	emulator.AssumeEmptyListPages: {
		requests: []request{list.filter("id_eq", unknownID, unknownID).one()},
		judge: func(_ *organization, a []*answer) verdict {
			switch {
			case a[0].count() != 0:
				return tellsNot("an empty list: a filter by an unknown ID was answered with %s", a[0].summary())
			case a[0].pages() == 1:
				return holds("page_count 1")
			default:
				return refutes("page_count %d", a[0].pages())
			}
		},
	},
	emulator.AssumeDefaultOrder: {
		customers: 2, requests: []request{firstPage, list.with("page[size]", "25")},
		judge: func(org *organization, a []*answer) verdict {
			if slices.Equal(a[1].ids(), org.facts.ids()) {
				return holds("the first page is the same")
			}
			return refutes("the first page has other customers")
		},
	},
	emulator.AssumeSortNulls: {
		customers: 2, requests: []request{list.with("sort", "reference").one(), list.with("sort", "-reference").one()},
		judge: func(_ *organization, a []*answer) verdict {
			null := func(i int) bool {
				page := a[i].list()
				return len(page) > 0 && string(page[0].Attributes["reference"]) == "null"
			}
			switch up, down := null(0), null(1); {
			case !up && down:
				return holds("a descending order begins with null")
			case up && !down:
				return refutes("an ascending order begins with null")
			default:
				return tellsNot("customers with a reference, and some without")
			}
		},
	},
	emulator.AssumeFields: {
		customers: 1, requests: []request{get(customersPath, "fields[customers]", "status", "sort", "id").one()},
		judge: func(_ *organization, a []*answer) verdict {
			page := a[0].list()
			if len(page) == 0 {
				return refutes("the list has no customers: %s", a[0].summary())
			}
			attributes, relationships := page[0].Attributes, page[0].Relationships
			if _, ok := attributes["status"]; !ok || len(attributes) != 1 || len(relationships) != 0 {
				return refutes("%d attributes and %d relationships", len(attributes), len(relationships))
			}
			return holds("one attribute and no relationships")
		},
	},
	emulator.AssumeEmptyToOne:  linkageProbe("customer_group", "null"),
	emulator.AssumeEmptyToMany: linkageProbe("tags", "[]"),
	emulator.AssumeIncludedEmpty: {
		needs: []string{emulator.AssumeIncludeObeyed},
		ask: func(org *organization) ([]request, string) {
			id := org.facts.withoutGroup
			if id == "" {
				return nil, "a customer without a group"
			}
			return []request{list.filter("id_eq", id, shorten(id)).with("include", "customer_group").one()}, ""
		},
		judge: func(_ *organization, a []*answer) verdict {
			switch {
			case !a[0].ok() || a[0].count() != 1:
				return tellsNot("a list with this customer only: it was answered with %s", a[0].summary())
			case a[0].doc.Included == nil:
				return refutes("it is left out")
			default:
				return holds("it has %d resources", len(*a[0].doc.Included))
			}
		},
	},
	emulator.AssumeJWTCustomClaim: {
		customers: 1, requests: []request{firstPage},
		judge: func(org *organization, _ []*answer) verdict {
			absent := 0
			for _, c := range org.facts.list {
				raw, ok := c.Attributes["jwt_custom_claim"]
				if string(raw) == "null" {
					return holds("null")
				}
				if !ok {
					absent++
				}
			}
			if absent > 0 {
				return refutes("it is left out")
			}
			return refutes("it is not null")
		},
	},
}

// codeProbe expects that a request is refused with this code.
func codeProbe(code string, r request) prober {
	return prober{requests: []request{r}, judge: func(_ *organization, a []*answer) verdict {
		switch {
		case !a[0].refused():
			return refutes("served")
		case a[0].status != http.StatusBadRequest || a[0].code() != code:
			return refutes("refused with another code: %s", a[0].summary())
		default:
			return holds("refused: %s", a[0].summary())
		}
	}}
}

// linkageProbe looks for a customer whose relationship is empty, and expects this
// data in it.
func linkageProbe(name, want string) prober {
	needs := []string{emulator.AssumeIncludeObeyed}
	return prober{needs: needs, requests: []request{includedPage}, judge: func(_ *organization, a []*answer) verdict {
		if !a[0].ok() {
			return tellsNot("a list with include: it was answered with %s", a[0].summary())
		}
		for _, c := range a[0].list() {
			raw := c.Relationships[name].Data
			switch {
			case c.linkage(name) == "missing":
				return refutes("it has no data")
			case c.linkage(name) == "empty" && string(raw) != want:
				return refutes("it is %s", raw)
			case c.linkage(name) == "empty":
				return holds("it is %s", want)
			}
		}
		return tellsNot("a customer among the first 25 whose %s is empty", name)
	}}
}
