package jsonapi

import (
	"bytes"
	"iter"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions of this file walk over a value of JSON without copying it. They
// expect valid JSON, which checkSyntax makes sure of, and don't check again.

// members yields the members of an object in the order they are sent: the name
// unescaped, and the bytes of the value without the white space around it. The
// name is only good until the next one. Anything but an object has no members.
func members(raw []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		if kindOf(raw) != object {
			return
		}
		var space [64]byte // an escaped name does without an allocation
		scratch := space[:]
		for i := skipSpace(raw, 1); i < len(raw) && raw[i] != '}'; i = nextElement(raw, i) {
			end := skipValue(raw, i)
			name := unescape(scratch, raw[i:end])
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
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			return i + 1
		case '\\':
			i++ // whatever is escaped, it does not end the string
		}
	}
	return len(raw)
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

// decodeString gives the text of a JSON string.
func decodeString(raw []byte) string {
	return string(unescape(nil, raw))
}

// unescape gives the bytes that a JSON string stands for, without its quotes.
// They are those of raw where nothing need be replaced, and else in the space
// of scratch. Half of a surrogate pair stands for no character and becomes
// U+FFFD, as does an invalid byte: see [encoding/json], which does the same.
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

// simpleEscapes are the characters that a backslash and one letter stand for.
var simpleEscapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// codeUnit reads the escape \u0000 that the bytes begin with, or gives U+FFFD
// if they begin with anything else.
func codeUnit(raw []byte) rune {
	const length = len(`\u0000`)
	if len(raw) < length || raw[0] != '\\' || raw[1] != 'u' {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(raw[2:length]), 16, 16)
	if err != nil {
		return utf8.RuneError // can't be: the document is valid
	}
	return rune(n)
}
