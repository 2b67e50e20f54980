package commercelayer

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// A secretForm is one way to write a secret, ready to be found whole or in
// parts. The case of letters does not matter: a server may have changed it.
type secretForm struct {
	// parts are all parts of the form that have the length size.
	parts map[string]struct{}
	size  int
	// begins holds the first two bytes of all parts: most places of a text need
	// no further look.
	begins [1 << 16]bool
	// around tells which characters next to a part belong to the same secret.
	around func(c byte) bool
}

// A part of a secret is replaced from minSecretPart bytes on, or from a quarter
// of the secret, up to maxSecretPart: a token that was cut off is still most of
// it.
const (
	minSecretPart = 8
	maxSecretPart = 12
)

// formsOf gives the forms of a secret that the layers of a text don't undo: as
// it is, with blanks as a query has them or as a line of text does, in base64,
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

// base64Forms gives what a secret looks like within base64, wherever it begins:
// at each of the three places of a group, without the letters that depend on
// what stands around it.
func base64Forms(secret string) []string {
	var forms []string
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := encoding.EncodeToString([]byte(strings.Repeat("x", before) + secret))
			begin := (before*4 + 2) / 3           // the first letter of the secret alone
			end := (before + len(secret)) * 4 / 3 // the end of its last letter
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

// isSecretByte tells what a secret mostly consists of.
func isSecretByte(c byte) bool {
	return isAlphanumeric(c) || c == '-' || c == '_' || c == '~' || c >= 0x80
}

// findSecrets reports the parts of secrets and the characters next to them.
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

// lowerASCII changes no byte but capital letters, so that places stay the same.
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
