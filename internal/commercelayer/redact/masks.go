package redact

import "regexp"

// maskPrefix is how many bytes of a secret its mask matches. It also matches
// the rest of the word, so a secret that was cut off is masked, too.
const maskPrefix = 12

// Masks returns patterns for the masks of a log: addresses, JSON Web Tokens and
// the secrets as they are. They are a second protection, because whatever is
// logged is redacted before.
func Masks(secrets ...string) []*regexp.Regexp {
	masks := []*regexp.Regexp{
		regexp.MustCompile(`(?i)(?:"[^"]{0,128}"|\S)*` + atSign + `\S*`),
		regexp.MustCompile(`[Ee]yJ[A-Za-z0-9_-]{5,}[A-Za-z0-9_.~-]*`),
	}
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			prefix := regexp.QuoteMeta(secret[:min(len(secret), maskPrefix)])
			masks = append(masks, regexp.MustCompile(`(?i)`+prefix+`\S*`))
		}
	}
	return masks
}
