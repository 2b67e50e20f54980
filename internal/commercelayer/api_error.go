package commercelayer

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
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

// maxAPIErrors bounds how many error objects of one answer are kept: a person
// reads the first few.
const maxAPIErrors = 10

// minSecretBytes keeps a token such as "a" from emptying the texts of errors.
const minSecretBytes = 6

// parseAPIErrors reads the error objects of a body, in each of the shapes seen:
// an array with string statuses (the application), one object with a numeric
// status (the edge and the authentication service), and RFC 6749's members. Any
// other body, such as an HTML page, holds none. The secret is left out wherever
// a text quotes it.
func parseAPIErrors(body []byte, secret string) []APIError {
	var envelope struct {
		Errors           json.RawMessage `json:"errors"`
		Error            json.RawMessage `json:"error"`
		ErrorDescription json.RawMessage `json:"error_description"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return nil
	}
	if code := looseString(envelope.Error); code != "" {
		return []APIError{newAPIError(secret, code, "", looseString(envelope.ErrorDescription))}
	}
	raw := envelope.Errors
	if len(raw) == 0 {
		raw = envelope.Error
	}
	// Members of an unexpected type must not cost the others: each is decoded alone.
	type object struct{ Code, Title, Detail json.RawMessage }
	var objects []object
	if json.Unmarshal(raw, &objects) != nil {
		var one object
		if json.Unmarshal(raw, &one) != nil {
			return nil
		}
		objects = []object{one}
	}
	var list []APIError
	for _, o := range objects {
		a := newAPIError(secret, looseString(o.Code), looseString(o.Title), looseString(o.Detail))
		if a != (APIError{}) && len(list) < maxAPIErrors {
			list = append(list, a)
		}
	}
	return list
}

func newAPIError(secret, code, title, detail string) APIError {
	show := func(s string) string {
		if len(secret) >= minSecretBytes {
			s = strings.ReplaceAll(s, secret, "[secret]")
		}
		return clean(s)
	}
	return APIError{Code: show(code), Title: show(title), Detail: show(detail)}
}

// looseString reads a JSON string or number as text, and anything else as none.
func looseString(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
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

// jsonAPIMediaType is the media type of JSON:API documents (documented).
const jsonAPIMediaType = "application/vnd.api+json"

// checkMediaType accepts what can hold a JSON document: JSON:API's media type
// with any parameters, plain JSON, and no media type at all. Whether the body
// then is the document asked for is for the decoder to say.
func checkMediaType(header http.Header, body []byte) *Error {
	contentType := header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType = strings.ToLower(strings.TrimSpace(strings.Split(contentType, ";")[0]))
	}
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return &Error{Kind: ErrNotJSON, Reason: "the answer is empty"}
	case mediaType == "text/html", mediaType == "application/xhtml+xml", mediaType == "" && trimmed[0] == '<':
		return &Error{Kind: ErrNotJSON, Reason: "the answer is an HTML page"}
	case mediaType == "", mediaType == jsonAPIMediaType, mediaType == "application/json":
		return nil
	default:
		return &Error{Kind: ErrMediaType, Reason: "the answer is of the media type " + clean(mediaType) + " instead of " + jsonAPIMediaType}
	}
}
