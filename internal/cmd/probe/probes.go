package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// probes has a probe for each assumption of the emulator, by its name.
func (org *organization) probes() map[string]prober {
	return map[string]prober{
		"unknown-filter": {
			requests: filters("probe_no_such_attribute_eq=1", "email_probe_no_such_matcher=1"), judge: refusesFilters,
		},
		"empty-filter": {requests: filters("email_eq=", "status_in="), judge: refusesFilters},
		"known-filter": {
			customers: 1, requests: filters("status_eq=prospect", "status_not_eq=prospect"),
			refusal: refuted, judge: judgeHalves,
		},
		"filter-control": {
			needs:    []string{"known-filter"},
			requests: filters("reference_eq="+unknownID, "email_end="+nobody), refusal: untold, judge: lists(nothing),
		},
		"page-size-obeyed": {
			customers: 2, requests: gets(firstPage, "customers?sort=id&page[size]=1"),
			judge: func(a []*answer) verdict {
				large, small, everybody := len(a[0].list), len(a[1].list), a[0].Meta.Count
				if everybody < large {
					return tellsNot("the number of all customers")
				}
				return saw(large == min(25, everybody) && small == 1, "%d customers on a page of 25, and %d on a page of one",
					large, small)
			},
		},
		"sort-obeyed": {
			customers: 2, refusal: untold, judge: judgeSort,
			requests: gets("customers?sort=created_at&page[size]=25", "customers?sort=-created_at&page[size]=25"),
		},
		"include-obeyed": {
			requests: gets(includedPage, "customers/{buyer}?include=orders"), judge: judgeInclude,
		},
		"id-gt": {requests: filters("id_gt={id}"), refusal: refuted, judge: lists(notAll)},
		"id-gt-order": {
			needs: []string{"id-gt"}, requests: gets(firstPage, firstPage+"&filter[q][id_gt]={unordered}"),
			judge: func(a []*answer) verdict {
				ids, got := a[0].ids(), a[1].ids()
				want := ids[slices.Index(ids, unlikeText(ids))+1:]
				return states(len(got) >= len(want) && slices.Equal(got[:len(want)], want),
					"the filter gives the customers that follow the ID in the list")
			},
		},
		"id-gt-unknown": {
			needs:    []string{"id-gt", "id-gt-order"},
			requests: filters("id_gt=" + unknownID), refusal: refuted, judge: lists(nothing),
		},
		"id-in": {customers: 3, requests: filters("id_in={id},{id2}"), refusal: refuted, judge: lists(both)},
		"email-in": {
			customers: 3, requests: filters("email_in={email},{email2}"), refusal: refuted, judge: lists(both),
		},
		"unknown-members": {
			needs: []string{"id-in", "email-in"}, refusal: refuted, judge: lists(some),
			requests: filters("id_in={id},"+unknownID, "email_in={email},"+nobody),
		},
		"url-length": {
			needs:    []string{"email-in", "unknown-members"},
			requests: gets("customers?filter[q][email_in]={addresses}&page[size]=1"), refusal: refuted, judge: served,
		},
		"expired-token": tokenProbe("{expired}"),
		"foreign-token": tokenProbe("{foreign}"),
		"other-mode": {
			requests: []request{{path: oneCustomer, token: "{otherMode}"}},
			judge: func(a []*answer) verdict {
				if a[0].Status != http.StatusOK && a[0].Status != http.StatusNotFound {
					return tellsNot("an answer of 200 or 404: it was %s", a[0].summary())
				}
				return saw(a[0].Status == http.StatusNotFound, "answered with %s", a[0].summary())
			},
		},
		"organization-id": {requests: gets(firstPage), judge: org.judgeID},
		"related-to-many": {
			needs: []string{"page-size-obeyed", "sort-obeyed"}, refusal: refuted, judge: judgeRelated,
			requests: gets("customers/{buyer}/orders?page[size]=1&sort=id", "customers/{buyer}/orders?page[size]=1&sort=-id",
				"customers/{buyer}/orders?page[size]=1&filter[q][id_eq]="+unknownID),
		},
		"related-to-one": {
			requests: gets("customers/{ungrouped}/customer_group"),
			judge: func(a []*answer) verdict {
				if a[0].refused() {
					return refutes("answered with %s", a[0].summary())
				}
				return states(string(a[0].Data) == "null", "data is null")
			},
		},
		"related-unknown": {
			requests: gets("customers/{id}/probe_no_such_relationship", "customers/"+unknownID+"/orders"),
			judge:    answered(http.StatusNotFound, ""),
		},
		"empty-to-many": linkageProbe("tags", "[]"),
		"empty-to-one":  linkageProbe("customer_group", "null"),
		"included-empty": {
			needs:    []string{"include-obeyed"},
			requests: gets("customers?filter[q][id_eq]={ungrouped}&include=customer_group&page[size]=1"),
			judge: func(a []*answer) verdict {
				switch {
				case a[0].Meta.Count != 1:
					return tellsNot("a list with this customer only: it was answered with %s", a[0].summary())
				case a[0].Included == nil:
					return refutes("it is left out")
				default:
					return holds("it has %d resources", len(*a[0].Included))
				}
			},
		},
		"fields": {
			customers: 1, requests: gets("customers?fields[customers]=status&sort=id&page[size]=1"),
			judge: func(a []*answer) verdict {
				if len(a[0].list) == 0 {
					return refutes("the list has no customers: %s", a[0].summary())
				}
				attributes, relationships := a[0].list[0].Attributes, a[0].list[0].Relationships
				return saw(attributes["status"] != nil && len(attributes) == 1 && len(relationships) == 0,
					"%d attributes and %d relationships", len(attributes), len(relationships))
			},
		},
		"email-eq-case":   caseProbe("email_eq"),
		"email-in-case":   caseProbe("email_in", "email-in"),
		"email-cont-case": caseProbe("email_cont"),
		"token-basic":     grantProbe(withBasic),
		"token-json":      grantProbe(withJSON),
		"token-error": {
			unauthorized: true, requests: []request{{grant: unknownInJSON}},
			judge: func(a []*answer) verdict {
				if !a[0].refused() {
					return tellsNot("a refusal: the endpoint answered %s", a[0].summary())
				}
				object, _ := a[0].form()
				return saw(object == "one object", "%s", object)
			},
		},
		"unknown-include":   badRequest("include=probe_no_such_relationship", "INVALID_INCLUDE"),
		"unknown-sort":      badRequest("sort=probe_no_such_attribute", "INVALID_SORT_CRITERIA"),
		"unknown-field":     badRequest("fields[customers]=probe_no_such_field", "INVALID_FIELD"),
		"unknown-parameter": badRequest("probe_no_such_parameter=1", "PARAM_NOT_ALLOWED"),
		"include-depth": {
			requests: gets("customers?include=orders.shipments.order&page[size]=1",
				"customers?include=orders.shipments.order.customer&page[size]=1"),
			judge: func(a []*answer) verdict {
				return saw(!a[0].refused() && a[1].refused(), "three levels are answered with %s, four with %s",
					a[0].summary(), a[1].summary())
			},
		},
		"page-size": {
			requests: gets("customers?page[size]=26"),
			judge: func(a []*answer) verdict {
				return saw(a[0].refused(), "answered with %s, and %d customers", a[0].summary(), len(a[0].list))
			},
		},
		"page-past-end": {
			requests: gets(firstPage, firstPage+"&page[number]={past}"), refusal: refuted,
			judge: func(a []*answer) verdict {
				return saw(len(a[1].list) == 0, "it has %d customers", len(a[1].list))
			},
		},
		"empty-list-pages": {
			requests: gets("customers?filter[q][id_eq]=" + unknownID + "&page[size]=1"),
			judge: func(a []*answer) verdict {
				if a[0].Meta.Count != 0 {
					return tellsNot("an empty list: a filter by an unknown ID was answered with %s", a[0].summary())
				}
				return saw(a[0].Meta.Pages == 1, "page_count %d", a[0].Meta.Pages)
			},
		},
		"default-order": {
			customers: 2, requests: gets(firstPage, "customers?page[size]=25"),
			judge: func(a []*answer) verdict {
				return states(slices.Equal(a[0].ids(), a[1].ids()), "the first page is the same")
			},
		},
		"sort-nulls": {
			customers: 2, judge: judgeNulls,
			requests: gets("customers?sort=reference&page[size]=1", "customers?sort=-reference&page[size]=1"),
		},
		"more-filters": {
			needs:    []string{"known-filter"},
			requests: filters("shopper_reference_null=true", "profile_id_null=true", "has_password_true=true")[1:],
			refusal:  refuted, judge: served,
		},
		"matches-wildcards": {
			customers: 1, requests: filters("email_matches=%@%"), refusal: refuted, judge: lists(all),
		},
		"rate-headers": {
			requests: gets("customers?sort=id&page[size]=1", "customers?sort=-id&page[size]=1",
				"customers?sort=created_at&page[size]=1"),
			judge: org.judgeRateHeaders,
		},
		"refused-uncounted": {needs: []string{"rate-headers"}, limits: true, judge: judgeCost},
		"burst-remaining":   {needs: []string{"rate-headers"}, limits: true, judge: judgeRemaining},
		"burst-endpoint": {
			limits: true,
			judge: func(a []*answer) verdict {
				other := a[2]
				if other.Status != http.StatusOK && other.Status != http.StatusTooManyRequests {
					return tellsNot("an answer other than %s", other.summary())
				}
				return saw(other.Status == http.StatusTooManyRequests,
					"while the list is refused, a single customer is answered with %s", other.summary())
			},
		},
		"window-steps": {
			needs: []string{"rate-headers"}, limits: true,
			requests: []request{{path: onePage, age: 58 * time.Second}}, judge: org.judgeSteps,
		},
		"success-headers": {requests: gets(firstPage), judge: judgeHeaders},
		"not-found-form": {
			requests: gets("customers/" + unknownID),
			judge:    hasForm(http.StatusNotFound, "application/json", "one object", "number"),
		},
		"unauthorized-form": {
			unauthorized: true, requests: []request{{path: onePage, token: "probe-no-such-token"}},
			judge: hasForm(http.StatusUnauthorized, jsonapi.MediaType, "an array", "string"),
		},
		"accept": {
			requests: []request{{path: onePage, accept: "*/*"}, {path: onePage, accept: "application/json"}},
			judge:    answered(http.StatusNotAcceptable, ""),
		},
		"jwt-custom-claim": {
			customers: 1, requests: gets(firstPage),
			judge: func(a []*answer) verdict {
				seen := "left out"
				for _, c := range a[0].list {
					switch claim, sent := c.Attributes["jwt_custom_claim"]; {
					case string(claim) == "null":
						return holds("it is null")
					case sent:
						seen = "not null"
					}
				}
				return refutes("it is %s", seen)
			},
		},
		"self":          {unauthorized: true, requests: gets("organization", "application"), refusal: refuted, judge: served},
		"server-errors": {requests: gets("{fault}")},
	}
}

// tokenProbe expects that another token is refused as invalid.
func tokenProbe(token string) prober {
	return prober{
		unauthorized: true, requests: []request{{path: onePage, token: token}},
		judge: func(a []*answer) verdict {
			if a[0].Status == http.StatusOK {
				return tellsNot("another token: this one was accepted")
			}
			return answered(http.StatusUnauthorized, "INVALID_TOKEN")(a)
		},
	}
}

// grantProbe expects that client credentials in this form give a token.
func grantProbe(form grant) prober {
	return prober{unauthorized: true, requests: []request{{grant: form}}, refusal: refuted, judge: served}
}

// badRequest expects that a list with this parameter is refused with this code.
func badRequest(parameter, code string) prober {
	return prober{
		requests: gets("customers?" + parameter + "&page[size]=1"), judge: answered(http.StatusBadRequest, code),
	}
}

// caseProbe filters by an address as it is stored, and by the same address in
// upper case.
func caseProbe(predicate string, needs ...string) prober {
	return prober{
		needs: needs, requests: filters(predicate+"={email}", predicate+"={EMAIL}"), refusal: untold,
		judge: func(a []*answer) verdict {
			everybody, as, upper := a[0].Meta.Count, a[1].Meta.Count, a[2].Meta.Count
			if as < 1 || max(as, upper) == everybody && everybody > 1 {
				return tellsNot("a filter that finds the customer alone: it finds %d of %d", max(as, upper), everybody)
			}
			return saw(upper < as, "%d as it is, %d in upper case", as, upper)
		},
	}
}

// linkageProbe looks for a customer whose relationship is empty, and expects this
// data in it.
func linkageProbe(name, want string) prober {
	return prober{
		needs: []string{"include-obeyed"}, requests: gets(includedPage), refusal: untold,
		judge: func(a []*answer) verdict {
			for _, c := range a[0].list {
				switch data := c.linkage(name); data {
				case "":
					return refutes("it has no data")
				case "null", "[]":
					return saw(data == want, "it is %s", data)
				}
			}
			return tellsNot("a customer among the first 25 whose %s is empty", name)
		},
	}
}
