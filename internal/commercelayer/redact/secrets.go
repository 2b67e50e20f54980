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

// NewSecrets returns the secrets in their spellings: as they are, without
// marks, in base64 and in hexadecimal digits.
func NewSecrets(texts ...string) Secrets {
	var s Secrets
	for _, secret := range texts {
		if len(secret) < minSecret {
			continue
		}
		size := min(max(len(secret)/4, minPart), maxPart)
		s.add(strings.ToLower(secret), size)
		s.add(letters(secret), size)
		s.add(letters(hex.EncodeToString([]byte(secret))), size*2)
		for _, encoded := range base64Forms(secret) {
			s.add(letters(encoded), size*4/3)
		}
	}
	return s
}

func (s *Secrets) add(text string, size int) {
	if len(text) >= minSecret {
		s.spellings = append(s.spellings, spelling{text, min(size, len(text))})
	}
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

// base64Forms returns how a secret looks inside of base64. That depends on its
// position in a group of three bytes. The forms do not contain the characters
// that also depend on the bytes around the secret.
func base64Forms(secret string) []string {
	var forms []string
	for ahead := range 3 {
		form := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", ahead) + secret))
		begin := (ahead*4 + 2) / 3           // the first character that depends only on the secret
		end := (ahead + len(secret)) * 4 / 3 // behind the last such character
		forms = append(forms, form[begin:end])
	}
	return forms
}

var (
	// hidden matches what no name is decoded to by chance: an e-mail address, or
	// a longer text, which may hide anything.
	hidden = regexp.MustCompile(`[\x21-\x7E]{2}@[A-Za-z0-9.-]{3}|[\x20-\x7E]{12}`)
	// digits are what may be a text in hexadecimal digits.
	digits = regexp.MustCompile(`[0-9a-fA-F]{10,}`)
	// The alphabet of base64 for URLs is mapped to the standard one.
	standard  = strings.NewReplacer("-", "+", "_", "/")
	notBase64 = regexp.MustCompile(`[^A-Za-z0-9+/]`)
)

// inName tells whether a name is a secret, or can be decoded to something that
// must not be shown. Other characters may stand in front of the encoded ones, so
// the name is decoded from each position in a group.
func (s Secrets) inName(name string) bool {
	inBase64 := notBase64.ReplaceAllString(standard.Replace(name), "")
	inHex := digits.FindString(name)
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
	return s.In(name)
}
