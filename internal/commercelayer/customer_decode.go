package commercelayer

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A page is what one answer holds: a page of a list, or a single resource.
type page[T any] struct {
	items []item[T]
	// total is meta.record_count, or -1: the number of matches, of which this
	// page may be a part.
	total int
	// next tells that links.next was sent.
	next bool
}

// An item of a page is a resource, or why it can't be read.
type item[T any] struct {
	// id is also set beside an error, if it could be read.
	id    string
	value T
	err   *Error
}

// decodeDocument reads the document of an answer that may hold so many resources.
func decodeDocument(body []byte, resources int) (*jsonapi.Document, *Error) {
	document, err := jsonapi.Decode(body, jsonapi.Bounds{Data: resources})
	if err != nil {
		return nil, documentError(err)
	}
	return document, nil
}

// documentError says what is wrong with a document.
func documentError(err error) *Error {
	var many *jsonapi.TooManyError
	var syntax *jsonapi.SyntaxError
	switch {
	case errors.As(err, &many):
		return &Error{Class: ErrTooLarge, Reason: many.Error()}
	case errors.As(err, &syntax):
		return malformed("%s", syntax.Error())
	}
	return &Error{Class: ErrInternal, Reason: fmt.Sprintf("an error of the type %T", err)}
}

// decodeCustomer reads the document of one customer.
func decodeCustomer(body []byte, part parts) (*Customer, *Error) {
	document, failure := decodeDocument(body, 1)
	if failure != nil {
		return nil, failure
	}
	switch document.Kind {
	case jsonapi.NoData:
		return nil, malformed("the document has no data")
	case jsonapi.Null:
		return nil, malformed("the data of the document is null")
	case jsonapi.Many:
		return nil, malformed("the document holds a list where one customer was asked for")
	case jsonapi.One:
	}
	read := customerPage(document, part).items[0]
	return read.value, read.err
}

// decodePage reads the document of a page of so many customers. One customer that
// can't be read does not cost the others.
func decodePage(body []byte, size int, part parts) (*page[*Customer], *Error) {
	document, failure := decodeDocument(body, size)
	if failure != nil {
		return nil, failure
	}
	if document.Kind != jsonapi.Many {
		return nil, malformed("the document holds no list of customers")
	}
	return customerPage(document, part), nil
}

func customerPage(document *jsonapi.Document, part parts) *page[*Customer] {
	read := included{document: document, texts: map[*jsonapi.Resource]json.RawMessage{}}
	p := &page[*Customer]{total: document.Total, next: document.Next}
	for _, sent := range document.Items {
		one := item[*Customer]{id: sent.ID}
		if sent.Err != nil {
			one.err = documentError(sent.Err)
		} else if one.value, one.err = read.customer(sent.Resource); one.err == nil {
			part.complete(one.value)
			part.prune(one.value)
		}
		one.name("customer")
		p.items = append(p.items, one)
	}
	return p
}

// name puts the resource's ID into the reason why it can't be read.
func (i *item[T]) name(kind string) {
	if i.err != nil && i.id != "" && i.err.Class == ErrMalformed {
		i.err.Reason = fmt.Sprintf("the %s %q: %s", kind, Redact(i.id), i.err.Reason)
	}
}

// included gives resources the included ones that they lead to.
type included struct {
	document *jsonapi.Document
	// texts are the attributes of included resources in the form in which they
	// are handed on. What several resources share is held once.
	texts map[*jsonapi.Resource]json.RawMessage
}

// customer makes a customer of a resource: lenient in what it ignores, strict in
// what it hands on.
func (n *included) customer(r *jsonapi.Resource) (*Customer, *Error) {
	if r.Type != customersType {
		return nil, &Error{
			Class: ErrMismatch,
			Reason: fmt.Sprintf(
				"the answer holds a resource of the type %q instead of %q",
				Redact(r.Type),
				customersType,
			),
		}
	}
	c := &Customer{
		ID: r.ID, Mode: r.Mode, OrganizationID: r.OrganizationID, Self: r.Self,
		Relationships: r.Relationships,
	}
	if c.Relationships == nil {
		c.Relationships = map[string]Relationship{}
	}
	if failure := c.readAttributes(r.Attributes); failure != nil {
		return nil, failure
	}
	for _, reached := range n.document.Reachable(r) {
		attributes, failure := n.text(reached)
		if failure != nil {
			return nil, failure
		}
		c.Included = append(c.Included, Resource{Identifier: reached.Identifier, Attributes: attributes})
	}
	return c, nil
}

// text returns the attributes of an included resource.
func (n *included) text(r *jsonapi.Resource) (json.RawMessage, *Error) {
	if r.Attributes == nil {
		return nil, nil
	}
	if text, known := n.texts[r]; known {
		return text, nil
	}
	text, err := jsonapi.Canonical(r.Attributes)
	if err != nil {
		return nil, malformed("the attributes of an included resource are not valid JSON")
	}
	n.texts[r] = text
	return text, nil
}

// readAttributes takes over the attributes that are known. Their names are exact.
func (c *Customer) readAttributes(raw json.RawMessage) *Error {
	if raw == nil {
		return nil
	}
	var sent map[string]json.RawMessage
	if json.Unmarshal(raw, &sent) != nil {
		return malformed("the attributes of the customer are not a JSON object")
	}
	a := &attributeReader{sent: sent}
	c.Email = readAttribute[string](a, "email")
	c.Status = readAttribute[string](a, "status")
	c.HasPassword = readAttribute[bool](a, "has_password")
	c.TotalOrdersCount = a.integer("total_orders_count")
	c.ShopperReference = readAttribute[string](a, "shopper_reference")
	c.ProfileID = readAttribute[string](a, "profile_id")
	c.TaxExemptionCode = readAttribute[string](a, "tax_exemption_code")
	c.CreatedAt = a.time("created_at")
	c.UpdatedAt = a.time("updated_at")
	c.Reference = readAttribute[string](a, "reference")
	c.ReferenceOrigin = readAttribute[string](a, "reference_origin")
	c.JWTCustomClaim = a.object("jwt_custom_claim")
	c.Metadata = a.object("metadata")
	c.AnonymizationInfo = readAttribute[AnonymizationInfo](a, "anonymization_info")
	c.AnonymizationStatus = readAttribute[string](a, "anonymization_status")
	return a.failure
}

// attributeReader reads attributes by name, and keeps the first failure. What is
// null or was not sent is nil.
type attributeReader struct {
	sent    map[string]json.RawMessage
	failure *Error
}

func (a *attributeReader) fail(name, what string) {
	if a.failure == nil {
		a.failure = malformed("the attribute %s is %s", name, what)
	}
}

// value returns what was sent, or nil.
func (a *attributeReader) value(name string) json.RawMessage {
	if raw := a.sent[name]; len(raw) > 0 && raw[0] != 'n' {
		return raw
	}
	return nil
}

func readAttribute[T any](a *attributeReader, name string) *T {
	raw := a.value(name)
	if raw == nil {
		return nil
	}
	var value T
	if json.Unmarshal(raw, &value) != nil {
		a.fail(name, wrongType(raw))
		return nil
	}
	return &value
}

// wrongType says of which JSON type a value is that must be of another.
func wrongType(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object with members that it must not have"
	case '[':
		return "a JSON array, which it must not be"
	case '"':
		return "a JSON string, which it must not be"
	case 't', 'f':
		return "a JSON boolean, which it must not be"
	}
	return "a JSON number, which it must not be"
}

// time reads a time in the documented form, RFC 3339, and keeps its text.
func (a *attributeReader) time(name string) *string {
	text := readAttribute[string](a, name)
	if text == nil {
		return nil
	}
	if _, err := time.Parse(time.RFC3339, *text); err != nil {
		a.fail(name, "not an RFC 3339 time")
		return nil
	}
	return text
}

// integer reads a JSON number that must be a whole one of 64 bits. It may be
// written with a fraction or an exponent that amount to none.
func (a *attributeReader) integer(name string) *int64 {
	n := readAttribute[json.Number](a, name)
	if n == nil {
		return nil
	}
	text := n.String()
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return &i
	}
	// Bounding the text first keeps an exponent of a billion from being worked out.
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) <= 40 && len(exponent) <= 3 {
		if r, ok := new(big.Rat).SetString(text); ok && r.IsInt() && r.Num().IsInt64() {
			i := r.Num().Int64()
			return &i
		}
	}
	a.fail(name, "not a whole number of 64 bits")
	return nil
}

// object reads a JSON object, in the one form that all texts of it share.
func (a *attributeReader) object(name string) json.RawMessage {
	raw := a.value(name)
	switch {
	case raw == nil:
		return nil
	case raw[0] != '{':
		a.fail(name, "not a JSON object")
		return nil
	}
	text, err := jsonapi.Canonical(raw)
	if err != nil {
		a.fail(name, "not valid JSON")
		return nil
	}
	return text
}
