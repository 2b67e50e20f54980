package emulator

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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

// seedTime is the time when the seeded resources were created.
var seedTime = time.Date(2018, 1, 1, 12, 0, 0, 0, time.UTC)

func (e *Emulator) seed() {
	e.tokens.seed(e.slug, e.live)
	e.AddApplication(Application{
		ClientID: DefaultClientID, ClientSecret: DefaultClientSecret,
		Kind: KindIntegration, CanReadCustomers: true, Live: e.live,
	})
	if e.data != nil {
		e.ReplaceData(e.data)
		return
	}
	e.AddGroup(VIPGroupID, "VIP", "vip")
	e.AddGroup(RetailGroupID, "Retail", "retail")
	e.AddTag(NewsletterTagID, "newsletter")
	e.AddTag(BetaTagID, "beta_tester")
	e.seedOrders()

	document := seedDocument
	if e.live {
		document = bytes.Replace(document, []byte(`"mode": "test"`), []byte(`"mode": "live"`), 1)
	}
	e.AddDocument(SeedCustomerID, document)
	e.AddCustomer(fullCustomer())
	if ids := e.generateCustomers(e.generate); len(ids) > 0 {
		e.AddOrders(ids[0], manyOrders)
	}
}

// manyOrders is the number of orders of the first generated customer. They fill
// several pages.
const manyOrders = 60

func fullCustomer() Customer {
	return Customer{
		ID:                  FullCustomerID,
		Email:               FullCustomerEmail,
		HasPassword:         true,
		TotalOrdersCount:    6,
		ShopperReference:    new("shopper-0001"),
		ProfileID:           new("profile-0001"),
		TaxExemptionCode:    new("EX-42"),
		Reference:           new("ERP-0001"),
		ReferenceOrigin:     new("erp"),
		CreatedAt:           time.Date(2024, 2, 29, 23, 59, 59, 7e6, time.UTC),
		UpdatedAt:           time.Date(2025, 3, 16, 8, 0, 0, 120e6, time.UTC),
		Metadata:            json.RawMessage(fullMetadata),
		AnonymizationInfo:   json.RawMessage(fullAnonymization),
		AnonymizationStatus: new("cancelled"),
		JWTCustomClaim:      json.RawMessage(`{"tier":"gold","limits":{"orders":3}}`),
		GroupID:             VIPGroupID,
		TagIDs:              []string{NewsletterTagID, BetaTagID},
		related: map[string][]string{
			"customer_addresses":  addressIDs,
			"orders":              orderIDs,
			"order_subscriptions": subscriptionIDs,
		},
	}
}

// The resources that FullCustomerID is related to.
var (
	addressIDs      = []string{"cUsTaDdReA", "cUsTaDdReB"}
	orderIDs        = []string{"oRdErAaAaA", "oRdErBbBbB"}
	subscriptionIDs = []string{"sUbScRiPtA", "sUbScRiPtB"}
)

// Tests check that the order of the members and the spelling of the numbers are
// kept, so the members are not in alphabetical order and 1.50 ends in a zero.
const (
	fullMetadata = `{"last_name":"Lovelace","first_name":"Ada","vip":true,"blocked":false,"nickname":null,` +
		`"sizes":["S","M",42],"erp_id":9007199254740993,"score":1.50,` +
		`"gdpr_preferences":{"email":true,"sms":false,"history":[{"at":"2025-01-01","ok":true}]},` +
		`"note":"Zürich \"Süd\" <a&b>","empty":""}`
	fullAnonymization = `{"status":"cancelled","requested_at":"2025-03-15 11:39:21 UTC",` +
		`"started_at":"2025-03-15 11:40:00 UTC","completed_at":null,"failed_at":null,` +
		`"cancelled_at":"2025-03-16 08:00:00 UTC",` +
		`"requester":{"id":"fdgt56hh","first_name":"Travis","last_name":"Muller","email":"travis@example.com"},` +
		`"cancellation_requester":{"id":"fdgt56hi","first_name":"Mary","last_name":"Key","email":"mary@example.com"}}`
)

// seedOrders adds the resources that the full customer is related to.
//
// Simplified: addresses, orders, shipments and subscriptions have only some of
// the real attributes.
func (e *Emulator) seedOrders() {
	for i, id := range addressIDs {
		address := "aDdReSsAa" + string(rune('A'+i))
		e.addResource("addresses", address, object{
			{"city", appendString(nil, "London")},
			{"country_code", appendString(nil, "GB")},
		}, nil)
		e.addResource("customer_addresses", id, object{
			{"name", appendString(nil, fmt.Sprintf("Address %d", i+1))},
		}, map[string][]ref{
			"customer": {{"customers", FullCustomerID}},
			"address":  {{"addresses", address}},
		})
	}
	for i, id := range orderIDs {
		shipment := "sHiPmEnTa" + string(rune('A'+i))
		e.addResource("orders", id, orderAttributes(1001+i), map[string][]ref{
			"customer":  {{"customers", FullCustomerID}},
			"shipments": {{"shipments", shipment}},
		})
		e.addResource("shipments", shipment, object{
			{"number", fmt.Appendf(nil, `"%d/S/001"`, 1001+i)},
			{"status", appendString(nil, "shipped")},
		}, map[string][]ref{"order": {{"orders", id}}})
	}
	for i, id := range subscriptionIDs {
		status := []string{"active", "cancelled"}[i]
		e.addResource("order_subscriptions", id, object{
			{"number", fmt.Appendf(nil, `"SUB%d"`, i+1)},
			{"status", appendString(nil, status)},
			{"frequency", appendString(nil, "monthly")},
			{"starts_at", appendString(nil, seedTime.Format(timeFormat))},
			{"expires_at", nil},
			{"next_run_at", appendString(nil, seedTime.AddDate(0, 1, 0).Format(timeFormat))},
			{"errors_count", []byte("0")},
		}, map[string][]ref{
			"customer":     {{"customers", FullCustomerID}},
			"source_order": {{"orders", orderIDs[i]}},
			"orders":       {{"orders", orderIDs[i]}},
		})
	}
}

// orderAttributes returns the attributes of a placed order. Each fourth order
// is not paid yet.
func orderAttributes(number int) object {
	cents := 100 * (number % 90)
	payment := "paid"
	if number%4 == 0 {
		payment = "authorized"
	}
	return object{
		{"number", fmt.Appendf(nil, `"%d"`, number)},
		{"status", appendString(nil, "placed")},
		{"payment_status", appendString(nil, payment)},
		{"fulfillment_status", appendString(nil, "unfulfilled")},
		{"currency_code", appendString(nil, "EUR")},
		{"total_amount_cents", fmt.Appendf(nil, "%d", cents)},
		{"formatted_total_amount", fmt.Appendf(nil, `"€%d,00"`, cents/100)},
		{"skus_count", fmt.Appendf(nil, "%d", 1+number%3)},
		{"placed_at", appendString(nil, seedTime.Add(time.Duration(number)*time.Hour).Format(timeFormat))},
		{"approved_at", nil},
	}
}

// AddOrders adds n placed orders to a customer of the emulator's mode. It
// returns their IDs with the oldest order first. The customer's
// total_orders_count and status change too, unless the customer is a document.
// It returns nil if there is no such customer.
func (e *Emulator) AddOrders(customerID string, n int) []string {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	customers := e.store.customers[e.live]
	rec, ok := customers.byID[customerID].(*record)
	if !ok {
		return nil
	}
	orders := e.store.relatedCollection("orders")
	ids := make([]string, n)
	for i := range ids {
		number := int(*orders.sequence) + 1001
		ids[i] = encodeID(orderNumbers + *orders.sequence)
		orders.put(&resource{
			kind: "orders", id: ids[i], members: append(orderAttributes(number), commonMembers()...),
			links: map[string][]ref{"customer": {{"customers", customerID}}},
		})
	}
	changed := *rec
	changed.related = maps.Clone(rec.related)
	if changed.related == nil {
		changed.related = map[string][]string{}
	}
	changed.related["orders"] = append(slices.Clone(rec.related["orders"]), ids...)
	switch {
	case rec.document != nil && rec.document.links != nil:
		document := *rec.document
		document.links = maps.Clone(rec.document.links)
		document.links["orders"] = append(slices.Clone(document.links["orders"]), refs("orders", ids)...)
		changed.document = &document
	case rec.document == nil:
		changed.TotalOrdersCount += n
		changed.Status = statusOf(changed.TotalOrdersCount)
	}
	customers.put(&changed)
	return ids
}

// orderNumbers is added to the number of an order before it becomes an ID. So
// no order has the ID of a customer.
const orderNumbers = 1_000_000_000

// DeleteOrder deletes an order. The ID keeps its position, so id_gt with this
// ID still works.
func (e *Emulator) DeleteOrder(id string) {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	e.store.relatedCollection("orders").remove(id)
}

// generateCustomers adds n customers with different attributes and returns
// their IDs. Each third has orders, each fifth a group, and each seventh a tag.
func (e *Emulator) generateCustomers(n int) []string {
	if n <= 0 {
		return nil
	}
	ids := make([]string, n)
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	customers := e.store.customers[e.live]
	records := make([]record, n)
	origin := "generated"
	newsletter := []string{NewsletterTagID}
	for i := range records {
		rec := &records[i]
		number := fmt.Sprintf("%06d", i+1)
		reference := "REF-" + number
		rec.Customer = Customer{
			ID:               e.store.freshID(),
			Email:            "customer-" + number + "@example.com",
			ShopperReference: new("shopper-" + number),
			Reference:        &reference,
			ReferenceOrigin:  &origin,
			CreatedAt:        seedTime.Add(time.Duration(i+1) * time.Minute),
			HasPassword:      i%2 == 0,
		}
		if i%3 == 0 && i > 0 {
			rec.TotalOrdersCount = 1 + i%4
		}
		if i%5 == 0 {
			rec.GroupID = RetailGroupID
		}
		if i%7 == 0 {
			rec.TagIDs = newsletter
		}
		rec.complete(seedTime)
		customers.put(rec)
		ids[i] = rec.ID
	}
	return ids
}
