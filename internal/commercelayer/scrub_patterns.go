package commercelayer

import (
	"fmt"
	"regexp"
	"strings"
)

// characterForms is a pattern for the forms of one character: as it is, and
// escaped once or more often for URLs, HTML and JSON. Its first argument is the
// quoted character, and its second argument is the number of the character.
const characterForms = `(?:%[1]s|%%(?:25)*%02[2]x|%%(?:25)*u00%02[2]x` +
	`|&(?:amp;)*#0*%[2]d;?|&(?:amp;)*#x0*%[2]x;?|\\+u00%02[2]x|\\+x%02[2]x)`

func formsOfCharacter(c byte) string {
	return fmt.Sprintf(characterForms, regexp.QuoteMeta(string(rune(c))), c)
}

// patternPrefix is how many bytes of a secret its pattern contains. It also
// matches the rest of the word, so a secret that was cut off is found, too.
const patternPrefix = 12

// LogMasks returns patterns for the masks of a log. They match what a scrubber
// replaces, as far as a regular expression can describe it. They do not match
// what was encoded in several ways at once. They are only a second protection,
// because everything that is logged has gone through a scrubber.
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
