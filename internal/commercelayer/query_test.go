package commercelayer

import (
	"strings"
	"testing"
)

// accepts fails unless check accepts the good values and refuses the bad ones.
func accepts(t *testing.T, check func(string) error, good, bad []string) {
	t.Helper()
	for _, value := range good {
		if err := check(value); err != nil {
			t.Errorf("%q is refused: %v", value, err)
		}
	}
	for _, value := range bad {
		if err := check(value); err == nil {
			t.Errorf("%q is accepted", value)
		}
	}
}

func TestCheckPredicate(t *testing.T) {
	accepts(t, CheckPredicate,
		[]string{
			"status_eq", "email_end", "id_in", "id_gt", "email_or_reference_start", "customer_group_id_in", "tags_id_in",
			"password_present", "metadata_jcont", "reference_null", "email_not_in_or_null", "name_i_cont", "has_password_true",
			"created_at_gteq", "email_matches_any", "status_not_eq_all",
		},
		[]string{
			"", "status", "eq", "_eq", "status_is", "status_eq ", "Status_eq", "status-eq", "status_eq]", "q][status_eq", "status.eq_eq", "1status_eq",
			"status_eq,email_eq", "ä_eq", "statuseq", "in_", "_or_null",
		})
	for _, matcher := range Matchers {
		if err := CheckPredicate("email_" + matcher); err != nil {
			t.Errorf("the matcher %s is refused: %v", matcher, err)
		}
		if err := CheckPredicate(matcher); err == nil && !strings.Contains(matcher, "_") {
			t.Errorf("the matcher %s is accepted without an attribute", matcher)
		}
	}
}

func TestCheckInclude(t *testing.T) {
	accepts(t, CheckInclude,
		[]string{"customer_group", "tags", "orders.shipments", "orders.shipments.parcels"},
		[]string{"", "Tags", "a.b.c.d", "a..b", ".a", "a.", "a,b", "a b", "a-b", "a\n", "1a"})
}

func TestCheckSort(t *testing.T) {
	accepts(t, CheckSort,
		[]string{"id", "-id", "created_at", "-total_orders_count"},
		[]string{"", "-", "--id", "+id", "id,email", "Id", "id asc", "id\n", "-1"})
}

func TestCheckID(t *testing.T) {
	accepts(t, CheckID,
		[]string{"xYZkjABcde", "a-b_c", "a,b", "ä", "a.b", "john@example.com"},
		[]string{"", " ", "\t", ".", "..", "a..b", "../orders", "a/b", "a?b", "a#b", "https://x"})
}

func TestCheckListed(t *testing.T) {
	accepts(t, CheckListed,
		[]string{"xYZkjABcde", "john@example.com", "ü@example.com", "a+b&c@example.com"},
		[]string{"", " ", "a,b", "a b", "a\n", "\ta", "a\x00", "a\u00a0b"})
}

func TestIncludeIsJoinedOnce(t *testing.T) {
	expectEqual(t, "the parameter", join([]string{"tags", "customer_group", "tags"}), "tags,customer_group")
	expectEqual(t, "the parameter of nothing", join(nil), "")
}
