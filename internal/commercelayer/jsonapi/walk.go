package jsonapi

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
)

// The functions of this file walk over a value of JSON without copying it. They
// expect valid JSON, which checkSyntax makes sure of, and don't check again.

// members yields the members of an object in the order they are sent: the name
// unescaped, and the bytes of the value without the white space around it.
// Anything but an object has none.
func members(raw []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		if kindOf(raw) != object {
			return
		}
		for i := skipSpace(raw, 1); i < len(raw) && raw[i] != '}'; i = nextElement(raw, i) {
			end := skipValue(raw, i)
			name := unescape(raw[i:end])
			i = skipSpace(raw, skipSpace(raw, end)+1) // to the colon, and past it
			end = skipValue(raw, i)
			if !yield(name, raw[i:end]) {
				return
			}
			i = end
		}
	}
}

// elements yields the elements of an array. Anything but an array has none.
func elements(raw []byte) iter.Seq[[]byte] {
	return func(yield func(element []byte) bool) {
		if kindOf(raw) != array {
			return
		}
		for i := skipSpace(raw, 1); i < len(raw) && raw[i] != ']'; i = nextElement(raw, i) {
			end := skipValue(raw, i)
			if !yield(raw[i:end]) {
				return
			}
			i = end
		}
	}
}

// countNested tells how many members and elements a value has, however nested:
// one for each comma, and one more for each object or array that is not empty.
func countNested(raw []byte) int {
	n := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = skipString(raw, i) - 1
		case ',':
			n++
		case '{', '[':
			if next := skipSpace(raw, i+1); next < len(raw) && raw[next] != '}' && raw[next] != ']' {
				n++
			}
		}
	}
	return n
}

// nextElement moves from the end of an element to the beginning of the next
// one, or to the bracket that closes the list.
func nextElement(raw []byte, end int) int {
	i := skipSpace(raw, end)
	if i < len(raw) && raw[i] == ',' {
		i = skipSpace(raw, i+1)
	}
	return i
}

func skipSpace(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// skipValue gives the end of the value that begins at i.
func skipValue(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			i = skipString(raw, i)
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\n', '\t', '\r':
			i++
			continue
		default:
			i = skipLiteral(raw, i)
		}
		if depth == 0 {
			break
		}
	}
	return i
}

// skipString gives the end of the string that begins at i.
func skipString(raw []byte, i int) int {
	begin := i + 1
	for i = begin; ; i++ {
		quote := bytes.IndexByte(raw[i:], '"')
		if quote < 0 {
			return len(raw)
		}
		i += quote
		escapes := i
		for escapes > begin && raw[escapes-1] == '\\' {
			escapes--
		}
		if (i-escapes)%2 == 0 { // no backslash of its own escapes the quote
			return i + 1
		}
	}
}

// skipLiteral gives the end of the number, true, false or null at i.
func skipLiteral(raw []byte, i int) int {
	for i < len(raw) {
		switch raw[i] {
		case ',', ':', ' ', '\n', '\t', '\r', '}', ']', '{', '[', '"':
			return i
		}
		i++
	}
	return i
}

// kind is the kind of a JSON value. Its text is the one that error texts use.
type kind string

const (
	missing kind = "missing value"
	null    kind = "null"
	boolean kind = "bool"
	number  kind = "number"
	text    kind = "string"
	array   kind = "array"
	object  kind = "object"
)

func kindOf(raw []byte) kind {
	if len(raw) == 0 {
		return missing
	}
	switch raw[0] {
	case 'n':
		return null
	case 't', 'f':
		return boolean
	case '"':
		return text
	case '[':
		return array
	case '{':
		return object
	default:
		return number
	}
}

// unescape gives the bytes that a JSON string stands for, quotes removed. They
// are those of raw where nothing is escaped.
func unescape(raw []byte) []byte {
	if inside := raw[1 : len(raw)-1]; bytes.IndexByte(inside, '\\') < 0 {
		return inside
	}
	return []byte(decodeString(raw))
}

// decodeString gives the text of a JSON string. An escaped half of a surrogate
// pair stands for no character, and becomes U+FFFD like an invalid byte.
func decodeString(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return strings.ToValidUTF8(string(raw[1:len(raw)-1]), "\uFFFD")
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "" // can't be: the document is valid
	}
	return s
}
