package jsonapi

import (
	"strconv"
)

// DataKind tells what a document has in data.
type DataKind int

// The kinds of data.
const (
	// NoData is a document without the member, as one with errors is.
	NoData DataKind = iota
	// Null is a related resource that does not exist.
	Null
	// One is a single resource.
	One
	// Many is a list of resources, empty or not.
	Many
)

// A Document is the top level of a JSON:API document.
type Document struct {
	// Items are the resources in data, one for [One].
	Items []Item
	Kind  DataKind
	// Total is meta.record_count, or -1: the number of matches, of which Items
	// may be a part.
	Total int
	// Next tells that there is a next page: links.next was sent.
	Next bool
	// Errors is what the server complains about, and Kind then is NoData, if
	// the server keeps to the standard.
	Errors []Error

	resources *index
}

// An Item is a resource in data or the reason why it can't be read.
type Item struct {
	// Resource is nil if Err is not.
	Resource *Resource
	// ID is set even when Err is, if it could be read.
	ID  string
	Err error
}

// Decode reads a document. It keeps no hold of the body.
//
// The error is a [*TooManyError] or a [*SyntaxError]. A resource in data that
// can't be read is no error of the document, but one of its [Item], and so is
// an included one that the resource leads to.
//
// Members that are not known are ignored, whatever they hold. Where a member is
// sent twice, the last one counts.
func Decode(body []byte, b Bounds) (*Document, error) {
	body, err := checkSyntax(body)
	if err != nil {
		return nil, err
	}
	if kindOf(body) != object {
		return nil, wrongKind("the document", body)
	}
	top := splitTopLevel(body)
	b = b.withDefaults()
	if err := newCensus(b).document(top); err != nil {
		return nil, err
	}

	d := &Document{Total: -1, Errors: errorObjects(top.errors, b.Errors)}
	if len(d.Errors) > 0 {
		// Nothing else may hide what the server has to say.
		switch kindOf(top.data) {
		case missing:
			return d, nil
		case null:
			d.Kind = Null
			return d, nil
		default:
		}
	}
	if err := d.readTop(top); err != nil {
		return nil, err
	}
	r := newResourceReader()
	switch kindOf(top.data) {
	case missing:
	case null:
		d.Kind = Null
	case object:
		d.Kind = One
		d.Items = []Item{r.item(top.data)}
	case array:
		d.Kind = Many
		for raw := range elements(top.data) {
			d.Items = append(d.Items, r.item(raw))
		}
	default:
		return nil, wrongKind("the data of the document", top.data)
	}
	switch kindOf(top.included) {
	case missing, null, array:
		d.index(r, top.included)
		return d, nil
	default:
		return nil, wrongKind("included", top.included)
	}
}

// topLevel holds the bytes of the members of a document that are of use.
type topLevel struct{ data, included, errors, meta, links []byte }

func splitTopLevel(body []byte) *topLevel {
	t := &topLevel{}
	for name, value := range members(body) {
		switch string(name) {
		case "data":
			t.data = value
		case "included":
			t.included = value
		case "errors":
			t.errors = value
		case "meta":
			t.meta = value
		case "links":
			t.links = value
		}
	}
	return t
}

// readTop reads the count and whether there is more. Both decide whether all of
// a list was read, so neither is guessed when it is of another type.
func (d *Document) readTop(top *topLevel) error {
	if err := mustBeObject("meta", top.meta); err != nil {
		return err
	}
	for name, value := range members(top.meta) {
		if string(name) != "record_count" {
			continue
		}
		d.Total = -1
		if kindOf(value) == null {
			continue
		}
		if kindOf(value) != number {
			return wrongKind("meta.record_count", value)
		}
		n, err := strconv.Atoi(string(value))
		if err != nil {
			return syntaxError("meta.record_count is no whole number, which it must be")
		}
		d.Total = max(n, -1)
	}
	if err := mustBeObject("links", top.links); err != nil {
		return err
	}
	for name, value := range members(top.links) {
		if string(name) != "next" {
			continue
		}
		next, err := link("links.next", value)
		if err != nil {
			return err
		}
		d.Next = next != nil && *next != ""
	}
	return nil
}

// mustBeObject is for a member that may be left out or null.
func mustBeObject(what string, raw []byte) error {
	switch kindOf(raw) {
	case missing, null, object:
		return nil
	default:
		return wrongKind(what, raw)
	}
}
