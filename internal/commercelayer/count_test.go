package commercelayer

import (
	"testing"
	"testing/synctest"
)

func TestCountReadsNoCustomerAndTakesOneRequest(t *testing.T) {
	for name, tt := range map[string]struct {
		query           Query
		total, requests int
	}{
		"everybody":           {Query{}, 60, 1},
		"a filter":            {Query{Filter: map[string]string{"email_eq": "john@example.com"}}, 1, 1},
		"nobody":              {Query{Filter: map[string]string{"email_eq": "nobody@example.org"}}, 0, 1},
		"no IDs":              {Query{IDs: []string{}}, 0, 0},
		"no addresses":        {Query{Emails: []string{}}, 0, 0},
		"addresses":           {Query{Emails: []string{"john@example.com", "nobody@example.org"}}, 1, 1},
		"IDs, some not there": {Query{IDs: []string{"xYZkjABcde", "nOsUcHoNeX", "xYZkjABcde"}}, 1, 1},
		"IDs and a filter": {
			Query{IDs: []string{"xYZkjABcde"}, Filter: map[string]string{"status_eq": "repeat"}}, 0, 1,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			_, w, c, _ := populated(t, 60)
			tt.query.Count = true
			list, ids := listed(t, c, tt.query)
			expectEqual(t, "the number of customers", len(ids), 0)
			expectEqual(t, "the total", list.Total, tt.total)
			w.expect(t, tt.requests)
		})
	}
}

func TestCountOfManyIDsAddsUpItsChunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, ids := populated(t, 60)
		list, _ := listed(t, c, Query{IDs: ids, Count: true})
		expectEqual(t, "the total", list.Total, 60)
		w.expect(t, 3)
	})
}

func TestCountOfMoreCustomersThanIDsIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, pages(`{"data":[],"meta":{"record_count":60}}`))
		_, err := collect(c.Customers(Query{IDs: []string{"a", "b"}, Count: true}).Pages(t.Context()))
		failure := failureOf(t, err, ErrFilterIgnored)
		expectEqual(t, "the reason", failure.Reason, "the answer counts more customers than were asked for")
	})
}
