package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// served expects nothing but that all requests are served. The prober says what a
// refusal means.
func served([]*answer) verdict { return holds("served") }

// answered expects the same status and code of all answers. When the code is
// empty, any will do.
func answered(status int, code string) judge {
	return func(answers []*answer) verdict {
		for _, a := range answers {
			if a.Status != status || code != "" && a.Code != code {
				return refutes("answered with %s", a.summary())
			}
		}
		return holds("answered with %s", answers[0].summary())
	}
}

// hasForm expects an error with this status, media type and form.
func hasForm(status int, media, wantForm, wantKind string) judge {
	return func(a []*answer) verdict {
		if a[0].Status != status {
			return tellsNot("an answer with status %d: it was %s", status, a[0].summary())
		}
		form, kind := a[0].form()
		charset := strings.Contains(a[0].header.Get("Content-Type"), "charset")
		return saw(a[0].mediaType() == media && charset && form == wantForm && kind == wantKind,
			"%s with a %s as status", form, kind)
	}
}

// How many customers a filter is expected to list, of all that there are.
func nothing(n, _ int) bool        { return n == 0 }
func some(n, everybody int) bool   { return n > 0 && n < everybody }
func both(n, everybody int) bool   { return n > 1 && n < everybody }
func notAll(n, everybody int) bool { return n < everybody }
func all(n, everybody int) bool    { return n == everybody }

// lists expects of all answers but the first, which has no filter, that they list
// a right number of customers.
func lists(right func(n, everybody int) bool) judge {
	return func(answers []*answer) verdict {
		v := verdict{}
		for _, a := range answers[1:] {
			n, everybody := a.Meta.Count, answers[0].Meta.Count
			if v = saw(right(n, everybody), "it lists %d of %d customers", n, everybody); v.outcome == refuted {
				break
			}
		}
		return v
	}
}

// refusesFilters expects that all requests but the first, which has no filter, are
// refused.
func refusesFilters(answers []*answer) verdict {
	for _, a := range answers[1:] {
		if !a.refused() {
			return refutes("it lists %d of %d customers", a.Meta.Count, answers[0].Meta.Count)
		}
	}
	return holds("refused: %s", answers[1].summary())
}

// judgeHalves expects that every customer matches one of two filters.
func judgeHalves(a []*answer) verdict {
	everybody, with, without := a[0].Meta.Count, a[1].Meta.Count, a[2].Meta.Count
	ignored := with == everybody && without == everybody
	if with+without != everybody && !ignored {
		return tellsNot("a list that does not change meanwhile: %d and %d of %d customers", with, without, everybody)
	}
	return saw(!ignored, "%d and %d of %d customers", with, without, everybody)
}

func judgeSort(a []*answer) verdict {
	// The API writes all times in one form, so they are compared as text.
	up, down := a[0].texts("created_at"), a[1].texts("created_at")
	slices.Reverse(down)
	sorted := slices.IsSorted(up) && slices.IsSorted(down)
	if sorted && min(len(slices.Compact(up)), len(slices.Compact(down))) < 2 {
		return tellsNot("customers that were created at different times")
	}
	return states(sorted, "created_at is in order, in both directions")
}

// judgeInclude looks at customers with their groups and tags, and at the orders of
// the customer with the most.
func judgeInclude(a []*answer) verdict {
	obeyed := slices.ContainsFunc(a, (*answer).includes)
	if !obeyed && buyer(a[0].list) == "" {
		return tellsNot("a customer among the first 25 who has a group, tags or orders")
	}
	return states(obeyed, "there is linkage, or there are included resources")
}

// judgeID compares the IDs of the organization in the token and in a customer.
func (org *organization) judgeID(a []*answer) verdict {
	for _, c := range a[0].list {
		if told, meta := org.claims.OrganizationID, c.Meta.Organization; told != "" && meta != "" {
			return states(told == meta, "both are the same")
		}
	}
	return tellsNot("a token and a customer that name the organization")
}

// judgeRelated looks at the orders of a customer: in both directions, and with a
// filter that matches none.
func judgeRelated(a []*answer) verdict {
	switch orders := a[0].Meta.Count; {
	case len(a[0].list) > 1:
		return refutes("a page of one has %d orders", len(a[0].list))
	case orders < 2:
		return tellsNot("a customer among the first 25 with two orders that can be read")
	case slices.Equal(a[0].ids(), a[1].ids()):
		return refutes("both directions begin with the same order")
	case a[2].Meta.Count != 0:
		return refutes("a filter is ignored")
	default:
		return holds("%d orders, one on each page, in both directions", orders)
	}
}

func judgeNulls(a []*answer) verdict {
	null := func(page *answer) bool {
		return len(page.list) > 0 && string(page.list[0].Attributes["reference"]) == "null"
	}
	up, down := null(a[0]), null(a[1])
	if up == down {
		return tellsNot("customers with a reference, and some without")
	}
	return states(down, "a descending order begins with null, and an ascending one does not")
}

// judgeRateHeaders compares the numbers of remaining requests in three answers.
func (org *organization) judgeRateHeaders(a []*answer) verdict {
	var left []int
	for _, answer := range a {
		n, ok := answer.remaining()
		if !ok {
			return refutes("there is no such header")
		}
		left = append(left, n)
	}
	falls, constant := left[0] > left[1] && left[1] > left[2], left[0] == left[1] && left[1] == left[2]
	switch {
	case falls:
	case time.Since(org.started) > 50*time.Second && strconv.Itoa(left[0]) != a[0].header.Get("X-Ratelimit-Limit"):
		return tellsNot("a run of less than 50 seconds, so that no request leaves the window: %v", left)
	case !constant:
		return tellsNot("a minute without other requests: %v", left)
	}
	return saw(falls, "%v", left)
}

func judgeHeaders(a []*answer) verdict {
	if a[0].header.Get("Content-Type") != jsonapi.MediaType {
		return refutes("the media type is another, or has parameters")
	}
	// These are in all successful answers that were recorded in July 2025.
	missing := slices.DeleteFunc([]string{
		"Accept-Ranges", "Access-Control-Expose-Headers", "Cache-Control", "Referrer-Policy", "Vary",
		"X-Content-Type-Options", "X-Download-Options", "X-Permitted-Cross-Domain-Policies", "X-Xss-Protection",
	}, func(name string) bool { return a[0].header.Get(name) != "" })
	if len(missing) > 0 {
		return refutes("these are missing: %s", strings.Join(missing, ", "))
	}
	return holds("all recorded headers are there")
}
