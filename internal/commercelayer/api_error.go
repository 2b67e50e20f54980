package commercelayer

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
