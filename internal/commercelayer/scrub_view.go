package commercelayer

import (
	"encoding/hex"
	"html"
	"unicode"
	"unicode/utf8"
)

// A view is a text after some layers of encoding were removed. It knows of each
// byte from which bytes of the original it was decoded.
type view struct {
	text []byte
	// from and to are the range of the original, one for each byte of text.
	from, to []int
}

func newView(t []byte) *view {
	v := &view{text: t, from: make([]int, len(t)), to: make([]int, len(t))}
	for i := range t {
		v.from[i], v.to[i] = i, i+1
	}
	return v
}

// decode removes one layer of encoding: escapes of URLs, HTML and JSON, all at
// once, and characters that can't be seen. It gives the places where it changed
// something, too.
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

// decodeEscape decodes the escape that a text begins with and gives its length,
// or zero if there is none.
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
	case r == '\uFF20', r == '\uFE6B': // two that are read as the sign of an address
		return []byte("@"), size
	case r != utf8.RuneError && isUnshown(r) && !unicode.IsSpace(r):
		return nil, size
	default:
		return nil, 0
	}
}

// decodePercent decodes %40 and the %u0040 of old browsers.
func decodePercent(t []byte) (decoded []byte, size int) {
	if len(t) > 1 && (t[1] == 'u' || t[1] == 'U') {
		return hexEscape(t, 2, 4)
	}
	return hexByte(t, 1)
}

// decodeBackslash decodes \u0040 and \x40, and what else a backslash may stand
// in front of in JSON. Several backslashes in a row are a layer each.
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

// hexEscape decodes a character written as so many hexadecimal digits.
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

// hexByte decodes a byte written as two hexadecimal digits.
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

// maxEntity is longer than any name of an HTML entity. A number may have zeros
// in front, but those of nobody honest make it longer.
const maxEntity = 64

// decodeEntity decodes an HTML entity: &#64; &#x40; or &commat;, with or
// without the semicolon.
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
