package commercelayer

import (
	"testing"
	"testing/synctest"
)

func TestRelatedFilterIsComparedWithoutFurtherRequests(t *testing.T) {
	for _, test := range []struct {
		relationship, predicate, value string
		count                          int
	}{
		{"order_subscriptions", "status_eq", "active", 1},
		{"order_subscriptions", "status_in", "active,cancelled", 2},
		{"tags", "name_eq", "newsletter", 1},
		{"tags", "name_start_any", "news,beta", 2},
		{"tags", "name_or_reference_cont", "letter", 1},
		{"orders", "number_eq", "1001", 1},
		{"orders", "total_amount_cents_in", "1,2", 0},
		{"orders", "id_in", "oRdErBbBbB,unknown", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, w, c := emulated(t, 0)
			list, ids := related(t, c, filtered(test.relationship, test.predicate, test.value))
			expectEqual(t, test.relationship+" by "+test.predicate, len(ids), test.count)
			expectEqual(t, "whether there is a doubt", list.doubted(), false)
			w.expect(t, 1)
		})
	}
}

// If a filter can't be compared here, one request asks for a value that nobody
// has. If the predicate takes none, it counts the matches without it.
func TestRelatedFilterThatCantBeComparedIsAskedAbout(t *testing.T) {
	for predicate, test := range map[string]struct {
		value   string
		doubted bool
		control string // a value that nobody has, if the predicate takes one
	}{
		"total_amount_cents_gt": {"1100", false, "2147483647"}, // one of two orders
		"placed_at_gt":          {"2000-01-01", false, "9998-12-31T23:59:59.999Z"},
		"shipments_id_eq":       {"sHiPmEnTaB", false, "NoSuchIdQx"},
		"created_at_eq":         {"2018-01-01T12:00:00.000Z", false, "1905-07-09T03:04:05.678Z"},
		"number_not_eq":         {"9999", true, ""},
		"tags_id_null":          {"true", true, ""},
		"reference_null":        {"true", true, ""},
	} {
		bubble(t, predicate, func(t *testing.T) {
			_, w, c := emulated(t, 0)
			list, _ := related(t, c, filtered("orders", predicate, test.value))
			expectEqual(t, "whether there is a doubt", list.doubted(), test.doubted)
			if doubt := list.Findings.Of(FindingFilterDoubt); doubt != nil && (doubt.Read != 2 || doubt.Counted != 2) {
				t.Errorf("the doubt is %+v", doubt)
			}
			sent := w.expect(t, 2)
			expectEqual(t, "the size of the page that is counted", sent[1].query.Get("page[size]"), "1")
			expectEqual(t, "the filter of the count", sent[1].filter(predicate), test.control)
		})
	}
}

func TestRelatedResourceThatIgnoresAFilterIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{
			handler: respond(200, "", `{"data":{"id":"a","type":"customer_groups","attributes":{"code":"vip"}}}`),
		}
		c := newClient(t, w)
		_, err := follow(t, c, filtered("customer_group", "code_eq", "retail"))
		expectKind(t, err, ErrFilterIgnored)
		_, ids := related(t, c, filtered("customer_group", "code_eq", "VIP"))
		expectEqual(t, "the number read", len(ids), 1)
	})
}
