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

// A Relationship leads to related resources.
type Relationship struct {
	// Self is the URL of the relationship, Related that of what it leads to. They
	// are nil if they were not sent.
	Self    *string
	Related *string
	// Data is nil if no linkage was sent: the relationship is not included. It is
	// empty if the relationship leads nowhere, sent as null or [].
	Data []Identifier
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

	// err is why an included resource, whose identifier is known, can't be read.
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
		resource.Type = r.name(unescape(identifierType))
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

func (r *resourceReader) readRelationships(resource *Resource, raw []byte) error {
	if err := mustBeObject("the relationships of a resource", raw); err != nil {
		return err
	}
	if kindOf(raw) != object {
		return nil
	}
	resource.Relationships = map[string]Relationship{}
	for name, value := range members(raw) {
		relationship, err := r.relationship(value)
		if err != nil {
			return err
		}
		resource.Relationships[r.name(name)] = relationship
	}
	return nil
}

// relationship reads one relationship; null is one of which nothing was sent.
func (r *resourceReader) relationship(raw []byte) (Relationship, error) {
	var relationship Relationship
	if err := mustBeObject("a relationship", raw); err != nil {
		return relationship, err
	}
	for name, value := range members(raw) {
		var err error
		switch string(name) {
		case "data":
			relationship.Data, err = r.linkage(value)
		case "links":
			relationship.Self, relationship.Related, err = relationshipLinks(value)
		}
		if err != nil {
			return relationship, err
		}
	}
	return relationship, nil
}

func relationshipLinks(raw []byte) (self, related *string, err error) {
	if err := mustBeObject("the links of a relationship", raw); err != nil {
		return nil, nil, err
	}
	for name, value := range members(raw) {
		switch string(name) {
		case "self":
			self, err = link("links.self of a relationship", value)
		case "related":
			related, err = link("links.related of a relationship", value)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return self, related, nil
}

// linkage reads the identifiers that a relationship names: null for none, an
// object for one, a list for many.
func (r *resourceReader) linkage(raw []byte) ([]Identifier, error) {
	list := []Identifier{}
	switch kindOf(raw) {
	case null:
		return list, nil
	case object:
		id, err := r.identifier(raw)
		return append(list, id), err
	case array:
		for element := range elements(raw) {
			id, err := r.identifier(element)
			if err != nil {
				return nil, err
			}
			list = append(list, id)
		}
		return list, nil
	default:
		return nil, wrongKind("the data of a relationship", raw)
	}
}

func (r *resourceReader) identifier(raw []byte) (Identifier, error) {
	var id Identifier
	if kindOf(raw) != object {
		return id, wrongKind("a resource in the data of a relationship", raw)
	}
	for name, value := range members(raw) {
		var err error
		switch string(name) {
		case "type":
			if err = mustBeText("the type of a related resource", value); err == nil {
				id.Type = r.name(unescape(value))
			}
		case "id":
			if err = mustBeText("the id of a related resource", value); err == nil {
				id.ID = decodeString(value)
			}
		}
		if err != nil {
			return id, err
		}
	}
	return id, nil
}

// link reads a URL; JSON:API also allows an object that holds it.
func link(what string, raw []byte) (*string, error) {
	switch kindOf(raw) {
	case null:
		return nil, nil
	case text:
		return new(decodeString(raw)), nil
	case object:
		var href *string
		for name, value := range members(raw) {
			if string(name) != "href" {
				continue
			}
			if kindOf(value) != text {
				return nil, wrongKind("the href of "+what, value)
			}
			href = new(decodeString(value))
		}
		return href, nil
	default:
		return nil, wrongKind(what, raw)
	}
}
