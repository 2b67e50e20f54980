package jsonapi

import (
	"bytes"
	"encoding/json"
)

// Canonical writes a value of a document that [Decode] has read, in a form that
// is the same for all texts of the same value. Keys are sorted at every level,
// there is no white space, and nothing is escaped without need. Numbers stay as
// they were sent, because a float may not hold all their digits. If an object
// has two members of one name, the last one counts.
//
// Canonical builds the whole value. That is safe for such a value, because
// bounds.go has kept it small.
func Canonical(raw json.RawMessage) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	var b bytes.Buffer
	b.Grow(len(raw))
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := decoder.Decode(&value)
	if err == nil {
		err = encoder.Encode(value)
	}
	if err != nil {
		panic(err) // Decode has checked the syntax
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
