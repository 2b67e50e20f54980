package filter

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNearestMatchersAreThoseThatWereMeant(t *testing.T) {
	for predicate, want := range map[string]string{
		"status_":            "eq in cont",
		"status_is":          "eq in cont",
		"status_equals":      "eq in cont",
		"email_not_equals":   "not_eq eq in",
		"email_starts_with":  "start eq in",
		"email_contains":     "cont eq in",
		"email_not_contains": "not_cont cont eq",
		"created_at_gte":     "gteq gt eq",
		"reference_nul":      "null eq in",
		"email_match":        "matches eq in",
		"email_no":           "not_eq eq in",
		"email_start_al":     "start_all start eq",
	} {
		if _, err := Parse(predicate); !errors.Is(err, ErrNoMatcher) {
			t.Errorf("%s: the error is %v", predicate, err)
		}
		expectEqual(t, predicate, strings.Join(Nearest(predicate), " "), want)
	}
}

func TestNearestMatchersOfALongTextTakeNoTime(t *testing.T) {
	long := strings.Repeat("a_", 50_000)
	start := time.Now()
	Nearest(long)
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %s", took)
	}
}
