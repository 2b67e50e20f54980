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
	// Mode, OrganizationID and TraceID come from the meta of the resource. Each is
	// nil if it was not sent.
	Mode           *string
	OrganizationID *string
	TraceID        *string

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
	for name, value := range members(raw) {
		switch string(name) {
		case "type":
			identifierType = value
		case "id":
			id = value
		case "attributes":
			attributes = value
		case "relationships":
			relationships = value
		case "links":
			links = value
		case "meta":
			meta = value
		}
	}
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
	if err := mustBeObject("the attributes of a resource", raw); err != nil {
		return err
	}
	if kindOf(raw) == object {
		resource.Attributes = bytes.Clone(raw)
	}
	return nil
}

func (resource *Resource) readLinks(raw []byte) error {
	if err := mustBeObject("the links of a resource", raw); err != nil {
		return err
	}
	for name, value := range members(raw) {
		if string(name) == "self" {
			self, err := link("links.self of a resource", value)
			if err != nil {
				return err
			}
			resource.Self = self
		}
	}
	return nil
}

// readMeta reads the meta of the resource. The mode and the organization guard
// against reading from a wrong place. So a value of another type is an error
// and is not ignored. The trace ID is only shown, so a value of another type is
// ignored.
func (resource *Resource) readMeta(raw []byte) error {
	if err := mustBeObject("the meta of a resource", raw); err != nil {
		return err
	}
	for name, value := range members(raw) {
		var into **string
		switch string(name) {
		case "mode":
			into = &resource.Mode
		case "organization_id":
			into = &resource.OrganizationID
		case "trace_id":
			into = &resource.TraceID
		default:
			continue
		}
		*into = nil
		switch kindOf(value) {
		case text:
			*into = new(decodeString(value))
		case null:
		default:
			if into != &resource.TraceID {
				return wrongKind("meta."+string(name)+" of a resource", value)
			}
		}
	}
	return nil
}
