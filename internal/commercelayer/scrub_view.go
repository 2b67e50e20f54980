package commercelayer

import (
	"encoding/hex"
	"html"
	"unicode"
	"unicode/utf8"
)

// A view is a text from which some layers of encoding were removed. For each
// byte it knows the bytes of the original text from which it was decoded.
type view struct {
	text []byte
	// from and to are a range of the original text for each byte of text.
	from, to []int
}

func newView(t []byte) *view {
	v := &view{text: t, from: make([]int, len(t)), to: make([]int, len(t))}
	for i := range t {
		v.from[i], v.to[i] = i, i+1
	}
	return v
}

// decode removes one layer of encoding: all escapes of URLs, HTML and JSON, and
// invisible characters. It also returns the positions of what it changed.
func (v *view) decode() (next *view, changed []int) {
	next = &view{}
	for i := 0; i < len(v.text); {
		decoded, size := decodeEscape(v.text[i:])
		if size == 0 {
			decoded, size = v.text[i:i+1], 1
		} else {
			changed = append(changed, i)
		}
		for _, c := range decoded {
			next.text = append(next.text, c)
			next.from = append(next.from, v.from[i])
			next.to = append(next.to, v.to[i+size-1])
		}
		i += size
	}
	return next, changed
}

// decodeEscape decodes the escape at the beginning of a text and returns its
// length. The length is 0 if there is none.
func decodeEscape(t []byte) (decoded []byte, size int) {
	switch t[0] {
	case '%':
		return decodePercent(t)
	case '&':
		return decodeEntity(t)
	case '\\':
		return decodeBackslash(t)
	}
	switch r, size := utf8.DecodeRune(t); {
	case r == '\uFF20', r == '\uFE6B': // fullwidth and small variants of @
		return []byte("@"), size
	case r != utf8.RuneError && isUnshown(r) && !unicode.IsSpace(r):
		return nil, size
	default:
		return nil, 0
	}
}

// decodePercent decodes %40, and %u0040, which old browsers used.
func decodePercent(t []byte) (decoded []byte, size int) {
	if len(t) > 1 && (t[1] == 'u' || t[1] == 'U') {
		return hexEscape(t, 2, 4)
	}
	return hexByte(t, 1)
}

// decodeBackslash decodes escapes such as \u0040 and \x40, and a backslash in
// front of a character that JSON escapes. Two backslashes are one layer of
// encoding: they become one.
func decodeBackslash(t []byte) (decoded []byte, size int) {
	if len(t) < 2 {
		return nil, 0
	}
	switch t[1] {
	case 'u':
		return hexEscape(t, 2, 4)
	case 'U':
		return hexEscape(t, 2, 8)
	case 'x':
		return hexByte(t, 2)
	case '"', '\'', '/', '\\':
		return t[1:2], 2
	default:
		return nil, 0
	}
}

// hexEscape decodes a character that is written with the given number of
// hexadecimal digits.
func hexEscape(t []byte, begin, digits int) (decoded []byte, size int) {
	if len(t) < begin+digits {
		return nil, 0
	}
	value := make([]byte, digits/2)
	if _, err := hex.Decode(value, t[begin:begin+digits]); err != nil {
		return nil, 0
	}
	var r rune
	for _, c := range value {
		r = r<<8 | rune(c)
	}
	return utf8.AppendRune(nil, r), begin + digits
}

// hexByte decodes a byte that is written with two hexadecimal digits.
func hexByte(t []byte, begin int) (decoded []byte, size int) {
	if len(t) < begin+2 {
		return nil, 0
	}
	decoded = make([]byte, 1)
	if _, err := hex.Decode(decoded, t[begin:begin+2]); err != nil {
		return nil, 0
	}
	return decoded, begin + 2
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= lowerByte(c) && lowerByte(c) <= 'f'
}

// maxEntity is the longest HTML entity that is decoded. No name is that long. A
// number may have leading zeros, but real texts have only a few.
const maxEntity = 64

// decodeEntity decodes an HTML entity, such as &#64; &#x40; or &commat;. It may
// lack the semicolon.
func decodeEntity(t []byte) (decoded []byte, size int) {
	size = 1
	if size < len(t) && t[size] == '#' {
		size++
	}
	for size < len(t) && size < maxEntity && isAlphanumeric(t[size]) {
		size++
	}
	if size < len(t) && t[size] == ';' {
		size++
	}
	entity := string(t[:size])
	if decoded := html.UnescapeString(entity); decoded != entity {
		return []byte(decoded), size
	}
	return nil, 0
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
