package emulator

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// Customer is a customer to add. Nil pointers are answered as null.
type Customer struct {
	// ID is the resource id. Empty: a fresh one, whose place in the order of
	// ids follows the hidden sequence and not the alphabet.
	ID string
	// Email defaults to an address made of the id.
	Email string
	// Status is prospect, acquired or repeat (documented); the default follows
	// from TotalOrdersCount.
	Status              string
	HasPassword         bool
	TotalOrdersCount    int
	ShopperReference    *string
	ProfileID           *string
	TaxExemptionCode    *string
	Reference           *string
	ReferenceOrigin     *string
	CreatedAt           time.Time       // default: now, by the emulator's clock
	UpdatedAt           time.Time       // default: CreatedAt
	Metadata            json.RawMessage // default: {}
	AnonymizationInfo   json.RawMessage // default: null
	AnonymizationStatus *string
	// JWTCustomClaim defaults to null.
	//
	// Assumption (jwt-custom-claim): what an ordinary integration token gets
	// here (null, {} or nothing) is not documented.
	JWTCustomClaim json.RawMessage
	GroupID        string   // id of a group that exists, "" for none
	TagIDs         []string // ids of tags that exist
	Mode           string   // "test" or "live", default: the emulator's

	related map[string][]string // ids by relationship, of what is seeded
}

// timeFormat is ISO 8601 in UTC with milliseconds (documented).
const timeFormat = "2006-01-02T15:04:05.000Z"

// AddCustomer adds a customer, or replaces the one with that id, which keeps
// its place in the sequence. It returns the id.
func (e *Emulator) AddCustomer(c Customer) string {
	return e.add(c, nil)
}

// AddDocument serves document, whatever it is, as the answer of
// GET /api/customers/{id} without query. When it is a JSON document with a
// resource object, the collection lists that object too, and filters see its
// attributes.
func (e *Emulator) AddDocument(id string, document []byte) {
	d := &verbatim{raw: bytes.Clone(document)}
	c := Customer{ID: id}
	if o, err := parseObject(document); err == nil {
		if data, err := parseObject(o.get("data")); err == nil {
			d.data = data
			c = customerOf(id, data.get("attributes"))
		}
	}
	e.add(c, d)
}

// verbatim is an answer to serve verbatim.
type verbatim struct {
	raw  []byte
	data object // the resource object, nil when there is none
	// links are what data from files points to, nil for other documents.
	links map[string][]ref
}

// customerOf reads the attributes that filters and sorts look at.
func customerOf(id string, attributes json.RawMessage) Customer {
	var a struct {
		Email               string          `json:"email"`
		Status              string          `json:"status"`
		HasPassword         bool            `json:"has_password"`
		TotalOrdersCount    int             `json:"total_orders_count"`
		ShopperReference    *string         `json:"shopper_reference"`
		ProfileID           *string         `json:"profile_id"`
		TaxExemptionCode    *string         `json:"tax_exemption_code"`
		Reference           *string         `json:"reference"`
		ReferenceOrigin     *string         `json:"reference_origin"`
		CreatedAt           time.Time       `json:"created_at"`
		UpdatedAt           time.Time       `json:"updated_at"`
		Metadata            json.RawMessage `json:"metadata"`
		AnonymizationStatus *string         `json:"anonymization_status"`
	}
	// A document may be as wrong as a test wants it: what does not fit stays
	// at its default.
	_ = json.Unmarshal(attributes, &a)
	return Customer{
		ID: id, Email: a.Email, Status: a.Status, HasPassword: a.HasPassword, TotalOrdersCount: a.TotalOrdersCount,
		ShopperReference: a.ShopperReference, ProfileID: a.ProfileID, TaxExemptionCode: a.TaxExemptionCode,
		Reference: a.Reference, ReferenceOrigin: a.ReferenceOrigin, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
		Metadata: a.Metadata, AnonymizationStatus: a.AnonymizationStatus,
	}
}

// DeleteCustomer takes a customer of the emulator's mode away. Its place in the
// sequence is kept, so that id_gt after it goes on working.
func (e *Emulator) DeleteCustomer(id string) {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	e.store.customers[e.live].remove(id)
}

// CustomerIDs lists the collection's customers of the emulator's mode in the
// order of the hidden sequence.
func (e *Emulator) CustomerIDs() []string {
	e.store.mu.RLock()
	defer e.store.mu.RUnlock()
	rows := e.store.customers[e.live].ordered
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ref().id
	}
	return ids
}

func (e *Emulator) add(c Customer, d *verbatim) string {
	live := e.live
	if c.Mode != "" {
		live = c.Mode == modeName(true)
	}
	now := e.now()
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	if c.ID == "" {
		c.ID = e.store.freshID()
	}
	rec := &record{Customer: c, document: d}
	rec.complete(now)
	e.store.customers[live].put(rec)
	return c.ID
}

// complete fills the defaults in.
func (rec *record) complete(now time.Time) {
	if rec.Email == "" {
		rec.Email = strings.ToLower(rec.ID) + "@example.com"
	}
	if rec.Status == "" {
		rec.Status = statusOf(rec.TotalOrdersCount)
	}
	if rec.CreatedAt.IsZero() {
		rec.CreatedAt = now
	}
	if rec.UpdatedAt.IsZero() {
		rec.UpdatedAt = rec.CreatedAt
	}
	// Answers show milliseconds, so filters must compare no more than them.
	rec.CreatedAt = rec.CreatedAt.UTC().Truncate(time.Millisecond)
	rec.UpdatedAt = rec.UpdatedAt.UTC().Truncate(time.Millisecond)
	if rec.Metadata == nil {
		rec.Metadata = json.RawMessage("{}")
	}
}

// statusOf is the documented meaning of the status.
func statusOf(orders int) string {
	switch orders {
	case 0:
		return "prospect"
	case 1:
		return "acquired"
	default:
		return "repeat"
	}
}

func modeName(live bool) string {
	if live {
		return "live"
	}
	return "test"
}
