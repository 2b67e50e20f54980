package jsonapi

import "strconv"

// DataKind tells what the top-level data member of a document is.
type DataKind int

// The kinds of data.
const (
	// NoData is a document without data, for example one with errors.
	NoData DataKind = iota
	// Null is null: the related resource does not exist.
	Null
	// One is a single resource.
	One
	// Many is a list of resources, which may be empty.
	Many
)

// A Document is the top level of a JSON:API document.
type Document struct {
	// Items are the resources in data. There is one if Kind is [One].
	Items []Item
	Kind  DataKind
	// Total is meta.record_count: the number of matches on all pages. It is -1 if
	// the document does not tell it.
	Total int
	// Next is set if there is a next page: links.next was sent.
	Next bool
	// Included is set if the document has the member included, even an empty one.
	Included bool

	// size is how many resources there are, with the included ones.
	size int
}

// An Item is a resource in data, or the reason why it can't be read.
type Item struct {
	// Resource is nil if Err is set.
	Resource *Resource
	// ID is the resource's ID if that could be read, even if Err is set.
	ID  string
	Err error
}

// Decode reads a document with at most the given number of resources in data,
// which is the size of the page that was asked for. The result does not refer to
// the bytes of the body, so they can be freed.
//
// The error is a [*TooManyError] or a [*SyntaxError]. A resource in data that
// can't be read is not an error of the document. It is the error of its [Item].
// The same is true of an included resource: it is the error of each Item that
// leads to it.
//
// Unknown members are ignored. If an object has two members of one name, the
// last one counts.
func Decode(body []byte, resources int) (*Document, error) {
	body, err := checkSyntax(body)
	if err != nil {
		return nil, err
	}
	if kindOf(body) != object {
		return nil, wrongKind("the document", body)
	}
	top := splitTopLevel(body)
	if err := newCensus(resources).document(top); err != nil {
		return nil, err
	}

	d := &Document{Total: -1}
	switch kindOf(top.data) {
	case missing:
		d.Kind = NoData
	case null:
		d.Kind = Null
	case object:
		d.Kind = One
	case array:
		d.Kind = Many
	default:
		return nil, wrongKind("the data of the document", top.data)
	}
	if (d.Kind == NoData || d.Kind == Null) && len(errorObjects(top.errors, 1)) > 0 {
		return d, nil // a document of errors is one even if other members are wrong
	}
	if err := d.readTop(top); err != nil {
		return nil, err
	}
	switch kindOf(top.included) {
	case missing, null:
	case array:
		d.Included = true
	default:
		return nil, wrongKind("included", top.included)
	}
	r := newResourceReader()
	for raw := range oneOrMany(top.data) {
		d.Items = append(d.Items, r.item(raw))
	}
	d.readIncluded(r, top.included)
	return d, nil
}

// topLevel holds the values of the top-level members that are read.
type topLevel struct{ data, included, errors, meta, links []byte }

func splitTopLevel(body []byte) *topLevel {
	t := &topLevel{}
	pick(body, wanted{"data", &t.data}, wanted{"included", &t.included}, wanted{"errors", &t.errors},
		wanted{"meta", &t.meta}, wanted{"links", &t.links})
	return t
}

// readTop reads the count and whether there is a next page. Both decide whether
// a whole list was read. So a value of a wrong type is an error.
func (d *Document) readTop(top *topLevel) error {
	var count, next []byte
	if err := pickFrom("meta", top.meta, wanted{"record_count", &count}); err != nil {
		return err
	}
	switch kindOf(count) {
	case missing, null:
	case number:
		n, err := strconv.Atoi(string(count))
		if err != nil {
			return syntaxError("meta.record_count must be a whole number")
		}
		d.Total = max(n, -1)
	default:
		return wrongKind("meta.record_count", count)
	}
	if err := pickFrom("links", top.links, wanted{"next", &next}); err != nil {
		return err
	}
	url, err := link("links.next", next)
	d.Next = url != nil
	return err
}

// pickFrom looks for members of an object that may also be missing or null.
func pickFrom(what string, raw []byte, list ...wanted) error {
	switch kindOf(raw) {
	case missing, null, object:
		pick(raw, list...)
		return nil
	default:
		return wrongKind(what, raw)
	}
}
