package main

import (
	"net/http"
	"slices"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// relatedProbes ask about the endpoints of relationships.
var relatedProbes = map[string]prober{
	emulator.AssumeRelatedToMany: {
		needs: []string{emulator.AssumePageSizeObeyed, emulator.AssumeSortObeyed},
		ask: func(org *organization) ([]request, string) {
			id, orders := org.facts.buyer()
			if orders < 2 {
				return nil, "a customer among the first 25 with two orders"
			}
			path := get(customersPath + "/" + id + "/orders").one()
			return []request{
				path.with("sort", "id"), path.with("sort", "-id"), path.filter("id_eq", unknownID, unknownID),
			}, ""
		},
		refusal: refuted,
		judge: func(_ *organization, a []*answer) verdict {
			switch orders := a[0].count(); {
			case len(a[0].ids()) > 1:
				return refutes("a page of one has %d orders", len(a[0].ids()))
			case orders < 2:
				return tellsNot("a customer with two orders that can be read")
			case slices.Equal(a[0].ids(), a[1].ids()):
				return refutes("both directions begin with the same order")
			case a[2].count() != 0:
				return refutes("a filter is ignored")
			default:
				return holds("%d orders, one on each page, in both directions", orders)
			}
		},
	},
	emulator.AssumeRelatedToOne: {
		ask: func(org *organization) ([]request, string) {
			if org.facts.withoutGroup == "" {
				return nil, "a customer among the first 25 without a group"
			}
			return []request{get(customersPath + "/" + org.facts.withoutGroup + "/customer_group")}, ""
		},
		judge: func(_ *organization, a []*answer) verdict {
			if a[0].status == http.StatusOK && string(a[0].doc.Data) == "null" {
				return holds("data is null")
			}
			return refutes("answered with %s", a[0].summary())
		},
	},
	emulator.AssumeRelatedUnknown: {
		customers: 1,
		ask: func(org *organization) ([]request, string) {
			return []request{
				get(customersPath + "/" + org.facts.ids()[0] + "/probe_no_such_relationship"),
				get(customersPath + "/" + unknownID + "/orders"),
			}, ""
		},
		judge: func(_ *organization, a []*answer) verdict {
			if a[0].status == http.StatusNotFound && a[1].status == http.StatusNotFound {
				return holds("both are answered with 404")
			}
			return refutes("the relationship is answered with %s, the customer with %s", a[0].summary(), a[1].summary())
		},
	},
}
