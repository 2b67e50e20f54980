package commercelayer

import (
	"slices"
	"strings"
	"sync"
)

// shapes knows which relationships are to-one. The first request should have
// the right form: a list needs paging parameters, and the API may refuse them
// for a single resource (not documented). The document then shows whether the
// guess was right, and learn notes it for the rest of the run.
type shapes struct{ learned sync.Map }

// singles are the documented to-one relationships of a customer.
var singles = []string{"customer_group", "jwt_customer"}

func (s *shapes) single(relationship string) bool {
	if learned, known := s.learned.Load(relationship); known {
		single, _ := learned.(bool)
		return single
	}
	return slices.Contains(singles, relationship)
}

func (s *shapes) learn(relationship string, single bool) { s.learned.Store(relationship, single) }

// codeInvalidResource may be the API's code for an unknown relationship.
const codeInvalidResource = "INVALID_RESOURCE"

// refusesPages tells whether the API may have refused the paging parameters,
// which this client adds by itself, and not a part of the reader's query.
func (l *RelatedListing) refusesPages(e *Error) bool {
	code := e.Code()
	switch {
	case e.TokenRequest, !e.refusesParameters(), code == codeInvalidResource:
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
