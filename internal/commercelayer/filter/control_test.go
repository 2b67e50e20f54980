package filter

import (
	"strings"
	"testing"
)

func TestAControlHasAValueOfTheSameFormThatNobodyHas(t *testing.T) {
	for text, want := range map[string]string{
		"status_eq=repeat":                  noSuchText,
		"status_in=repeat,acquired":         noSuchText,
		"email_eq=jane@example.com":         noSuchAddress,
		"email_end=@example.com":            noSuchAddress,
		"email_in=jane@example.com,a@b.c":   noSuchAddress,
		"email_in=jane@example.com,jane":    noSuchText,
		"email_start=t":                     noSuchText,
		"email_cont_all=a,b":                noSuchText,
		"total_orders_count_eq=3":           noSuchNumber,
		"total_orders_count_in=3, 4":        noSuchNumber,
		"id_eq=xYZkjABcde":                  noSuchID,
		"customer_group_id_in=1,2":          noSuchID,
		"id_or_email_eq=a":                  noSuchText,
		"created_at_eq=yesterday":           noSuchTime,
		"created_at_or_updated_at_in=today": noSuchTime,
		"reference_eq=2026-01-31":           noSuchTime,
		"total_orders_count_gt=3":           above.number,
		"total_orders_count_lteq=3":         below.number,
		"created_at_gteq=2026":              above.time,
		"placed_at_lt=2026-01-31":           below.time,

		// These have two values only, no value of this form that nobody has, or this one.
		"has_password_eq=true":    "",
		"has_password_eq=F":       "",
		"has_password_in=1":       "",
		"email_gt=a":              "",
		"id_gt=3":                 "",
		"email_in=a,":             "",
		"created_at_gt=":          "",
		"status=repeat":           "",
		"status_eq=" + noSuchText: "",
		"id_in=a, " + noSuchID:    "",
	} {
		predicate, value, _ := strings.Cut(text, "=")
		got, ok := Control(predicate, value)
		expectEqual(t, text+": a control", ok, want != "")
		if ok {
			expectEqual(t, text, got, want)
		}
	}
}

func TestOnlyTimesAndCountsHaveASizeThatNothingExceeds(t *testing.T) {
	for predicate, want := range map[string]bool{
		"created_at_gt": false, "created_at_or_updated_at_lteq": false, "total_orders_count_lt": false,
		"reference_gteq": true, "total_amount_cents_gt": true, "created_at_or_reference_gt": true, "reference_eq": false,
	} {
		expectEqual(t, predicate+" is vague", IsVague(predicate), want)
	}
}

// The other matchers can match without the value.
func TestMatchersWithAControl(t *testing.T) {
	var controlled []string
	for _, matcher := range Matchers {
		predicate := "email_" + matcher
		if other, ok := Control(predicate, "2026-01-31"); ok {
			controlled = append(controlled, matcher)
			if err := parsed(t, predicate).CheckValue(other); err != nil {
				t.Errorf("%s: %v", predicate, err)
			}
		}
	}
	expectEqual(t, "the list", strings.Join(controlled, " "),
		"eq lt lteq gt gteq in start start_any start_all end end_any end_all cont cont_any cont_all i_cont")
}
