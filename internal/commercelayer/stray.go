package commercelayer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Stray says what has come into a value by accident, for example when it was
// copied from a file, a shell or a web page: blanks, line ends, quotes or
// invisible characters. Such a value looks right to the person who set it. The
// server refuses it with an error that does not name the reason.
type Stray struct {
	// LineEnd is set if the value begins or ends with a line end. Blank is set if
	// it begins or ends with other white space.
	LineEnd, Blank bool
	// Quotes is set if there are quotes around the value.
	Quotes bool
	// Hidden is set if the value contains an invisible character or invalid UTF-8.
	Hidden bool

	found []string
}

// FindStray examines a value of any kind. Blanks and quotes inside of the value
// are accepted, because they may belong to it.
func FindStray(value string) Stray {
	var s Stray
	if !utf8.ValidString(value) {
		s.Hidden = true
		s.found = append(s.found, "is not text in UTF-8")
		return s
	}
	inner := strings.TrimLeftFunc(value, isEdge)
	s.edge("begins with", value[:len(value)-len(inner)])
	trimmed := strings.TrimRightFunc(inner, isEdge)
	s.edge("ends with", inner[len(trimmed):])
	if isQuoted(trimmed) {
		s.Quotes = true
		s.found = append(s.found, "has quotes around it")
	}
	for _, r := range trimmed {
		if name := hidden(r); name != "" {
			s.Hidden = true
			s.found = append(s.found, "contains "+name)
			break
		}
	}
	return s
}

// Found tells whether anything was found.
func (s Stray) Found() bool { return len(s.found) > 0 }

// String returns what was found. It completes a sentence about the value, such
// as "ends with a line end". It contains no part of the value.
func (s Stray) String() string {
	switch n := len(s.found); n {
	case 0:
		return ""
	case 1:
		return s.found[0]
	default:
		return strings.Join(s.found[:n-1], ", ") + " and " + s.found[n-1]
	}
}

// edge notes the characters at one end that do not belong to the value.
func (s *Stray) edge(verb, text string) {
	if text == "" {
		return
	}
	what := "a blank"
	if strings.ContainsFunc(text, isLineEnd) {
		what = "a line end"
		s.LineEnd = true
	} else if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		what = hidden(r)
		s.Hidden = true
	} else {
		s.Blank = true
	}
	s.found = append(s.found, verb+" "+what)
}

// isEdge tells whether a character at an end does not belong to the value.
func isEdge(r rune) bool { return unicode.IsSpace(r) || hidden(r) != "" }

func isLineEnd(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// hidden returns the name of an invisible character. It is empty for other
// characters.
func hidden(r rune) string {
	switch {
	case r == 0:
		return "a NUL character"
	case isLineEnd(r):
		return "a line end"
	case unicode.IsControl(r):
		return fmt.Sprintf("a control character (U+%04X)", r)
	case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point):
		return fmt.Sprintf("an invisible character (U+%04X)", r)
	}
	return ""
}

const (
	straightQuotes    = "\"'`"
	typographicQuotes = "“”„‟‘’‚‛«»‹›＂＇"
)

// isQuoted tells whether quotes are around a value. A typographic quote at one
// end is enough. Straight quotes must be at both ends, because a secret may
// begin or end with any character of a keyboard.
func isQuoted(value string) bool {
	first, size := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value[min(size, len(value)):])
	isAny := func(r rune) bool { return strings.ContainsRune(straightQuotes+typographicQuotes, r) }
	return isAny(first) && isAny(last) ||
		strings.ContainsRune(typographicQuotes, first) || strings.ContainsRune(typographicQuotes, last)
}
