package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"time"
)

// Customer is a customer to add. Its other attributes have their defaults, which
// are in customerAttributes.
type Customer struct {
	// ID is the ID of the resource. By default the customer gets a new ID. The
	// order of new IDs is not alphabetical, as it is not in the API.
	ID                  string
	Email               string          // default: an address that contains the ID
	Status              string          // prospect, acquired or repeat (documented), default: prospect
	Reference           *string         // nil: null
	CreatedAt           time.Time       // default: now. It is updated_at, too
	Metadata            json.RawMessage // default: {}
	AnonymizationStatus *string         // nil: null
	Mode                string          // "test" or "live", default: the mode of the emulator
}

// timeFormat is ISO 8601 in UTC with milliseconds (documented).
const timeFormat = "2006-01-02T15:04:05.000Z"

// AddCustomer adds a customer and returns the ID. A customer with the same ID
// is replaced, and the position in the order of IDs stays the same.
func (e *Emulator) AddCustomer(c Customer) string {
	live := e.live
	if c.Mode != "" {
		live = c.Mode == modeName(true)
	}
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	c.ID = cmp.Or(c.ID, e.store.freshID())
	e.store.put(c.resource(), live)
	return c.ID
}

// resource makes the resource of a customer with all attributes.
func (c Customer) resource() *resource {
	at := c.CreatedAt
	if at.IsZero() {
		at = time.Now()
	}
	created := quote(at.UTC().Format(timeFormat))
	given := map[string]json.RawMessage{
		"email":      quote(cmp.Or(c.Email, strings.ToLower(c.ID)+"@example.com")),
		"created_at": created,
		"updated_at": created,
	}
	if c.Status != "" {
		given["status"] = quote(c.Status)
	}
	if c.Reference != nil {
		given["reference"] = quote(*c.Reference)
	}
	if c.AnonymizationStatus != nil {
		given["anonymization_status"] = quote(*c.AnonymizationStatus)
	}
	if c.Metadata != nil {
		given["metadata"] = compact(c.Metadata)
	}
	res := &resource{ref: ref{"customers", c.ID}}
	for _, a := range customerAttributes {
		value, ok := given[a.name]
		if !ok {
			value = json.RawMessage(a.initial)
		}
		res.attributes = append(res.attributes, member{a.name, value})
	}
	return res
}

// AddDocument makes document the answer to GET /api/customers/{id} without a
// query. It need not be valid JSON. If it has a resource object, lists contain
// that object, and filters use its attributes.
func (e *Emulator) AddDocument(id string, document []byte) {
	res := &resource{ref: ref{"customers", id}, answer: bytes.Clone(document)}
	if o, err := parseObject(document); err == nil {
		if data, err := parseObject(o.get("data")); err == nil {
			res.document = data
			res.attributes, _ = parseObject(data.get("attributes"))
		}
	}
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	e.store.put(res, e.live)
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
		ids[i] = r.id
	}
	return ids
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
