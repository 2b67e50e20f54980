package commercelayer

import "testing"

// accepts fails unless check accepts all good values and refuses all bad ones.
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

func TestCheckInclude(t *testing.T) {
	accepts(t, CheckInclude,
		[]string{"customer_group", "tags", "orders.shipments", "orders.shipments.parcels"},
		[]string{"", "Tags", "a.b.c.d", "a..b", ".a", "a.", "a,b", "a b", "a-b", "a\n", "1a"})
}

func TestCheckRelationship(t *testing.T) {
	accepts(t, CheckRelationship,
		[]string{"orders", "order_subscriptions", "a1"},
		[]string{"", "Orders", "orders/x", "orders.shipments", "1a", "orders\n"})
}

func TestCheckSort(t *testing.T) {
	accepts(t, CheckSort,
		[]string{"id", "-id", "created_at", "-total_orders_count"},
		[]string{"", "-", "--id", "+id", "id,email", "Id", "id asc", "id\n", "-1"})
}

func TestCheckID(t *testing.T) {
	accepts(t, CheckID,
		[]string{"xYZkjABcde", "a-b_c", "a,b", "ä", "a.b", "john@example.com"},
		[]string{
			"", " ", "\t", ".", "..", "a..b", "../orders", "a/b", "a?b", "a#b", "https://x",
			" a", "a ", "a\n", "a\r\n", "\ta", "a b", "a\u00a0", "a\x00b", "\ufeffa", "\"a\"", "“a”",
		})
}

func TestCheckListed(t *testing.T) {
	accepts(t, CheckListed,
		[]string{"xYZkjABcde", "john@example.com", "ü@example.com", "a+b&c@example.com"},
		[]string{"", " ", "a,b", "a b", "a\n", "\ta", "a\x00", "a\u00a0b", "a\u200b", "\"a\"", "‘a’"})
}

func TestIncludeIsJoinedOnce(t *testing.T) {
	expectEqual(t, "the parameter", join([]string{"tags", "customer_group", "tags"}), "tags,customer_group")
	expectEqual(t, "the parameter of nothing", join(nil), "")
}
