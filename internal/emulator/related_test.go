package emulator_test

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestRelatedToManyIsAList(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(1))
	tests := []struct{ relationship, key, value, want string }{
		{"tags", "", "", emulator.NewsletterTagID + " " + emulator.BetaTagID},
		{"customer_addresses", "", "", "cUsTaDdReA cUsTaDdReB"},
		{"returns", "", "", ""},
		{"order_subscriptions", "filter[q][status_eq]", "active", "sUbScRiPtA"},
		{"order_subscriptions", "filter[q][next_run_at_gt]", "2030-01-01", ""},
		{"order_subscriptions", "filter[q][expires_at_null]", "true", "sUbScRiPtA sUbScRiPtB"},
		{"order_subscriptions", "filter[q][source_order_number_eq]", "1002", "sUbScRiPtB"},
		{"orders", "filter[q][total_amount_cents_gt]", "1100", "oRdErBbBbB"},
		{"orders", "filter[q][placed_at_lt]", "2018-02-12T05:30:00Z", "oRdErAaAaA"},
		{"orders", "filter[q][id_gt]", "oRdErAaAaA", "oRdErBbBbB"},
		{"orders", "filter[q][shipments_id_eq]", "sHiPmEnTaB", "oRdErBbBbB"},
		{"orders", "sort", "-id", "oRdErBbBbB oRdErAaAaA"},
		{"orders", "sort", "-total_amount_cents", "oRdErBbBbB oRdErAaAaA"},
		{"tags", "sort", "name", emulator.BetaTagID + " " + emulator.NewsletterTagID},
	}
	for _, tt := range tests {
		t.Run(tt.relationship+" "+tt.key+"="+tt.value, func(t *testing.T) {
			target := fullCustomer + "/" + tt.relationship
			if tt.key != "" {
				target = query(target, tt.key, tt.value)
			}
			a := get(e, target)
			_, doc := a.list(t)
			if got := a.ids(t); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if doc.Meta.RecordCount != len(strings.Fields(tt.want)) || doc.Meta.PageCount != 1 ||
				!strings.HasPrefix(doc.Links["first"], "http://example.com"+fullCustomer+"/"+tt.relationship+"?") {
				t.Errorf("meta %+v, links %s", doc.Meta, doc.Links)
			}
		})
	}
}

func TestTheFirstGeneratedCustomerHasSeveralPagesOfOrders(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(2))
	buyer := e.CustomerIDs()[2]
	e.AddOrders(buyer, 3)
	_, doc := get(e, customers+"/"+buyer+"/orders").list(t)
	res, _ := get(e, customers+"/"+buyer).one(t)
	if doc.Meta.RecordCount != 63 || string(res.Attributes["total_orders_count"]) != "63" ||
		string(res.Attributes["status"]) != `"repeat"` {
		t.Errorf("%d orders, and %s %s", doc.Meta.RecordCount, res.Attributes["total_orders_count"], res.Attributes["status"])
	}
	if ids := e.AddOrders("nObOdYnObO", 1); ids != nil {
		t.Errorf("nobody has the orders %s", ids)
	}
}
