package commercelayer

import (
	"fmt"
	"regexp"
	"strings"
)

// The forms of one character that a pattern can tell: as it is, and escaped for
// URLs (more than once, too), HTML and JSON. Of the first two places, one is
// for the character, the other three for its number.
const characterForms = `(?:%[1]s|%%(?:25)*%02[2]x|%%(?:25)*u00%02[2]x` +
	`|&(?:amp;)*#0*%[2]d;?|&(?:amp;)*#x0*%[2]x;?|\\+u00%02[2]x|\\+x%02[2]x)`

func formsOfCharacter(c byte) string {
	return fmt.Sprintf(characterForms, regexp.QuoteMeta(string(rune(c))), c)
}

// patternPrefix is how much of a secret its pattern holds. The rest of the word
// goes with it, so that a secret that was cut off is found as well.
const patternPrefix = 12

// LogMasks are patterns of what a scrubber replaces, for the masks of a
// log. They know addresses and secrets in the forms that a pattern can
// describe, which leaves out those that are encoded in several ways at once.
// They are a second line: what is logged goes through a scrubber first.
func LogMasks(secrets ...string) []*regexp.Regexp {
	at := `(?:` + formsOfCharacter('@') + `|&(?:amp;)*commat;?|\x{FF20}|\x{FE6B})`
	patterns := []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:"[^"]{0,128}"|\S)*` + at + `\S*`),
		jwtStart,
		namedSecret,
		credentials,
	}
	for _, secret := range secrets {
		if len(secret) < minScrubbed {
			continue
		}
		var plain strings.Builder
		for i := range min(len(secret), patternPrefix) {
			plain.WriteString(formsOfCharacter(secret[i]))
		}
		alternatives := []string{plain.String()}
		for _, form := range base64Forms(secret) {
			alternatives = append(alternatives, regexp.QuoteMeta(form[:min(len(form), patternPrefix)]))
		}
		patterns = append(patterns, regexp.MustCompile(`(?i)(?:`+strings.Join(alternatives, "|")+`)\S*`))
	}
	return patterns
}
