package commercelayer

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// shapes tells which relationships lead to one resource, so that the first request
// is likely to be of the right form: a list has pages, and whether the API refuses
// their parameters where there is one resource is not documented. What a
// relationship really leads to, the document tells.
type shapes struct{ learned sync.Map }

// singles are the relationships of a customer that are documented to lead to one
// resource.
var singles = []string{"customer_group", "jwt_customer"}

func (s *shapes) single(relationship string) bool {
	if learned, known := s.learned.Load(relationship); known {
		single, _ := learned.(bool)
		return single
	}
	return slices.Contains(singles, relationship)
}

func (s *shapes) learn(relationship string, single bool) { s.learned.Store(relationship, single) }

// codeInvalidResource may be how the API says that it knows no such relationship.
const codeInvalidResource = "INVALID_RESOURCE"

// refusesPages tells whether a refusal may be about the pages and the order that
// this client asks for of its own accord, and not about what the reader asks for.
func (l *RelatedListing) refusesPages(e *Error) bool {
	code := e.Code()
	switch {
	case e.TokenRequest, e.Status != http.StatusBadRequest, e.Class != ErrBadRequest, code == codeInvalidResource:
		return false
	case strings.Contains(code, "INCLUDE"):
		return false
	case strings.Contains(code, "FILTER"):
		return len(l.query.Filter) == 0
	case strings.Contains(code, "SORT"):
		return len(l.query.Sort) == 0
	}
	return true
}
