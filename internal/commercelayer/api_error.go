package commercelayer

// The error codes that decide what the client does next.
const (
	codeInvalidToken = "INVALID_TOKEN" // a new token may help
	codeUnauthorized = "UNAUTHORIZED"  // a new token can't help: the application lacks a permission
)

// An APIError is one error object of the API or of its authentication service.
// Its texts are cleaned, so that they can be shown: each is one line, has a
// limited length, and contains nothing that looks like an e-mail address or a
// token.
type APIError struct {
	Code   string
	Title  string
	Detail string
}

// String joins the title, the detail and the code. Empty ones are left out.
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
