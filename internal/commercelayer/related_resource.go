package commercelayer

import (
	"encoding/json"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A RelatedResource is a resource of any type that a customer is related to.
type RelatedResource struct {
	Identifier
	// Attributes is a JSON object in the form of [Customer.Metadata]. It is nil if
	// there are no attributes.
	Attributes json.RawMessage
	// Self is links.self: the URL of the resource.
	Self *string
	// Relationships holds every relationship that was sent.
	Relationships map[string]Relationship
	// Mode is test or live. It comes from meta and is nil if meta has no mode.
	Mode *string
}

// maxWhole is how many resources an answer may have. It is more than a page,
// because the API may send a whole list although a page was asked for. Even if
// all resources are as large as allowed, reading them takes only a few seconds.
const maxWhole = 500

// decodeRelated reads a document with related resources: a page of a list, one
// resource, or none. It also returns which of these it is.
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
			p.total = len(document.Items) // the whole list, and not only a page
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

// relatedYardstick compares resources of any type. It does not compare times,
// because there are several ways to write the same time. In the API the names
// of all times end in _at.
var relatedYardstick = yardstick[*RelatedResource]{
	knows: func(attribute string) bool { return !strings.HasSuffix(attribute, "_at") },
	text:  (*RelatedResource).text,
	id:    func(r *RelatedResource) string { return r.ID },
	noun:  "resource", nouns: "resources",
}

// text returns an attribute that is a string or a number. It is nil for null.
// It returns false for other values, and if the resource has no such attribute:
// the predicate may name an attribute of a related resource.
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
