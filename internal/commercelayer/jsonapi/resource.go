package jsonapi

import (
	"bytes"
	"encoding/json"
)

// An Identifier names a resource.
type Identifier struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// A Resource is a resource object: one in data, or an included one.
type Resource struct {
	Identifier
	// Attributes is the JSON object as sent, or nil for null and none.
	Attributes    json.RawMessage
	Relationships map[string]Relationship
	// Self is the URL of the resource itself, from links.
	Self *string
	// Mode, OrganizationID and TraceID are the resource's own, from its meta.
	Mode           *string
	OrganizationID *string
	TraceID        *string

	// err is why an included resource, whose identifier is known, can't be
	// read.
	err error
	// included tells it from a resource in data.
	included bool
	// number counts the resources of a document.
	number int
	// targets are the resources of the document that the relationships name.
	targets []*Resource
}

// A resourceReader makes resources of their bytes. Types and names of
// relationships are the same few in most resources, and are kept once.
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

// resource reads a resource. With an error, it holds what could be read of its
// identifier.
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

// mustBeText is for the members that every resource has.
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

// readMeta reads the resource's own meta. The mode and the organization guard
// against reading from the wrong place, so they are not passed over when they
// are of another type. The trace is only shown, and is.
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
