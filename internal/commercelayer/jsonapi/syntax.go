package jsonapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A SyntaxError tells why a document, or a part of it, can't be read. Reason
// contains only words of this package and never a part of the document.
type SyntaxError struct{ Reason string }

func (e *SyntaxError) Error() string { return e.Reason }

func syntaxError(format string, args ...any) *SyntaxError {
	return &SyntaxError{Reason: fmt.Sprintf(format, args...)}
}

// wrongKind is the error for a value whose JSON type is not allowed there.
func wrongKind(what string, raw []byte) *SyntaxError {
	return syntaxError("%s must not be a JSON %s", what, kindOf(raw))
}

// maxDepth is how deeply arrays and objects may be nested. It is the bound of
// [encoding/json], which decodes the values in [Canonical].
const maxDepth = 10_000

// checkSyntax checks that a body is one JSON document and nothing else. It
// returns the document without the white space around it and without a byte
// order mark. RFC 8259 allows a reader to ignore that mark.
func checkSyntax(body []byte) ([]byte, error) {
	if !utf8.Valid(body) {
		return nil, syntaxError("the answer is not valid UTF-8, but JSON must be")
	}
	body = trim(body)
	if json.Valid(body) {
		return body, nil
	}
	reason := syntaxReason(body)
	switch {
	case strings.Contains(reason, endsEarly):
		return nil, syntaxError("the document ends in the middle: the answer was cut off")
	case strings.Contains(reason, "max depth"):
		return nil, &TooManyError{What: "levels of nesting", Limit: maxDepth}
	default:
		return nil, syntaxError("the document is not valid JSON")
	}
}

// CutOff tells whether a body is the beginning of a JSON document.
func CutOff(body []byte) bool {
	body = trim(body)
	return len(body) > 0 && !json.Valid(body) && strings.Contains(syntaxReason(body), endsEarly)
}

const endsEarly = "unexpected end"

// syntaxReason tells what is wrong with a body that is not valid JSON, in
// the words of [encoding/json]. It builds no value, because Unmarshal fails.
func syntaxReason(body []byte) string {
	var nothing json.RawMessage
	return fmt.Sprint(json.Unmarshal(body, &nothing))
}

// trim removes a byte order mark and the white space of JSON.
func trim(body []byte) []byte {
	return bytes.Trim(bytes.TrimPrefix(body, []byte("\uFEFF")), " \n\t\r")
}
