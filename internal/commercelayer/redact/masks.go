package redact

import (
	"fmt"
	"regexp"
	"strings"
)

// characterForms is a pattern for the forms of one character: as it is, and
// escaped once or more often for URLs, HTML and JSON. Its first argument is the
// quoted character, and its second argument is the number of the character.
const characterForms = `%[1]s|%%(?:25)*%02[2]x|%%(?:25)*u00%02[2]x` +
	`|&(?:amp;)*#0*%[2]d;?|&(?:amp;)*#x0*%[2]x;?|\\+u00%02[2]x|\\+x%02[2]x`

func formsOf(c byte) string {
	return `(?:` + fmt.Sprintf(characterForms, regexp.QuoteMeta(string(rune(c))), c) + `)`
}

// atSign matches the forms of the @ of an address.
const atSign = `(?:@|＠|﹫|%(?:25)*(?:u00)?40|&(?:amp;)*(?:#0*64|#x0*40|commat);?|\\+(?:u00|x)40)`

// maskPrefix is how many bytes of a secret its mask matches. It also matches
// the rest of the word, so a secret that was cut off is masked, too.
const maskPrefix = 12

// Masks returns patterns for the masks of a log: addresses, JSON Web Tokens and
// the secrets, as far as a pattern can describe their forms. They are a second
// protection, because whatever is logged is redacted before.
func Masks(secrets ...string) []*regexp.Regexp {
	masks := []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:"[^"]{0,128}"|\S)*` + atSign + `\S*`),
		regexp.MustCompile(`[Ee]yJ[A-Za-z0-9_-]{5,}[A-Za-z0-9_.~-]*`),
	}
	for _, secret := range secrets {
		if len(secret) < minSecret {
			continue
		}
		var plain strings.Builder
		for i := range min(len(secret), maskPrefix) {
			plain.WriteString(formsOf(secret[i]))
		}
		alternatives := []string{plain.String()}
		for _, form := range base64Forms(secret) {
			form = regexp.QuoteMeta(form[:min(len(form), maskPrefix)])
			alternatives = append(alternatives, strings.NewReplacer(`\+`, `[-+]`, `/`, `[_/]`).Replace(form))
		}
		masks = append(masks, regexp.MustCompile(`(?i)(?:`+strings.Join(alternatives, "|")+`)\S*`))
	}
	return masks
}
