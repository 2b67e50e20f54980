package jsonapi

import "encoding/json"

// Attribute returns the JSON text of an attribute. It is nil if the attribute
// was not sent.
func (resource *Resource) Attribute(name string) json.RawMessage {
	var found []byte
	pick(resource.Attributes, wanted{name, &found})
	return found
}

// Text returns an attribute that is a string, a number or a boolean as text. It
// is nil for null. told is false for any other value, and for an attribute that
// was not sent. The ID counts as an attribute.
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
	case number, boolean:
		return new(string(raw)), true
	default:
		return nil, false
	}
}
