package emulator

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	// DefaultToken is the access token in the example of the API's
	// documentation. It is not a JWT and never expires. It belongs to an
	// integration in the emulator's mode and may read customers.
	DefaultToken = "your-access-token"
	// DefaultClientID is the client ID of an integration in the emulator's mode
	// that may read customers.
	DefaultClientID = "eMuLaToRiNtEgRaTiOnClIeNtId"
	// DefaultClientSecret is the secret of DefaultClientID.
	DefaultClientSecret = "eMuLaToRiNtEgRaTiOnClIeNtSeCrEt"
	// SeedCustomerID is the ID of john@example.com, the example in the API's
	// documentation. The example is served byte for byte. It has eight
	// attributes, eight relationships and no trace_id. In live mode only its
	// mode is changed.
	SeedCustomerID = "xYZkjABcde"
	// FullCustomerID is the ID of a customer with all fifteen attributes and
	// fifteen relationships of the current API. No attribute is null. The
	// metadata has values that are not strings.
	FullCustomerID = "bKqTzWmXdL"
	// FullCustomerEmail is the e-mail address of FullCustomerID.
	FullCustomerEmail = "ada@example.com"
	// VIPGroupID is the group that FullCustomerID is in.
	VIPGroupID = "vIpGrOuPaB"
	// RetailGroupID is the group of some generated customers.
	RetailGroupID = "rEtAiLgRpC"
	// NewsletterTagID is a tag of FullCustomerID and of generated customers.
	NewsletterTagID = "nEwSlEtTeR"
	// BetaTagID is a tag of FullCustomerID.
	BetaTagID = "bEtAtEsTeR"
)

//go:embed fixtures/seed_customer.json
var seedDocument []byte

// SeedDocument returns the answer for SeedCustomerID in test mode.
func SeedDocument() []byte { return bytes.Clone(seedDocument) }

// fullDocument has FullCustomerID and the resources that it is related to. The
// members are not in alphabetical order, and the number 1.50 ends in a zero,
// because tests check that both are kept.
//
// Simplified: the related resources have only some of the real attributes.
//
//go:embed fixtures/full_customer.json
var fullDocument []byte

// fullData reads fullDocument once for all emulators.
var fullData = sync.OnceValue(func() *Data {
	r := newDataReader()
	if err := r.read(fullDocument); err != nil {
		panic(err)
	}
	return r.data
})

// seedTime is the time when the seeded resources were created.
var seedTime = time.Date(2018, 1, 1, 12, 0, 0, 0, time.UTC)

func (e *Emulator) seed() {
	e.tokens.byValue[DefaultToken] = &token{
		value: DefaultToken, kind: KindIntegration, live: e.live, canRead: true, slug: e.slug, scope: defaultScope,
	}
	e.AddApplication(Application{
		ClientID: DefaultClientID, ClientSecret: DefaultClientSecret,
		Kind: KindIntegration, CanReadCustomers: true, Live: e.live,
	})
	if e.data != nil {
		e.ReplaceData(e.data)
		return
	}
	document := seedDocument
	if e.live {
		document = bytes.Replace(document, []byte(`"mode": "test"`), []byte(`"mode": "live"`), 1)
	}
	e.AddDocument(SeedCustomerID, document)
	for _, l := range fullData().resources {
		// Without its document, a resource is written with the links, the mode and
		// the trace ID of the answer.
		seeded := l.resource
		seeded.document = nil
		if seeded.kind != "customers" {
			seeded.attributes = slices.Concat(seeded.attributes, commonAttributes())
		}
		e.store.put(&seeded, e.live)
	}
	if ids := e.generateCustomers(e.generate); len(ids) > 0 {
		e.AddOrders(ids[0], manyOrders)
	}
}

// manyOrders is the number of orders of the first generated customer. They fill
// several pages.
const manyOrders = 60

// orderAttributes returns the attributes of a placed order. Each fourth order
// is not paid yet.
func orderAttributes(number int) object {
	cents := 100 * (number % 90)
	payment := "paid"
	if number%4 == 0 {
		payment = "authorized"
	}
	return append(object{
		{"number", fmt.Appendf(nil, `"%d"`, number)},
		{"status", quote("placed")},
		{"payment_status", quote(payment)},
		{"fulfillment_status", quote("unfulfilled")},
		{"currency_code", quote("EUR")},
		{"total_amount_cents", encode(cents)},
		{"formatted_total_amount", fmt.Appendf(nil, `"€%d,00"`, cents/100)},
		{"skus_count", encode(1 + number%3)},
		{"placed_at", quote(seedTime.Add(time.Duration(number) * time.Hour).Format(timeFormat))},
		{"approved_at", nil},
	}, commonAttributes()...)
}

// AddOrders adds n placed orders to a customer of the emulator's mode. It
// returns their IDs with the oldest order first. The customer's
// total_orders_count and status change too, unless the customer is a document.
// It returns nil if there is no such customer.
func (e *Emulator) AddOrders(customerID string, n int) []string {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	customer := e.store.resolve(ref{"customers", customerID}, e.live)
	if customer == nil {
		return nil
	}
	changed := *customer
	changed.links = maps.Clone(customer.links)
	if changed.links == nil {
		changed.links = map[string][]ref{}
	}
	orders := slices.Clone(customer.links["orders"])
	ids := make([]string, n)
	for i := range ids {
		number := *e.store.collection("orders", e.live).sequence
		ids[i] = encodeID(orderNumbers + number)
		e.store.put(&resource{
			ref: ref{"orders", ids[i]}, attributes: orderAttributes(1001 + int(number)),
			links: map[string][]ref{"customer": {customer.ref}},
		}, e.live)
		orders = append(orders, ref{"orders", ids[i]})
	}
	changed.links["orders"] = orders
	if customer.document == nil {
		count := int(customer.value("total_orders_count", numberKind).number) + n
		changed.attributes = customer.attributes.with("total_orders_count", encode(count)).
			with("status", quote(statusOf(count)))
	}
	e.store.put(&changed, e.live)
	return ids
}

// orderNumbers is added to the number of an order before it becomes an ID. So
// no order has the ID of a customer.
const orderNumbers = 1_000_000_000

// generateCustomers adds n customers with different attributes and returns
// their IDs. Each third has orders, each fifth a group, and each seventh a tag.
func (e *Emulator) generateCustomers(n int) []string {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	var ids []string
	for i := range n {
		number := fmt.Sprintf("%06d", i+1)
		orders := 0
		if i%3 == 0 && i > 0 {
			orders = 1 + i%4
		}
		customer := Customer{
			ID:        e.store.freshID(),
			Email:     "customer-" + number + "@example.com",
			Status:    statusOf(orders),
			Reference: new("REF-" + number),
			CreatedAt: seedTime.Add(time.Duration(i+1) * time.Minute),
		}.resource()
		for name, value := range map[string]json.RawMessage{
			"has_password":       encode(i%2 == 0),
			"total_orders_count": encode(orders),
			"shopper_reference":  quote("shopper-" + number),
			"reference_origin":   quote("generated"),
		} {
			customer.attributes[customer.attributes.index(name)].value = value
		}
		customer.links = map[string][]ref{}
		if i%5 == 0 {
			customer.links["customer_group"] = []ref{{"customer_groups", RetailGroupID}}
		}
		if i%7 == 0 {
			customer.links["tags"] = []ref{{"tags", NewsletterTagID}}
		}
		e.store.put(customer, e.live)
		ids = append(ids, customer.id)
	}
	return ids
}
