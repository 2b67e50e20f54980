package jsonapi

import (
	"encoding/json"
	"iter"
)

// Members yields the members of a JSON object of a document, such as the
// attributes of a resource, in the order in which they were sent. A name is
// valid only until the next step. A value that is no object has no members.
func Members(raw json.RawMessage) iter.Seq2[[]byte, []byte] { return members(raw) }

// Attribute returns the JSON text of an attribute. It is nil if the attribute
// was not sent.
func (resource *Resource) Attribute(name string) json.RawMessage {
	var found json.RawMessage
	for sent, value := range members(resource.Attributes) {
		if string(sent) == name {
			found = value
		}
	}
	return found
}

// Text returns an attribute that is a string or a number as text. It is nil for
// null. told is false for any other value, and for an attribute that was not
// sent. The ID counts as an attribute.
func (resource *Resource) Text(name string) (value *string, told bool) {
	if name == "id" {
		return &resource.ID, true
	}
	raw := resource.Attribute(name)
	switch kindOf(raw) {
	case null:
		return nil, true
	case text:
		return new(decodeString(raw)), true
	case number:
		return new(string(raw)), true
	default:
		return nil, false
	}
}
