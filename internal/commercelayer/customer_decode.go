package commercelayer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// decodeDocument reads a document that may have up to the given number of
// resources.
func decodeDocument(body []byte, resources int) (*jsonapi.Document, *Error) {
	document, err := jsonapi.Decode(body, resources)
	if err != nil {
		return nil, documentError(err)
	}
	return document, nil
}

// decodeOne reads a document that holds one resource, which texts call by a noun.
func decodeOne(body []byte, noun string) (*jsonapi.Document, *Error) {
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
		return nil, malformed("the document holds a list where one %s was asked for", noun)
	case jsonapi.One:
	}
	return document, nil
}

// documentError turns an error of package jsonapi into an [*Error]. Its text
// quotes nothing.
func documentError(err error) *Error {
	if _, ok := errors.AsType[*jsonapi.TooManyError](err); ok {
		return &Error{Class: ErrTooLarge, Reason: err.Error()}
	}
	return malformed("%s", err)
}

// named puts the resource's ID in front of the reason why it can't be read.
func (e *Error) named(noun, id string) *Error {
	if e != nil && id != "" && e.Class == ErrMalformed {
		e.Reason = fmt.Sprintf("the %s %q: %s", noun, redact.Name(id), e.Reason)
	}
	return e
}

// A customerReader makes customers of the resources of one document.
type customerReader struct {
	document *jsonapi.Document
	fields   fieldset
	// texts holds the attributes of included resources in canonical form.
	// Resources that several customers lead to are held once.
	texts map[*jsonapi.Resource]json.RawMessage
}

// readCustomers returns a reader that keeps only what the fieldset names: the
// API may ignore a fieldset, and users rely on it to keep personal data out of
// a state.
func readCustomers(document *jsonapi.Document, fields fieldset) *customerReader {
	return &customerReader{document: document, fields: fields, texts: map[*jsonapi.Resource]json.RawMessage{}}
}

// customer makes a customer from a resource. It ignores what it does not know,
// and it checks every value that it returns.
func (n *customerReader) customer(r *jsonapi.Resource) (*Customer, *Error) {
	c := &Customer{
		ID: r.ID, Mode: r.Mode, OrganizationID: r.OrganizationID, Self: r.Self,
		Relationships: map[string]Relationship{},
	}
	for name, relationship := range r.Relationships {
		if n.fields.wants(name) {
			c.Relationships[name] = relationship
		}
	}
	for name, value := range jsonapi.Members(r.Attributes) {
		i, known := attributeRows[string(name)]
		if !known || !n.fields.wants(attributes[i].name) {
			continue
		}
		a := &attributes[i]
		if problem := a.set(c, value); problem != "" {
			return nil, malformed("the attribute %s %s", a.name, problem).named("customer", r.ID)
		}
	}
	for _, reached := range n.document.Reachable(r) {
		c.Included = append(c.Included, Resource{Identifier: reached.Identifier, Attributes: n.text(reached)})
	}
	return c, nil
}

// customers makes customers from several resources.
func (n *customerReader) customers(resources []*jsonapi.Resource) ([]*Customer, *Error) {
	list := make([]*Customer, len(resources))
	for i, r := range resources {
		var failure *Error
		if list[i], failure = n.customer(r); failure != nil {
			return nil, failure
		}
	}
	return list, nil
}

// text returns the attributes of an included resource in canonical form. The
// fieldset is for all customers of the document.
func (n *customerReader) text(r *jsonapi.Resource) json.RawMessage {
	text, known := n.texts[r]
	if !known && r.Attributes != nil {
		text = r.Attributes
		if r.Type == customersType && !n.fields.all {
			var wanted []string
			for name, value := range jsonapi.Members(r.Attributes) {
				if n.fields.wants(string(name)) {
					wanted = append(wanted, strconv.Quote(string(name))+":"+string(value))
				}
			}
			text = json.RawMessage("{" + strings.Join(wanted, ",") + "}")
		}
		text = jsonapi.Canonical(text)
		n.texts[r] = text
	}
	return text
}
