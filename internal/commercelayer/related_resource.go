package commercelayer

import (
	"encoding/json"
	"reflect"

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

// relatedResources makes the resources that are handed on.
func relatedResources(_ *jsonapi.Document, fresh []*jsonapi.Resource) ([]*RelatedResource, *Error) {
	list := make([]*RelatedResource, len(fresh))
	for i, r := range fresh {
		var failure *Error
		if list[i], failure = newRelatedResource(r); failure != nil {
			return nil, failure.named("resource", r.ID)
		}
	}
	return list, nil
}

// sameRelatedResource tells whether two resources have the same content.
func sameRelatedResource(_ *jsonapi.Document, a, b *jsonapi.Resource) bool {
	one, failure := newRelatedResource(a)
	other, otherFailure := newRelatedResource(b)
	return failure == nil && otherFailure == nil && reflect.DeepEqual(one, other)
}
