package commercelayer

import (
	"encoding/json"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A RelatedResource is a resource that a customer is related to, of any type.
type RelatedResource struct {
	Identifier
	// Attributes is the JSON object in the form of [Customer.Metadata], or nil.
	Attributes json.RawMessage
	// Self is the URL of the resource itself, from links.
	Self *string
	// Relationships holds every relationship sent.
	Relationships map[string]Relationship
	// Mode is test or live, from meta; nil if meta has none.
	Mode *string
}

// maxWhole bounds what is read of an answer that holds a whole list, however small
// a page was asked for. With as many members as each may have, so many cost a few
// seconds; an honest page costs a few milliseconds.
const maxWhole = 500

// decodeRelated reads the document of what a customer is related to: a page of a
// list, or one resource, or none. It also tells which of them the document has.
func decodeRelated(body []byte, size int) (*page[*RelatedResource], jsonapi.DataKind, *Error) {
	document, failure := decodeDocument(body, maxWhole)
	if failure != nil {
		return nil, jsonapi.NoData, failure
	}
	p := &page[*RelatedResource]{total: document.Total, next: document.Next}
	switch document.Kind {
	case jsonapi.NoData:
		return nil, document.Kind, malformed("the document has no data")
	case jsonapi.Null, jsonapi.One:
		p.total, p.next = len(document.Items), false
	case jsonapi.Many:
		if len(document.Items) > size && p.total < 0 && !p.next {
			p.total = len(document.Items) // not a page, but all
		}
	}
	for _, sent := range document.Items {
		one := item[*RelatedResource]{id: sent.ID}
		if sent.Err != nil {
			one.err = documentError(sent.Err)
		} else {
			one.value, one.err = newRelatedResource(sent.Resource)
		}
		one.name("resource")
		p.items = append(p.items, one)
	}
	return p, document.Kind, nil
}

func newRelatedResource(r *jsonapi.Resource) (*RelatedResource, *Error) {
	related := &RelatedResource{Identifier: r.Identifier, Self: r.Self, Relationships: r.Relationships, Mode: r.Mode}
	if related.Relationships == nil {
		related.Relationships = map[string]Relationship{}
	}
	if r.Attributes == nil {
		return related, nil
	}
	text, err := jsonapi.Canonical(r.Attributes)
	if err != nil {
		return nil, malformed("the attributes are not valid JSON")
	}
	related.Attributes = text
	return related, nil
}

// relatedYardstick compares resources of any type by the attributes that they come
// with. Times have more than one form, by which the API's names for them end.
var relatedYardstick = yardstick[*RelatedResource]{
	knows: func(attribute string) bool { return !strings.HasSuffix(attribute, "_at") },
	text:  (*RelatedResource).text,
	id:    func(r *RelatedResource) string { return r.ID },
	noun:  "resource", nouns: "resources",
}

// text returns an attribute that is a string or a number, or nil if it is null. It
// is false for others, and for what the resource does not have: the predicate may
// be about a relationship.
func (r *RelatedResource) text(attribute string) (*string, bool) {
	if attribute == "id" {
		return &r.ID, true
	}
	var members map[string]json.RawMessage
	if r.Attributes == nil || json.Unmarshal(r.Attributes, &members) != nil {
		return nil, false
	}
	raw, sent := members[attribute]
	if !sent {
		return nil, false
	}
	switch raw[0] {
	case 'n':
		return nil, true
	case '"':
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return nil, false
		}
		return &text, true
	case '{', '[', 't', 'f':
		return nil, false
	}
	return new(string(raw)), true
}
