package emulator

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// Customer is a customer to add. Nil pointers are answered as null.
type Customer struct {
	// ID is the ID of the resource. By default the customer gets a new ID. The
	// order of new IDs is not alphabetical, as it is not in the API.
	ID string
	// Email is by default an address that contains the ID.
	Email string
	// Status is prospect, acquired or repeat (documented). The default depends
	// on TotalOrdersCount.
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
	// JWTCustomClaim is null by default.
	//
	// Assumption (jwt-custom-claim): it is null for the token of an
	// integration. The documentation does not say whether it is null, {} or
	// absent.
	JWTCustomClaim json.RawMessage
	GroupID        string   // ID of an existing group, "" for no group
	TagIDs         []string // IDs of existing tags
	Mode           string   // "test" or "live", default: the mode of the emulator

	related map[string][]string // IDs of the related resources, by relationship
}

// timeFormat is ISO 8601 in UTC with milliseconds (documented).
const timeFormat = "2006-01-02T15:04:05.000Z"

// AddCustomer adds a customer and returns the ID. A customer with the same ID
// is replaced, and the position in the order of IDs stays the same.
func (e *Emulator) AddCustomer(c Customer) string {
	return e.add(c, nil)
}

// AddDocument makes document the answer to GET /api/customers/{id} without a
// query. It need not be valid JSON. If it has a resource object, lists contain
// that object, and filters use its attributes.
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

// verbatim is a document that is served as it was handed in.
type verbatim struct {
	raw  []byte
	data object // the resource object, nil if there is none
	// links has the linkage of a resource from a file, by relationship. It is
	// nil for other documents.
	links map[string][]ref
}

// DeleteCustomer deletes a customer of the emulator's mode. The ID keeps its
// position, so id_gt with this ID still works.
func (e *Emulator) DeleteCustomer(id string) {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	e.store.customers[e.live].remove(id)
}

// CustomerIDs returns the IDs of the customers of the emulator's mode, in the
// order of sort=id.
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

// complete sets the default of each attribute that has no value.
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
	// Answers show milliseconds, so filters must not compare smaller units.
	rec.CreatedAt = rec.CreatedAt.UTC().Truncate(time.Millisecond)
	rec.UpdatedAt = rec.UpdatedAt.UTC().Truncate(time.Millisecond)
	if rec.Metadata == nil {
		rec.Metadata = json.RawMessage("{}")
	}
}

// statusOf returns the status of a customer with this number of orders, as
// documented.
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
