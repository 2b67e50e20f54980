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

func newRelatedResource(r *jsonapi.Resource) *RelatedResource {
	related := &RelatedResource{Identifier: r.Identifier, Self: r.Self, Relationships: r.Relationships, Mode: r.Mode}
	if related.Relationships == nil {
		related.Relationships = map[string]Relationship{}
	}
	if r.Attributes != nil {
		related.Attributes = jsonapi.Canonical(r.Attributes)
	}
	return related
}

// relatedResources makes the resources that are handed on.
func relatedResources(_ *jsonapi.Document, fresh []*jsonapi.Resource) ([]*RelatedResource, *Error) {
	list := make([]*RelatedResource, len(fresh))
	for i, r := range fresh {
		list[i] = newRelatedResource(r)
	}
	return list, nil
}

// sameRelatedResource tells whether two resources have the same content.
func sameRelatedResource(_ *jsonapi.Document, a, b *jsonapi.Resource) bool {
	return reflect.DeepEqual(newRelatedResource(a), newRelatedResource(b))
}
