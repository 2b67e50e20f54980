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
	if err := pickFrom("the relationships of a resource", raw); err != nil || kindOf(raw) != object {
		return err
	}
	resource.Relationships = map[string]Relationship{}
	for name, value := range Members(raw) {
		relationship, err := r.relationship(value)
		if err != nil {
			return err
		}
		resource.Relationships[r.name(name)] = relationship
	}
	return nil
}

// relationship reads one relationship. Null is read like an empty object.
func (r *resourceReader) relationship(raw []byte) (relationship Relationship, err error) {
	var data, links, self, related []byte
	if err := pickFrom("a relationship", raw, wanted{"data", &data}, wanted{"links", &links}); err != nil {
		return relationship, err
	}
	if len(data) > 0 {
		if relationship.Data, err = r.linkage(data); err != nil {
			return relationship, err
		}
	}
	err = pickFrom("the links of a relationship", links, wanted{"self", &self}, wanted{"related", &related})
	if err != nil {
		return relationship, err
	}
	if relationship.Self, err = link("links.self of a relationship", self); err != nil {
		return relationship, err
	}
	relationship.Related, err = link("links.related of a relationship", related)
	return relationship, err
}

// linkage reads resource linkage: null, one identifier, or a list of
// identifiers.
func (r *resourceReader) linkage(raw []byte) ([]Identifier, error) {
	list := []Identifier{}
	switch kindOf(raw) {
	case null, object, array:
		for element := range oneOrMany(raw) {
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
	var resourceType, resourceID []byte
	pick(raw, wanted{"type", &resourceType}, wanted{"id", &resourceID})
	if err := mustBeText("the type of a related resource", resourceType); err != nil {
		return id, err
	}
	if err := mustBeText("the id of a related resource", resourceID); err != nil {
		return id, err
	}
	return Identifier{Type: r.name(unescape(nil, resourceType)), ID: decodeString(resourceID)}, nil
}
