package commercelayer

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestRelatedOneIsAListOfOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, 0)
		list := c.Related(RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "customer_group"})
		resources, err := collect(list.Pages(t.Context()))
		if err != nil || len(resources) != 1 {
			t.Fatal(resources, err)
		}
		group := resources[0]
		expectEqual(t, "the type", group.Type, "customer_groups")
		expectEqual(t, "the ID", group.ID, emulator.VIPGroupID)
		expectEqual(t, "the URL", *group.Self,
			"http://yourdomain.commercelayer.io/api/customer_groups/"+emulator.VIPGroupID)
		expectEqual(t, "the mode", *group.Mode, ModeTest)
		expectEqual(t, "the attributes", string(group.Attributes),
			`{"code":"vip","created_at":"2018-01-01T12:00:00.000Z","metadata":{},"name":"VIP",`+
				`"reference":null,"reference_origin":null,"updated_at":"2018-01-01T12:00:00.000Z"}`)
		expectEqual(t, "the total", list.Total, 1)
		w.expect(t, 1)
	})
}

func TestRelatedModeGuard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pages(`{"data":[{"id":"a","type":"orders","meta":{"mode":"live"}}]}`)
		_, err := follow(t, newClient(t, w, WithMode(ModeTest)), RelatedQuery{CustomerID: "x", Relationship: "orders"})
		expectEqual(t, "the path", failureOf(t, err, ErrWrongMode).Path, "/api/customers/x/orders")
		w.expect(t, 1)
	})
}

func TestRelatedAnswersThatAreRefused(t *testing.T) {
	for body, kind := range map[string]error{
		`{}`:                         ErrMalformed,
		`{"data":"a"}`:               ErrMalformed,
		`{"data":[{"id":"a"}]}`:      ErrMalformed,
		`{"data":{"type":"orders"}}`: ErrMalformed,
		`{"data":[null]}`:            ErrMalformed,
		`{"data":{"id":"a","type":"orders","attributes":[]}}`:                         ErrMalformed,
		`{"data":[{"id":"a","type":"t","attributes":{"n":1}},{"id":"a","type":"t"}]}`: ErrMalformed,
		"": ErrNotJSON, "<html>": ErrNotJSON,
	} {
		for _, relationship := range []string{"orders", "customer_group"} {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{handler: respond(200, "", body)}
				if errors.Is(kind, ErrNotJSON) {
					w.handler = respond(200, "text/html", body)
				}
				resources, err := follow(t, newClient(t, w), RelatedQuery{CustomerID: "x", Relationship: relationship})
				if !strings.HasPrefix(body, `{"data":[`) || relationship == "orders" {
					failure := failureOf(t, err, kind)
					expectEqual(t, "the path", failure.Path, "/api/customers/x/"+relationship)
				}
				if err == nil || resources != nil {
					t.Errorf("%s: %v, %v", body, resources, err)
				}
			})
		}
	}
}
