package redact

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact/redacttest"
)

// FuzzRedact puts a secret or an address into a text, in one of many forms.
func FuzzRedact(f *testing.F) {
	const address = `jo'hn+d/oe&@topsecretcorp.com`
	for i, around := range surroundings {
		before, after, _ := strings.Cut(around, "%s")
		f.Add(before, secretTexts[i%len(secretTexts)], after, byte(i), false)
		f.Add(before, address, after, byte(len(before)), true)
	}
	f.Add(strings.Repeat("x ", 2000), idSecret, strings.Repeat("y", 3000), byte(3), false)
	forms := redacttest.Encodings()
	names := slices.Sorted(maps.Keys(forms))
	f.Fuzz(func(t *testing.T, before, secret, after string, form byte, isAddress bool) {
		known, remains := Secrets{}, []string{address, "topsecretcorp", "jo'hn+d/oe"}
		if isAddress {
			secret = address
		} else {
			if len(secret) < minSecret || len(secret) > 1000 || !utf8.ValidString(secret) {
				return
			}
			known, remains = NewSecrets(secret), substance(secret)
		}
		if redacttest.Tells(before, remains...) || redacttest.Tells(after, remains...) {
			return // the text itself contains a part of it
		}
		encode := forms[names[int(form)%len(names)]]
		expectHidden(t, known, before+encode(secret)+after, remains...)
	})
}
