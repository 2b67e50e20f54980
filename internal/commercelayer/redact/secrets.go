package redact

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"
)

// Secrets are texts of which no substantial part may be shown, such as the
// access token that was sent. The zero value knows none.
type Secrets struct {
	spellings []spelling
}

// A spelling is one way to write a secret. A part of it with the length size is
// not shown.
type spelling struct {
	text string
	size int
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
	var s Secrets
	for _, secret := range texts {
		if len(secret) < minSecret {
			continue
		}
		size := min(max(len(secret)/4, minPart), maxPart)
		for _, text := range []string{strings.ToLower(secret), letters(secret)} {
			if len(text) >= minSecret {
				s.spellings = append(s.spellings, spelling{text, min(size, len(text))})
			}
		}
	}
	return s
}

// In tells whether a text spells a substantial part of a secret, in any case
// and with any marks and blanks in between.
func (s Secrets) In(text string) bool {
	for _, written := range []string{strings.ToLower(text), letters(text)} {
		for _, secret := range s.spellings {
			for i := 0; i+secret.size <= len(written); i++ {
				if strings.Contains(secret.text, written[i:i+secret.size]) {
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

var (
	// hidden matches what no name is decoded to by chance: an e-mail address, or
	// a longer text, which may hide anything.
	hidden = regexp.MustCompile(`[\x21-\x7E]{2}@[A-Za-z0-9.-]{3}|[\x20-\x7E]{12}`)
	// The alphabet of base64 for URLs is mapped to the standard one.
	standard  = strings.NewReplacer("-", "+", "_", "/")
	notBase64 = regexp.MustCompile(`[^A-Za-z0-9+/]`)
	notHex    = regexp.MustCompile(`[^A-Fa-f0-9]`)
)

// encodedIn tells whether a text can be decoded to something that must not be
// shown. Other characters may stand in front of the encoded ones, so the text is
// decoded from each position in a group.
func (s Secrets) encodedIn(text string) bool {
	inBase64 := notBase64.ReplaceAllString(standard.Replace(text), "")
	inHex := notHex.ReplaceAllString(text, "")
	for skip := range 4 {
		// Both return what they have decoded before an error.
		one, _ := base64.RawStdEncoding.DecodeString(inBase64[min(skip, len(inBase64)):])
		other, _ := hex.DecodeString(inHex[min(skip, len(inHex)):])
		for _, decoded := range []string{string(one), string(other)} {
			if hidden.MatchString(decoded) || s.In(decoded) {
				return true
			}
		}
	}
	return false
}
