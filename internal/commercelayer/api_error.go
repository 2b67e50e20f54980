package commercelayer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The codes that decide what is done about an error.
const (
	codeInvalidToken = "INVALID_TOKEN" // a new token may help
	codeUnauthorized = "UNAUTHORIZED"  // a new token of the same application does not
)

// An APIError is one error object as the API or its authentication service
// sends it. Its texts are cleaned for display: one line each, bounded, and
// without anything that looks like an e-mail address or a token.
type APIError struct {
	Code   string
	Title  string
	Detail string
}

// String joins title, detail and code, as far as they were sent.
func (a APIError) String() string {
	s := a.Title
	if a.Detail != "" {
		if s != "" {
			s += ": "
		}
		s += a.Detail
	}
	switch {
	case a.Code == "":
	case s == "":
		s = a.Code
	default:
		s += " (" + a.Code + ")"
	}
	return s
}

var (
	// emailLike also matches percent-encoded addresses, for paths.
	emailLike = regexp.MustCompile(`(?i)[^\s"'<>/?&=:,;()\[\]{}]+(@|%40)[^\s"'<>/?&=:,;()\[\]{}]+`)
	// userInfo matches a user and password in a URL, such as a proxy's.
	userInfo = regexp.MustCompile(`//\S*@`)
	// tokenLike matches a JSON Web Token, whole or with its signature cut off.
	tokenLike = regexp.MustCompile(`[Ee]yJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]+){0,2}`)
)

// Sensitive returns the patterns of what [Redact] replaces, for the masks of a log.
func Sensitive() []*regexp.Regexp {
	return []*regexp.Regexp{userInfo, emailLike, tokenLike}
}

// Redact replaces what looks like an e-mail address or an access token, so that
// a text from outside can be shown and logged.
func Redact(s string) string {
	if strings.Contains(s, "@") || strings.Contains(s, "%40") {
		s = userInfo.ReplaceAllString(s, "//")
		s = emailLike.ReplaceAllString(s, "[e-mail address]")
	}
	return tokenLike.ReplaceAllString(s, "[token]")
}

// maxCleanBytes bounds a text from outside in a message for a person.
const maxCleanBytes = 500

func isGap(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

func clean(s string) string {
	truncated := len(s) > maxCleanBytes*4
	if truncated {
		s = s[:maxCleanBytes*4] // bound the work below before doing any of it
		if gap := strings.LastIndexFunc(s, isGap); gap > 0 {
			s = s[:gap] // half a word might not be recognized as an address
		}
	}
	s = strings.ToValidUTF8(s, "�")
	s = strings.Join(strings.FieldsFunc(s, isGap), " ")
	s = Redact(s)
	if len(s) > maxCleanBytes {
		cut := maxCleanBytes
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s, truncated = s[:cut], true
	}
	if truncated {
		s += "…"
	}
	return s
}
