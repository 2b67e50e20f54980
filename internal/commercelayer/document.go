package commercelayer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// document is the top level of a JSON:API document (v1.0) of either kind.
type document struct {
	Data     json.RawMessage `json:"data"`
	Included []wireResource  `json:"included"`
	Meta     struct {
		RecordCount *int `json:"record_count"`
	} `json:"meta"`
	Links struct {
		Next *link `json:"next"`
	} `json:"links"`
}

type wireResource struct {
	Identifier
	Attributes    json.RawMessage              `json:"attributes"`
	Relationships map[string]*wireRelationship `json:"relationships"`
	Links         struct {
		Self *link `json:"self"`
	} `json:"links"`
	Meta struct {
		Mode           *string `json:"mode"`
		OrganizationID *string `json:"organization_id"`
	} `json:"meta"`
}

type wireRelationship struct {
	Links struct {
		Self    *link `json:"self"`
		Related *link `json:"related"`
	} `json:"links"`
	Data linkage `json:"data"`
}

// linkage is nil if the key is missing, empty for null and [].
type linkage []Identifier

func (l *linkage) UnmarshalJSON(raw []byte) error {
	*l = linkage{}
	switch raw[0] {
	case 'n': // an included to-one relationship that leads nowhere
		return nil
	case '[':
		return json.Unmarshal(raw, (*[]Identifier)(l))
	}
	var one Identifier
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*l = linkage{one}
	return nil
}

// link is a URL; JSON:API also allows an object that holds it.
type link string

func (l *link) UnmarshalJSON(raw []byte) error {
	if raw[0] == '{' {
		var object struct {
			Href string `json:"href"`
		}
		err := json.Unmarshal(raw, &object)
		*l = link(object.Href)
		return err
	}
	return json.Unmarshal(raw, (*string)(l))
}

// wireAttributes are the attributes of a customer. Unknown ones are ignored,
// missing ones stay nil.
type wireAttributes struct {
	Email               *string            `json:"email"`
	Status              *string            `json:"status"`
	HasPassword         *bool              `json:"has_password"`
	TotalOrdersCount    *json.Number       `json:"total_orders_count"`
	ShopperReference    *string            `json:"shopper_reference"`
	ProfileID           *string            `json:"profile_id"`
	TaxExemptionCode    *string            `json:"tax_exemption_code"`
	CreatedAt           *string            `json:"created_at"`
	UpdatedAt           *string            `json:"updated_at"`
	Reference           *string            `json:"reference"`
	ReferenceOrigin     *string            `json:"reference_origin"`
	JWTCustomClaim      json.RawMessage    `json:"jwt_custom_claim"`
	Metadata            json.RawMessage    `json:"metadata"`
	AnonymizationInfo   *AnonymizationInfo `json:"anonymization_info"`
	AnonymizationStatus *string            `json:"anonymization_status"`
}

// decodeDocument reads the top level. The error is an [*Error] of kind
// [ErrMalformed], as are those of the functions below.
func decodeDocument(body []byte) (*document, error) {
	if !utf8.Valid(body) {
		return nil, malformed("the answer is not valid UTF-8, which JSON must be")
	}
	var d document
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, jsonError("the document", err)
	}
	return &d, nil
}

// DecodeCustomer reads the document of one customer. It is lenient in what it
// ignores and strict in what it hands on: the resource must be of the type
// customers.
func DecodeCustomer(body []byte) (*Customer, error) {
	d, err := decodeDocument(body)
	if err != nil {
		return nil, err
	}
	switch data := bytes.TrimSpace(d.Data); {
	case len(data) == 0:
		return nil, malformed("the document has no data")
	case data[0] == 'n':
		return nil, malformed("the data of the document is null")
	case data[0] == '[':
		return nil, malformed("the document holds a list where one customer was asked for")
	}
	return decodeResource(d.Data, indexIncluded(d.Included))
}

func decodeResource(raw json.RawMessage, included map[Identifier]*wireResource) (*Customer, error) {
	var w wireResource
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, jsonError("the customer", err)
	}
	return newCustomer(&w, included)
}

// A page is one page of a list of customers.
type page struct {
	items []item
	// total is meta.record_count, or -1: the number of matches, of which this
	// page may be a part.
	total int
	// next tells that links.next was sent.
	next bool
}

// An item of a list is a customer or why it can't be read.
type item struct {
	customer *Customer
	err      error
}

// decodePage reads the document of a list of customers. One customer that can't
// be read does not cost the others.
func decodePage(body []byte) (*page, error) {
	d, err := decodeDocument(body)
	if err != nil {
		return nil, err
	}
	data := bytes.TrimSpace(d.Data)
	if len(data) == 0 || data[0] != '[' {
		return nil, malformed("the document holds no list of customers")
	}
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, jsonError("the list", err)
	}
	p := &page{total: -1, next: d.Links.Next != nil && *d.Links.Next != "", items: make([]item, len(list))}
	if d.Meta.RecordCount != nil && *d.Meta.RecordCount >= 0 {
		p.total = *d.Meta.RecordCount
	}
	included := indexIncluded(d.Included)
	for i, raw := range list {
		p.items[i].customer, p.items[i].err = decodeResource(raw, included)
	}
	return p, nil
}

func newCustomer(w *wireResource, included map[Identifier]*wireResource) (*Customer, error) {
	if w.Type != customersType {
		return nil, &Error{Kind: ErrMismatch, Reason: fmt.Sprintf("the answer holds a resource of the type %q instead of %q", clean(w.Type), customersType)}
	}
	if w.ID == "" {
		return nil, malformed("the customer has no id")
	}
	var a wireAttributes
	if !isNull(w.Attributes) {
		if err := json.Unmarshal(w.Attributes, &a); err != nil {
			return nil, jsonError("the attributes of the customer", err)
		}
	}
	c := &Customer{
		ID: w.ID, Email: a.Email, Status: a.Status, HasPassword: a.HasPassword,
		ShopperReference: a.ShopperReference, ProfileID: a.ProfileID, TaxExemptionCode: a.TaxExemptionCode,
		Reference: a.Reference, ReferenceOrigin: a.ReferenceOrigin,
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
		AnonymizationInfo: a.AnonymizationInfo, AnonymizationStatus: a.AnonymizationStatus,
		Mode: w.Meta.Mode, OrganizationID: w.Meta.OrganizationID, Self: (*string)(w.Links.Self),
	}
	var err error
	if c.TotalOrdersCount, err = integer("total_orders_count", a.TotalOrdersCount); err != nil {
		return nil, err
	}
	for name, text := range map[string]*string{"created_at": a.CreatedAt, "updated_at": a.UpdatedAt} {
		if text == nil {
			continue
		}
		if _, err := time.Parse(time.RFC3339, *text); err != nil {
			return nil, malformed("the attribute %s is %q, which is no RFC 3339 time", name, clean(*text))
		}
	}
	if c.Metadata, err = object("metadata", a.Metadata); err != nil {
		return nil, err
	}
	if c.JWTCustomClaim, err = object("jwt_custom_claim", a.JWTCustomClaim); err != nil {
		return nil, err
	}
	c.Relationships = make(map[string]Relationship, len(w.Relationships))
	for name, r := range w.Relationships {
		if r == nil {
			r = &wireRelationship{}
		}
		c.Relationships[name] = Relationship{Self: (*string)(r.Links.Self), Related: (*string)(r.Links.Related), Data: r.Data}
	}
	c.Included, err = reachable(w, included)
	return c, err
}

// integer reads a JSON number that must be a whole one of 64 bits. It may be
// written with a fraction or an exponent that amount to none.
func integer(name string, n *json.Number) (*int64, error) {
	if n == nil {
		return nil, nil
	}
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return &i, nil
	}
	// Bounding the text first keeps an exponent of a billion from being worked out.
	text := n.String()
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) <= 40 && len(exponent) <= 3 {
		if r, ok := new(big.Rat).SetString(text); ok && r.IsInt() && r.Num().IsInt64() {
			i := r.Num().Int64()
			return &i, nil
		}
	}
	return nil, malformed("the attribute %s is %s, which is no whole number of 64 bits", name, clean(n.String()))
}

// object compacts a JSON object and gives nil for null and no value.
func object(name string, raw json.RawMessage) (json.RawMessage, error) {
	if isNull(raw) {
		return nil, nil
	}
	if raw[0] != '{' {
		return nil, malformed("the attribute %s is no JSON object", name)
	}
	return compact(raw), nil
}

func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || raw[0] == 'n'
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	b.Grow(len(raw))
	if json.Compact(&b, raw) != nil {
		return raw // can't be: the decoder has checked it
	}
	return b.Bytes()
}

// jsonError turns the decoder's error into one that says what was wrong with
// the answer, without quoting a value of it.
func jsonError(what string, err error) *Error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		value, _, _ := strings.Cut(kind.Value, " ")
		field := kind.Field
		if field == "" {
			field = what
		}
		return malformed("%s: %s is a JSON %s, which it must not be", what, clean(field), value)
	case errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(err.Error(), "unexpected end of JSON input"):
		return malformed("%s ends in the middle: the answer was cut off", what)
	default:
		return malformed("%s is not valid JSON", what)
	}
}

func indexIncluded(list []wireResource) map[Identifier]*wireResource {
	if len(list) == 0 {
		return nil
	}
	index := make(map[Identifier]*wireResource, len(list))
	for i := range list {
		if _, known := index[list[i].Identifier]; !known {
			index[list[i].Identifier] = &list[i]
		}
	}
	return index
}

// reachable lists the included resources that a customer's relationships lead
// to, breadth first. The order depends on the customer alone: the same customer
// read alone or in a list has the same one.
func reachable(w *wireResource, included map[Identifier]*wireResource) ([]Resource, error) {
	if len(included) == 0 {
		return nil, nil
	}
	var list []Resource
	seen := map[Identifier]bool{w.Identifier: true}
	for queue := []*wireResource{w}; len(queue) > 0; queue = queue[1:] {
		relationships := queue[0].Relationships
		for _, name := range slices.Sorted(maps.Keys(relationships)) {
			if relationships[name] == nil {
				continue
			}
			for _, id := range relationships[name].Data {
				r := included[id]
				if r == nil || seen[id] {
					continue
				}
				seen[id] = true
				attributes, err := object("attributes of an included resource", r.Attributes)
				if err != nil {
					return nil, err
				}
				list = append(list, Resource{Identifier: id, Attributes: attributes})
				queue = append(queue, r)
			}
		}
	}
	return list, nil
}
