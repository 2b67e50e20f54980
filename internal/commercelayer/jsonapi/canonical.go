package jsonapi

import (
	"bytes"
	"encoding/json"
)

// Canonical writes a JSON value in the one form that all texts of the same
// value share: keys sorted at every level, no white space, nothing escaped that
// need not be. Numbers stay as they were sent, since their digits may be more
// than a float holds. Of two members of one name the last counts.
//
// It builds the value, which [Bounds] has kept small if it is of a resource
// that [Decode] has read.
func Canonical(raw json.RawMessage) (json.RawMessage, error) {
	raw, err := checkSyntax(raw)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, syntaxError("the value is not valid JSON")
	}
	var b bytes.Buffer
	b.Grow(len(raw))
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, syntaxError("the value is not valid JSON")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
