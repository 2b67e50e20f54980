package redact

import (
	"encoding/base64"
	"encoding/hex"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Secrets are texts of which no substantial part may be shown, such as the
// access token that was sent. The zero value knows none.
type Secrets struct {
	// parts are the substantial parts of all secrets, and sizes their lengths in bytes.
	parts map[string]bool
	sizes []int
}

const (
	// minSecret is the smallest length in bytes of a secret that is known. A
	// shorter one would be found in almost every text.
	minSecret = 6
	// A part of a secret is substantial if it is at least a quarter of it. The
	// quarter is bounded by these lengths, because a part of a long token is
	// secret even if it is shorter than a quarter.
	minPart = 8
	maxPart = 12
)

// NewSecrets returns the secrets in their two spellings: as they are, and
// without marks.
func NewSecrets(texts ...string) Secrets {
	s := Secrets{parts: map[string]bool{}}
	for _, secret := range texts {
		if len(secret) < minSecret {
			continue
		}
		for _, text := range []string{strings.ToLower(secret), letters(secret)} {
			if len(text) < minSecret {
				continue
			}
			size := min(max(len(secret)/4, minPart), maxPart, len(text))
			for part := range windows(text, size) {
				s.parts[part] = true
			}
			if !slices.Contains(s.sizes, size) {
				s.sizes = append(s.sizes, size)
			}
		}
	}
	return s
}

// windows yields all parts of a text that are size bytes long.
func windows(text string, size int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range len(text) - size + 1 {
			if !yield(text[i : i+size]) {
				return
			}
		}
	}
}

// In tells whether a text spells a substantial part of a secret, in any case
// and with any marks and blanks in between.
func (s Secrets) In(text string) bool {
	if len(s.parts) == 0 {
		return false
	}
	for _, written := range []string{strings.ToLower(text), letters(text)} {
		for _, size := range s.sizes {
			for part := range windows(written, size) {
				if s.parts[part] {
					return true
				}
			}
		}
	}
	return false
}

// letters returns the letters and digits of a text, without capitals.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// withhold returns the text, or [Withheld] if it tells a secret.
func (s Secrets) withhold(text string) string {
	if s.In(text) || s.encodedIn(text) {
		return Withheld
	}
	return text
}

// hidden matches what no name is decoded to by chance: an e-mail address, or a
// longer text, which may hide anything.
var hidden = regexp.MustCompile(`[\x21-\x7E]{2}@[A-Za-z0-9.-]{3}|[\x20-\x7E]{12}`)

const (
	alphabetOfBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	alphabetOfHex    = "0123456789ABCDEFabcdef"
)

// The alphabet of base64 for URLs is mapped to the standard one.
var standard = strings.NewReplacer("-", "+", "_", "/")

// encodedIn tells whether a text can be decoded to something that must not be
// shown. Other characters may stand in front of the encoded ones, so the text is
// decoded from each position in a group.
func (s Secrets) encodedIn(text string) bool {
	inBase64, inHex := only(alphabetOfBase64, standard.Replace(text)), only(alphabetOfHex, text)
	var texts []string
	for skip := range 4 {
		// Both return what they have decoded before an error.
		one, _ := base64.RawStdEncoding.DecodeString(inBase64[min(skip, len(inBase64)):])
		other, _ := hex.DecodeString(inHex[min(skip, len(inHex)):])
		texts = append(texts, string(one), string(other))
	}
	return hidden.MatchString(strings.Join(texts, "\x00")) || slices.ContainsFunc(texts, s.In)
}

// only keeps the characters of a text that belong to an alphabet.
func only(alphabet, text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(alphabet, r) {
			return r
		}
		return -1
	}, text)
}
