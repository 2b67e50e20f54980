package commercelayer

import "testing"

func TestValuesOfArgumentsAreChecked(t *testing.T) {
	for name, test := range map[string]struct {
		check     func(string) error
		good, bad []string
	}{
		"include": {
			CheckInclude, []string{"customer_group", "orders.shipments", "orders.shipments.parcels"},
			[]string{"", "Tags", "a.b.c.d", "a..b", ".a", "a.", "a,b", "a b", "a-b", "a\n", "1a"},
		},
		"relationship": {
			CheckRelationship, []string{"orders", "order_subscriptions", "a1"},
			[]string{"", "Orders", "orders/x", "orders.shipments", "1a", "orders\n"},
		},
		"sort": {
			CheckSort, []string{"id", "-id", "created_at", "-total_orders_count"},
			[]string{"", "-", "--id", "+id", "id,email", "Id", "id asc", "id\n", "-1"},
		},
		"ID": {
			CheckID, []string{"xYZkjABcde", "a-b_c", "a,b", "ä", "a.b", "john@example.com"},
			[]string{
				"", " ", ".", "..", "a..b", "../orders", "a/b", "a?b", "a#b", "https://x", " a", "a\r\n", "\ta", "a b", "a\u00a0",
				"a\x00b", "\ufeffa", "\"a\"", "“a”",
			},
		},
		"value of a list": {
			CheckListed, []string{"xYZkjABcde", "john@example.com", "ü@example.com", "a+b&c@example.com"},
			[]string{"", " ", "a,b", "a b", "a\n", "\ta", "a\x00", "a\u00a0b", "a\u200b", "\"a\"", "‘a’"},
		},
	} {
		for _, value := range test.good {
			if err := test.check(value); err != nil {
				t.Errorf("%s: %q is refused: %v", name, value, err)
			}
		}
		for _, value := range test.bad {
			if test.check(value) == nil {
				t.Errorf("%s: %q is accepted", name, value)
			}
		}
	}
}

func TestIncludeIsJoinedOnce(t *testing.T) {
	expectEqual(t, "the parameter", join([]string{"tags", "customer_group", "tags"}), "tags,customer_group")
	expectEqual(t, "the parameter of nothing", join(nil), "")
}
