package commercelayer

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"unicode"
	"unicode/utf8"
)

var (
	// jwtStart matches a JSON Web Token, also if it was cut off. It looks for the
	// base64 form of the beginning of a JSON object.
	jwtStart = regexp.MustCompile(`[Ee]yJ[A-Za-z0-9_-]{5,}[A-Za-z0-9_.~-]*`)
	// namedSecret matches the value of a member or parameter whose name says that
	// it is secret, such as a new access token.
	namedSecret = regexp.MustCompile(
		`(?i)(?:access_token|refresh_token|id_token|client_secret|assertion|password)["'\s:=]*[:=]["'\s]*([^\s"',;&]+)`)
	// credentials matches the credentials after the scheme of an Authorization
	// header.
	credentials = regexp.MustCompile(`(?i)\b(?:bearer|basic)[ \t]+([A-Za-z0-9._~+/=-]{16,})`)
	// userAndPassword matches the part of a URL before the @.
	userAndPassword = regexp.MustCompile(`://[^\s:/]*:[^\s/][^/]*$`)
	// addressInBytes matches an e-mail address in decoded base64. The decoded
	// bytes may be random and contain an @ by chance, so more than an @ is
	// required.
	addressInBytes = regexp.MustCompile(`[\x21-\x7E]{2}@[A-Za-z0-9.-]{3}`)
)

// findInLayer reports everything that it finds in one layer.
func (s *scrubber) findInLayer(v *view, depth int, report func(from, to int, what finding)) {
	s.findSecrets(v.text, report)
	// Before each pattern, a much cheaper search looks for what it needs.
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

// maxLocalPart is how many bytes before an @ may belong to an address that
// contains spaces.
const maxLocalPart = 128

// findAddresses reports every @ with the words on both sides of it. It does not
// check which characters they have, since an address may contain almost any
// character.
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

// beginOfAddress returns where the address with an @ at i begins. An address
// may contain spaces: in a quoted part ("john doe"@x), in a password
// (http://user:pass word@x), and in front of the @, where invisible characters
// may have been turned into spaces.
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

// isSpaceByte tells whether a byte separates words.
func isSpaceByte(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

const (
	// maxBase64Depth is how many layers of base64 are decoded.
	maxBase64Depth = 3
	// minBase64 is the shortest run of base64 characters that is decoded.
	minBase64 = 8
)

// findInBase64 decodes each run of base64 characters, which may have several
// lines. If the result contains anything, it reports the whole run.
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

// inBase64 returns what a run of base64 characters contains. It decodes the run
// as a whole, each of its lines, and each part between slashes, because a slash
// may also belong to a path.
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

// inEncoded returns what base64 contains. Other characters may stand right in
// front of it, so it is decoded from each of four positions.
func (s *scrubber) inEncoded(encoded []byte, depth int) finding {
	standard := bytes.Map(standardBase64, encoded)
	what := foundNothing
	for skip := range min(4, len(standard)) {
		what = max(what, s.inGroups(standard[skip:], depth))
	}
	return what
}

// standardBase64 maps the base64 alphabet for URLs to the standard alphabet,
// and removes line ends.
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

// inGroups returns what base64 contains that begins with a whole group of four.
func (s *scrubber) inGroups(encoded []byte, depth int) finding {
	if len(encoded)%4 == 1 {
		encoded = encoded[:len(encoded)-1] // a single character encodes no byte
	}
	decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(encoded)))
	if _, err := base64.RawStdEncoding.Decode(decoded, encoded); err != nil {
		return foundNothing // impossible: all characters are from the alphabet
	}
	return s.inDecoded(decoded, depth)
}

// inDecoded returns what decoded base64 contains. If it is text, it is searched
// like any other text.
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
