package jsonapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A SyntaxError tells why an answer, or a part of it, can't be read. Its reason
// is made of words of this package alone and never quotes the answer.
type SyntaxError struct{ Reason string }

func (e *SyntaxError) Error() string { return e.Reason }

func syntaxError(format string, args ...any) *SyntaxError {
	return &SyntaxError{Reason: fmt.Sprintf(format, args...)}
}

// wrongKind is the error for a member that must not be of this kind.
func wrongKind(what string, raw []byte) *SyntaxError {
	return syntaxError("%s is a JSON %s, which it must not be", what, kindOf(raw))
}

// maxDepth is how deeply arrays and objects may nest. It is the bound that
// [encoding/json] has for documents, which is where the values end up.
const maxDepth = 10_000

// checkSyntax makes sure that an answer is one document of JSON and nothing
// else, and gives its bytes without what surrounds them. A byte order mark in
// front is allowed, as RFC 8259 lets a reader do.
func checkSyntax(body []byte) ([]byte, error) {
	if !utf8.Valid(body) {
		return nil, syntaxError("the answer is not valid UTF-8, which JSON must be")
	}
	body = trim(body)
	if json.Valid(body) {
		return body, nil
	}
	// Asking again tells what was wrong. Nothing is built, since it fails.
	var nothing json.RawMessage
	err := json.Unmarshal(body, &nothing)
	switch reason := fmt.Sprint(err); {
	case strings.Contains(reason, "unexpected end"):
		return nil, syntaxError("the document ends in the middle: the answer was cut off")
	case strings.Contains(reason, "max depth"):
		return nil, &TooManyError{What: "levels of nesting", Limit: maxDepth}
	default:
		return nil, syntaxError("the document is not valid JSON")
	}
}

// trim removes a byte order mark and the white space of JSON.
func trim(body []byte) []byte {
	return bytes.Trim(bytes.TrimPrefix(body, []byte("\uFEFF")), " \n\t\r")
}
