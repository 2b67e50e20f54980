package commercelayer

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"unicode"
	"unicode/utf8"
)

var (
	// jwtStart matches a JSON Web Token, whole or cut off: the beginning of a
	// JSON object in base64.
	jwtStart = regexp.MustCompile(`[Ee]yJ[A-Za-z0-9_-]{5,}[A-Za-z0-9_.~-]*`)
	// namedSecret matches the value of a member or parameter that holds a
	// secret, such as an access token that was issued just now.
	namedSecret = regexp.MustCompile(
		`(?i)(?:access_token|refresh_token|id_token|client_secret|assertion|password)["'\s:=]*[:=]["'\s]*([^\s"',;&]+)`)
	// credentials matches what follows the scheme in an Authorization header.
	credentials = regexp.MustCompile(`(?i)\b(?:bearer|basic)[ \t]+([A-Za-z0-9._~+/=-]{16,})`)
	// userAndPassword matches what stands before the @ of a URL.
	userAndPassword = regexp.MustCompile(`://[^\s:/]*:[^\s/][^/]*$`)
	// addressInBytes matches an address in what base64 stands for, which may
	// have anything around it. It asks for more than an @, which random bytes
	// hold too.
	addressInBytes = regexp.MustCompile(`[\x21-\x7E]{2}@[A-Za-z0-9.-]{3}`)
)

// findInLayer reports what it finds in one layer.
func (s *scrubber) findInLayer(v *view, depth int, report func(from, to int, what finding)) {
	s.findSecrets(v.text, report)
	// A look for what each pattern needs is much cheaper than the pattern.
	if bytes.Contains(v.text, []byte("yJ")) {
		for _, m := range jwtStart.FindAllIndex(v.text, -1) {
			report(m[0], m[1], foundToken)
		}
	}
	if bytes.ContainsAny(v.text, ":=") {
		for _, m := range namedSecret.FindAllSubmatchIndex(v.text, -1) {
			report(m[2], m[3], foundSecret)
		}
	}
	if bytes.ContainsAny(v.text, " \t") {
		for _, m := range credentials.FindAllSubmatchIndex(v.text, -1) {
			report(m[2], m[3], foundToken)
		}
	}
	findAddresses(v.text, report)
	if depth < maxBase64Depth {
		s.findInBase64(v.text, depth, report)
	}
}

// maxLocalPart is how far before an @ the beginning of an address is looked for
// if there may be spaces in between.
const maxLocalPart = 128

// findAddresses reports every @ with the words on both sides of it, up to the
// spaces around: almost any character may be part of an address.
func findAddresses(t []byte, report func(from, to int, what finding)) {
	for i := 0; i < len(t); i++ {
		if t[i] != '@' {
			continue
		}
		from, to := beginOfAddress(t, i), i+1
		for to < len(t) && isSpaceByte(t[to]) {
			to++
		}
		for to < len(t) && !isSpaceByte(t[to]) {
			to++
		}
		report(from, to, foundAddress)
		i = to - 1
	}
}

// beginOfAddress finds where the address with an @ at i begins. Spaces belong
// to it in "john doe"@x, in the password of http://user:pass word@x, and right
// in front of the @, where they may have been characters that can't be seen.
func beginOfAddress(t []byte, i int) int {
	for i > 0 && isSpaceByte(t[i-1]) {
		i--
	}
	earliest := max(0, i-maxLocalPart)
	begin := i
	if before := t[earliest:i]; len(before) > 0 {
		if last := before[len(before)-1]; last == '"' || last == '\'' {
			begin = earliest + bytes.IndexByte(before, last)
		}
		if at := userAndPassword.FindIndex(before); at != nil {
			begin = min(begin, earliest+at[0])
		}
	}
	for begin > 0 && !isSpaceByte(t[begin-1]) {
		begin--
	}
	return begin
}

// isSpaceByte tells what separates words.
func isSpaceByte(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

const (
	// maxBase64Depth is how many layers of base64 are looked into.
	maxBase64Depth = 3
	// minBase64 is the shortest run of letters and digits that is looked into.
	minBase64 = 8
)

// findInBase64 looks into whatever could be base64, also on several lines, and
// reports the whole run of it if it holds anything.
func (s *scrubber) findInBase64(t []byte, depth int, report func(from, to int, what finding)) {
	for begin := 0; begin < len(t); begin++ {
		end := begin
		for end < len(t) && (isBase64(t[end]) || t[end] == '\n' || t[end] == '\r') {
			end++
		}
		if end-begin >= minBase64 {
			if what := s.inBase64(t[begin:end], depth); what != foundNothing {
				report(begin, end, what)
			}
		}
		begin = end
	}
}

// inBase64 tells what a run of base64 holds: taken together, line by line, and
// between the slashes of a path.
func (s *scrubber) inBase64(run []byte, depth int) finding {
	isSlash := func(r rune) bool { return r == '/' || isLineEnd(r) }
	what := s.inEncoded(run, depth)
	if bytes.IndexFunc(run, isLineEnd) >= 0 {
		for _, line := range bytes.FieldsFunc(run, isLineEnd) {
			what = max(what, s.inEncoded(line, depth))
		}
	}
	if bytes.IndexByte(run, '/') >= 0 {
		for _, segment := range bytes.FieldsFunc(run, isSlash) {
			what = max(what, s.inEncoded(segment, depth))
		}
	}
	return what
}

// inEncoded tells what base64 holds. Something else may stand right in front of
// it, so it is tried from each of the four places where it may begin.
func (s *scrubber) inEncoded(encoded []byte, depth int) finding {
	standard := bytes.Map(standardBase64, encoded)
	what := foundNothing
	for skip := range min(4, len(standard)) {
		what = max(what, s.inGroups(standard[skip:], depth))
	}
	return what
}

// standardBase64 maps the letters of URLs to those of the standard, and removes
// the ends of lines.
func standardBase64(r rune) rune {
	switch r {
	case '-':
		return '+'
	case '_':
		return '/'
	case '\n', '\r':
		return -1
	default:
		return r
	}
}

// inGroups tells what base64 holds that begins with a whole group.
func (s *scrubber) inGroups(encoded []byte, depth int) finding {
	if len(encoded)%4 == 1 {
		encoded = encoded[:len(encoded)-1] // one letter stands for no byte
	}
	decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(encoded)))
	if _, err := base64.RawStdEncoding.Decode(decoded, encoded); err != nil {
		return foundNothing // can't be: these are its letters
	}
	return s.inDecoded(decoded, depth)
}

// inDecoded tells what the bytes hold that base64 stands for. If they are text,
// they are looked through like any other.
func (s *scrubber) inDecoded(decoded []byte, depth int) finding {
	what := foundNothing
	s.findSecrets(decoded, func(_, _ int, found finding) { what = max(what, found) })
	if bytes.Contains(decoded, []byte("yJ")) && jwtStart.Match(decoded) {
		what = max(what, foundToken)
	}
	if bytes.IndexByte(decoded, '@') >= 0 && addressInBytes.Match(decoded) {
		what = max(what, foundAddress)
	}
	switch {
	case what != foundNothing:
	case isText(decoded):
		for _, found := range s.find(decoded, depth+1) {
			what = max(what, found)
		}
	case depth+1 < maxBase64Depth:
		s.findInBase64(decoded, depth+1, func(_, _ int, found finding) { what = max(what, found) })
	}
	return what
}

func isText(t []byte) bool {
	return utf8.Valid(t) && bytes.IndexFunc(t, func(r rune) bool { return isUnshown(r) && !unicode.IsSpace(r) }) < 0
}

func isBase64(c byte) bool {
	return isAlphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_'
}
