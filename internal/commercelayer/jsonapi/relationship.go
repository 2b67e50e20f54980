package jsonapi

// A Relationship leads to related resources.
type Relationship struct {
	// Self is the URL of the relationship, Related that of what it leads to.
	// They are nil if they were not sent.
	Self    *string
	Related *string
	// Data is nil if no linkage was sent: the relationship is not included. It
	// is empty if the relationship leads nowhere, sent as null or [].
	Data []Identifier
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
				id.Type = r.name(unescape(nil, value))
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
