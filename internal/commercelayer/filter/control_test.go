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
		"email_i_cont=a":                    noSuchText,
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

		// These match without the value, or have two values only.
		"status_not_eq=repeat":       "",
		"status_eq_or_null=repeat":   "",
		"status_in_or_null=repeat":   "",
		"status_not_in=repeat":       "",
		"email_not_start=a":          "",
		"email_does_not_match=a":     "",
		"reference_present=true":     "",
		"reference_blank=true":       "",
		"reference_null=true":        "",
		"has_password_true=true":     "",
		"has_password_eq=true":       "",
		"has_password_eq=F":          "",
		"has_password_in=1":          "",
		"email_gt=a":                 "",
		"id_gt=3":                    "",
		"created_at_gt=":             "",
		"created_at_gt_any=2026":     "",
		"metadata_jcont={\"a\":1}":   "",
		"status=repeat":              "",
		"status_eq=" + noSuchText:    "",
		"id_in=a, " + noSuchID:       "",
		"total_orders_count_not=any": "",
	} {
		predicate, value, _ := strings.Cut(text, "=")
		got, ok := Control(predicate, value)
		if !ok {
			got = ""
		}
		expectEqual(t, text, got, want)
	}
}

func TestAControlPassesTheCheckOfValues(t *testing.T) {
	for _, matcher := range Matchers {
		predicate := "email_" + matcher
		if other, ok := Control(predicate, "jane"); ok {
			if err := parsed(t, predicate).CheckValue(other); err != nil {
				t.Errorf("%s: %v", predicate, err)
			}
		}
	}
}
