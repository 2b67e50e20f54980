package jsonapi

import (
	"bytes"
	"encoding/json"
)

// An Identifier is a resource identifier of JSON:API. It names a resource.
type Identifier struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// A Resource is a resource object. It stands in data or in included.
type Resource struct {
	Identifier
	// Attributes is the JSON object as it was sent. It is nil if it was null or
	// missing.
	Attributes    json.RawMessage
	Relationships map[string]Relationship
	// Self is links.self: the URL of the resource. It is nil if it was not sent.
	Self *string
	// Mode and OrganizationID come from the meta of the resource. Each is nil if it
	// was not sent.
	Mode           *string
	OrganizationID *string

	// err is why a resource in included can't be read. Only its identifier is
	// known then.
	err error
	// included is set if the resource stands in included.
	included bool
	// number is the resource's position among all resources of the document.
	number int
	// targets are the resources of the document that the linkage names.
	targets []*Resource
}

// A resourceReader reads resources from their bytes. Most resources have the
// same types and names of relationships, so each such text is kept in memory
// once.
type resourceReader struct{ names map[string]string }

func newResourceReader() *resourceReader {
	return &resourceReader{names: map[string]string{}}
}

func (r *resourceReader) name(raw []byte) string {
	name, known := r.names[string(raw)]
	if !known {
		name = string(raw)
		r.names[name] = name
	}
	return name
}

// item reads a resource in data.
func (r *resourceReader) item(raw []byte) Item {
	resource, err := r.resource(raw)
	if err != nil {
		return Item{ID: resource.ID, Err: err}
	}
	return Item{Resource: resource, ID: resource.ID}
}

// resource reads a resource. If it returns an error, it still returns as much
// of the identifier as can be read.
func (r *resourceReader) resource(raw []byte) (*Resource, error) {
	resource := &Resource{}
	if kindOf(raw) != object {
		return resource, wrongKind("a resource", raw)
	}
	var attributes, relationships, links, meta, identifierType, id []byte
	pick(raw, wanted{"type", &identifierType}, wanted{"id", &id}, wanted{"attributes", &attributes},
		wanted{"relationships", &relationships}, wanted{"links", &links}, wanted{"meta", &meta})
	if kindOf(id) == text {
		resource.ID = decodeString(id)
	}
	if kindOf(identifierType) == text {
		resource.Type = r.name(unescape(nil, identifierType))
	}
	for _, step := range []func() error{
		func() error { return mustBeText("the id of a resource", id) },
		func() error { return mustBeText("the type of a resource", identifierType) },
		func() error { return resource.readAttributes(attributes) },
		func() error { return r.readRelationships(resource, relationships) },
		func() error { return resource.readLinks(links) },
		func() error { return resource.readMeta(meta) },
	} {
		if err := step(); err != nil {
			return resource, err
		}
	}
	return resource, nil
}

// mustBeText checks a member that every resource must have.
func mustBeText(what string, raw []byte) error {
	switch kindOf(raw) {
	case missing, null:
		return syntaxError("%s is missing", what)
	case text:
		if len(raw) == len(`""`) {
			return syntaxError("%s is empty", what)
		}
		return nil
	default:
		return wrongKind(what, raw)
	}
}

func (resource *Resource) readAttributes(raw []byte) error {
	err := pickFrom("the attributes of a resource", raw)
	if err == nil && kindOf(raw) == object {
		resource.Attributes = bytes.Clone(raw)
	}
	return err
}

func (resource *Resource) readLinks(raw []byte) error {
	var self []byte
	err := pickFrom("the links of a resource", raw, wanted{"self", &self})
	if err == nil {
		resource.Self, err = link("links.self of a resource", self)
	}
	return err
}

// readMeta reads the meta of the resource. The mode and the organization guard
// against reading from a wrong place. So a value of another type is an error
// and is not ignored.
func (resource *Resource) readMeta(raw []byte) error {
	var mode, organization []byte
	err := pickFrom("the meta of a resource", raw, wanted{"mode", &mode}, wanted{"organization_id", &organization})
	if err == nil {
		resource.Mode, err = optionalText("meta.mode of a resource", mode)
	}
	if err == nil {
		resource.OrganizationID, err = optionalText("meta.organization_id of a resource", organization)
	}
	return err
}
