package filter

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldAddress returns a form of an e-mail address that is the same text for
// equal addresses: in one case, with composed letters, and with an
// international domain in Unicode instead of Punycode. A server may store an
// address in another form than it is written in a configuration.
func FoldAddress(email string) string {
	domain := strings.LastIndex(email, "@") + 1
	if unicode, err := idna.Lookup.ToUnicode(strings.ToLower(email[domain:])); domain > 0 && err == nil {
		email = email[:domain] + unicode
	}
	return fold(email)
}

func fold(s string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
}

// SameAddress tells whether two e-mail addresses are equal, apart from case and
// Unicode form.
func SameAddress(a, b string) bool {
	return a == b || FoldAddress(a) == FoldAddress(b)
}
