package jsonapi

// A Relationship is a relationship object of JSON:API.
type Relationship struct {
	// Self is the URL of the relationship, and Related is the URL of the related
	// resources. Each is nil if it was not sent.
	Self    *string
	Related *string
	// Data holds the resource linkage. It is nil if there is no linkage, which the
	// API sends only for included relationships. It is empty if there is no
	// related resource: the linkage is null or [].
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

// relationship reads one relationship. Null is read like an empty object.
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

// linkage reads resource linkage: null, one identifier, or a list of
// identifiers.
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
	switch {
	case id.Type == "":
		return id, syntaxError("the type of a related resource is missing")
	case id.ID == "":
		return id, syntaxError("the id of a related resource is missing")
	}
	return id, nil
}
