package jsonapi

import (
	"bytes"
	"encoding/json"
)

// Canonical writes a JSON value in a form that is the same for all texts of the
// same value. Keys are sorted at every level, there is no white space, and
// nothing is escaped without need. Numbers stay as they were sent, because a
// float may not hold all their digits. If an object has two members of one
// name, the last one counts.
//
// Canonical builds the whole value. That is safe for the attributes of a
// resource that [Decode] has read, because bounds.go has kept them small.
//
// The error is a [*SyntaxError] or a [*TooManyError].
func Canonical(raw json.RawMessage) (json.RawMessage, error) {
	raw, err := checkSyntax(raw)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	var b bytes.Buffer
	b.Grow(len(raw))
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err = decoder.Decode(&value); err == nil {
		err = encoder.Encode(value)
	}
	if err != nil {
		return nil, syntaxError("the value is not valid JSON")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
