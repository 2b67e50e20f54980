package commercelayer

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// A secretForm is one way to write a secret. It finds the whole secret or a
// part of it. It ignores the case of letters, because a server may change it.
type secretForm struct {
	// parts holds all parts of the form that have the length size.
	parts map[string]struct{}
	size  int
	// begins holds the first two bytes of all parts. This quick test rules out
	// most positions of a text.
	begins [1 << 16]bool
	// around tells whether a character next to a part belongs to the secret, too.
	around func(c byte) bool
}

// A part of a secret is replaced if it is at least a quarter of the secret. The
// quarter is bounded by these lengths in bytes, because a part of a long token
// is secret even if it is shorter than a quarter.
const (
	minSecretPart = 8
	maxSecretPart = 12
)

// formsOf returns the forms of a secret that decoding the layers of a text does
// not undo: as it is, with other characters in the place of spaces, in base64,
// and in hexadecimal digits.
func formsOf(secret string) []*secretForm {
	part := min(max(len(secret)/4, minSecretPart), maxSecretPart, len(secret))
	line := strings.Join(strings.FieldsFunc(secret, isUnshown), " ")
	plain := []string{secret, line, strings.ReplaceAll(secret, " ", "+")}
	return []*secretForm{
		newSecretForm(plain, part, isSecretByte),
		newSecretForm(base64Forms(secret), part*4/3, isBase64),
		newSecretForm([]string{hex.EncodeToString([]byte(secret))}, part*2, isHex),
	}
}

// base64Forms returns how a secret looks inside of base64. That depends on its
// position in a group of three bytes, so there are three forms for each
// alphabet. They do not contain the characters that also depend on the bytes
// around the secret.
func base64Forms(secret string) []string {
	var forms []string
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := encoding.EncodeToString([]byte(strings.Repeat("x", before) + secret))
			begin := (before*4 + 2) / 3           // the first character that depends only on the secret
			end := (before + len(secret)) * 4 / 3 // behind the last such character
			forms = append(forms, form[begin:end])
		}
	}
	return forms
}

func newSecretForm(texts []string, size int, around func(byte) bool) *secretForm {
	form := &secretForm{parts: map[string]struct{}{}, size: size, around: around}
	for _, text := range texts {
		form.size = min(form.size, max(len(text), minScrubbed))
	}
	for _, text := range texts {
		text = lowerASCII(text)
		for i := 0; i+form.size <= len(text); i++ {
			form.parts[text[i:i+form.size]] = struct{}{}
			form.begins[pair(text[i], text[i+1])] = true
		}
	}
	return form
}

// isSecretByte matches the characters that most secrets consist of.
func isSecretByte(c byte) bool {
	return isAlphanumeric(c) || c == '-' || c == '_' || c == '~' || c >= 0x80
}

// findSecrets reports parts of secrets, together with the characters around
// them that belong to the secret, too.
func (s *scrubber) findSecrets(t []byte, report func(from, to int, what finding)) {
	lower := []byte(lowerASCII(string(t)))
	for _, form := range s.forms {
		for i := 0; i+form.size <= len(lower); i++ {
			if !form.begins[pair(lower[i], lower[i+1])] {
				continue
			}
			if _, part := form.parts[string(lower[i:i+form.size])]; !part {
				continue
			}
			from, to := i, i+form.size
			for from > 0 && form.around(t[from-1]) {
				from--
			}
			for to < len(t) && form.around(t[to]) {
				to++
			}
			report(from, to, foundSecret)
			i = max(i, to-form.size)
		}
	}
}

func pair(first, second byte) int { return int(first)<<8 | int(second) }

// lowerASCII changes only ASCII letters, so that all positions stay the same.
func lowerASCII(t string) string {
	lower := []byte(t)
	for i, c := range lower {
		lower[i] = lowerByte(c)
	}
	return string(lower)
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
