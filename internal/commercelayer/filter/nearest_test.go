package filter

import (
	"strings"
	"testing"
	"time"
)

func TestNearestMatchersAreThoseThatWereMeant(t *testing.T) {
	for predicate, want := range map[string]string{
		"status":             "eq in cont",
		"status_":            "eq in cont",
		"":                   "eq in cont",
		"status_equals":      "eq in cont",
		"status_is":          "eq in cont",
		"email_not_equals":   "not_eq eq not_eq_all",
		"email_starts":       "start eq in",
		"email_starts_with":  "start start_all start_any",
		"email_ends_with":    "end eq in",
		"email_contains":     "cont cont_any eq",
		"email_not_contains": "not_cont cont cont_any",
		"email_like":         "eq in cont",
		"email_startt":       "start eq in",
		"created_at_gte":     "gteq gt eq",
		"created_at_lte":     "lteq lt eq",
		"created_at_after":   "eq in cont",
		"total_orders_count": "cont jcont eq",
		"has_password":       "eq in cont",
		"reference_nul":      "null eq in",
		"id_one_of":          "eq in cont",
		"id_inn":             "in eq cont",
		"email_notin":        "not_in eq in",
		"email_match":        "matches eq in",
		"email_start_al":     "start_all start start_any",
	} {
		if _, err := Parse(predicate); err == nil {
			t.Errorf("%s has a matcher", predicate)
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
