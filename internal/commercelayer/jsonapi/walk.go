package jsonapi

import (
	"bytes"
	"iter"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions of this file walk over a JSON value without copying it. They
// expect valid JSON, which [json.Valid] has made sure of, and do not check again.
// So there is always a bracket behind what stands in an object or an array.

// A wanted is a member of an object, and where its value is to be put.
type wanted struct {
	name string
	into *[]byte
}

// pick looks for members of an object. If two have the same name, the last one
// counts. The value of a member that was not sent stays as it is.
func pick(raw []byte, list ...wanted) {
	for name, value := range Members(raw) {
		for _, w := range list {
			if string(name) == w.name {
				*w.into = value
			}
		}
	}
}

// Members yields the members of a JSON object of a document, such as the
// attributes of a resource, in the order in which they were sent. It yields
// each name unescaped, and the bytes of each value without the white space
// around them. The name is valid only until the next step. A value that is no
// object has no members.
func Members(raw []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		if kindOf(raw) != object {
			return
		}
		var space [64]byte // an escaped name that fits in here needs no allocation
		scratch := space[:]
		for i := skipSpace(raw, 1); raw[i] != '}'; i = nextElement(raw, i) {
			end := skipValue(raw, i)
			name := unescape(scratch, raw[i:end])
			i = skipSpace(raw, skipSpace(raw, end)+1) // behind the colon
			end = skipValue(raw, i)
			if !yield(name, raw[i:end]) {
				return
			}
			i = end
		}
	}
}

// elements yields the elements of an array. A value that is no array has none.
func elements(raw []byte) iter.Seq[[]byte] {
	return func(yield func(element []byte) bool) {
		if kindOf(raw) != array {
			return
		}
		for i := skipSpace(raw, 1); raw[i] != ']'; i = nextElement(raw, i) {
			end := skipValue(raw, i)
			if !yield(raw[i:end]) {
				return
			}
			i = end
		}
	}
}

// oneOrMany yields the elements of an array, or an object by itself. Any other
// value has none.
func oneOrMany(raw []byte) iter.Seq[[]byte] {
	if kindOf(raw) == object {
		return func(yield func(one []byte) bool) { yield(raw) }
	}
	return elements(raw)
}

// countNested counts the members and elements of a value at all levels. There
// is one for each comma, and one more for each object or array that is not
// empty.
func countNested(raw []byte) int {
	n := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = skipString(raw, i) - 1
		case ',':
			n++
		case '{', '[':
			if next := skipSpace(raw, i+1); raw[next] != '}' && raw[next] != ']' {
				n++
			}
		}
	}
	return n
}

// nextElement returns where the next element or member begins after one that
// ends at end, or where the closing bracket is.
func nextElement(raw []byte, end int) int {
	i := skipSpace(raw, end)
	if raw[i] == ',' {
		i = skipSpace(raw, i+1)
	}
	return i
}

func skipSpace(raw []byte, i int) int {
	for raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r' {
		i++
	}
	return i
}

// skipValue returns the end of the value that begins at i.
func skipValue(raw []byte, i int) int {
	for depth := 0; ; {
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
			return i
		}
	}
}

// skipString returns the end of the string that begins at i.
func skipString(raw []byte, i int) int {
	for {
		i += 1 + bytes.IndexByte(raw[i+1:], '"')
		backslashes := 0
		for raw[i-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 { // otherwise the last one escapes the quote
			return i + 1
		}
	}
}

// skipLiteral returns the end of the number, true, false or null that begins at
// i.
func skipLiteral(raw []byte, i int) int {
	for {
		switch raw[i] {
		case ',', ' ', '\n', '\t', '\r', '}', ']':
			return i
		}
		i++
	}
}

// A kind is the type of a JSON value. Error texts show it.
type kind string

const (
	missing kind = "missing value"
	null    kind = "null"
	boolean kind = "boolean"
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

// Kind names the JSON type of a value, such as object.
func Kind(raw []byte) string { return string(kindOf(raw)) }

// decodeString returns the text of a JSON string.
func decodeString(raw []byte) string {
	return string(unescape(nil, raw))
}

// unescape returns the text of a JSON string in UTF-8. If nothing in it has to
// be replaced, the result is a part of raw. Otherwise it is written into
// scratch. Like [encoding/json], it writes U+FFFD for an invalid byte and for
// an unpaired surrogate.
func unescape(scratch, raw []byte) []byte {
	inside := raw[1 : len(raw)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		if utf8.Valid(inside) {
			return inside
		}
		return bytes.ToValidUTF8(inside, []byte("\uFFFD"))
	}
	into := scratch[:0]
	for i := 0; i < len(inside); {
		if inside[i] != '\\' {
			r, size := utf8.DecodeRune(inside[i:])
			into, i = utf8.AppendRune(into, r), i+size
			continue
		}
		if inside[i+1] != 'u' {
			into, i = append(into, simpleEscapes[inside[i+1]]), i+2
			continue
		}
		r := codeUnit(inside[i:])
		i += len(`\u0000`)
		if utf16.IsSurrogate(r) {
			pair := utf16.DecodeRune(r, codeUnit(inside[i:]))
			if pair != utf8.RuneError {
				i += len(`\u0000`)
			}
			r = pair
		}
		into = utf8.AppendRune(into, r)
	}
	return into
}

// simpleEscapes maps the letter behind a backslash to its character.
var simpleEscapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// codeUnit reads an escape like \u0000 at the beginning of raw. It returns
// U+FFFD if there is none.
func codeUnit(raw []byte) rune {
	const length = len(`\u0000`)
	if len(raw) < length || raw[0] != '\\' || raw[1] != 'u' {
		return utf8.RuneError
	}
	n, _ := strconv.ParseUint(string(raw[2:length]), 16, 16) // no error, because the document is valid
	return rune(n)
}
