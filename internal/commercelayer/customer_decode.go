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

// A page holds the resources of one answer: a page of a list, or a single
// resource.
type page[T any] struct {
	items []item[T]
	// total is meta.record_count, the number of matches on all pages. It is -1 if
	// the document does not tell it.
	total int
	// next is set if links.next was sent.
	next bool
}

// An item is a resource of a page, or the reason why it can't be read.
type item[T any] struct {
	// id is set if it could be read, even beside an error.
	id    string
	value T
	err   *Error
}

// decodeDocument reads a document that may have up to the given number of
// resources.
func decodeDocument(body []byte, resources int) (*jsonapi.Document, *Error) {
	document, err := jsonapi.Decode(body, resources)
	if err != nil {
		return nil, documentError(err)
	}
	return document, nil
}

// documentError turns an error of package jsonapi into an [*Error].
func documentError(err error) *Error {
	var many *jsonapi.TooManyError
	var syntax *jsonapi.SyntaxError
	switch {
	case errors.As(err, &many):
		return &Error{Class: ErrTooLarge, Reason: many.Error()}
	case errors.As(err, &syntax):
		return malformed("%s", syntax.Error())
	}
	return &Error{Class: ErrInternal, Reason: unknownError}
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

// decodePage reads a document with a page of customers. A customer that can't
// be read is an item with an error and does not affect the others.
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

// name puts the resource's ID in front of the reason why it can't be read.
func (i *item[T]) name(kind string) {
	if i.err != nil && i.id != "" && i.err.Class == ErrMalformed {
		i.err.Reason = fmt.Sprintf("the %s %q: %s", kind, Redact(i.id), i.err.Reason)
	}
}

// included finds the included resources of the resources of one document.
type included struct {
	document *jsonapi.Document
	// texts holds the attributes of included resources in canonical form.
	// Resources that several customers lead to are held once.
	texts map[*jsonapi.Resource]json.RawMessage
}

// customer makes a customer from a resource. It ignores what it does not know,
// and it checks every value that it returns.
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

// text returns the attributes of an included resource in canonical form.
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

// readAttributes reads the known attributes. Their names must match exactly.
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

// An attributeReader reads attributes by name, and keeps the first failure. An
// attribute that is null or missing is nil.
type attributeReader struct {
	sent    map[string]json.RawMessage
	failure *Error
}

func (a *attributeReader) fail(name, what string) {
	if a.failure == nil {
		a.failure = malformed("the attribute %s %s", name, what)
	}
}

// value returns the attribute's JSON text. It is nil for null.
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
		a.fail(name, wrongType[T](raw))
		return nil
	}
	return &value
}

// wrongType describes a value of a JSON type that T can't hold.
func wrongType[T any](raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		if _, isObject := any(*new(T)).(AnonymizationInfo); isObject {
			return "has a member of a wrong JSON type"
		}
		return "must not be a JSON object"
	case '[':
		return "must not be a JSON array"
	case '"':
		return "must not be a JSON string"
	case 't', 'f':
		return "must not be a JSON boolean"
	}
	return "must not be a JSON number"
}

// time reads a time in the documented form, RFC 3339. It returns the text as
// sent.
func (a *attributeReader) time(name string) *string {
	text := readAttribute[string](a, name)
	if text == nil {
		return nil
	}
	if _, err := time.Parse(time.RFC3339, *text); err != nil {
		a.fail(name, "is not an RFC 3339 time")
		return nil
	}
	return text
}

// integer reads a JSON number that must be a whole number of 64 bits. Forms
// such as 5.0 and 5e0 count as whole numbers.
func (a *attributeReader) integer(name string) *int64 {
	n := readAttribute[json.Number](a, name)
	if n == nil {
		return nil
	}
	text := n.String()
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return &i
	}
	// A number like 1e999999999 would take very long to compute. So only short
	// texts are tried.
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) <= 40 && len(exponent) <= 3 {
		if r, ok := new(big.Rat).SetString(text); ok && r.IsInt() && r.Num().IsInt64() {
			i := r.Num().Int64()
			return &i
		}
	}
	a.fail(name, "is not a whole number of 64 bits")
	return nil
}

// object reads a JSON object and returns it in canonical form.
func (a *attributeReader) object(name string) json.RawMessage {
	raw := a.value(name)
	switch {
	case raw == nil:
		return nil
	case raw[0] != '{':
		a.fail(name, "is not a JSON object")
		return nil
	}
	text, err := jsonapi.Canonical(raw)
	if err != nil {
		a.fail(name, "is not valid JSON")
		return nil
	}
	return text
}
