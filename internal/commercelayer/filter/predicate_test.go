package filter

import (
	"strings"
	"testing"
)

func TestPredicatesHaveAFormAndAMatcher(t *testing.T) {
	check := func(predicate string) error { _, err := Parse(predicate); return err }
	var good []string
	for _, matcher := range Matchers {
		good = append(good, "email_"+matcher)
	}
	accepts(t, check, good, []string{
		"", "status", "eq", "_eq", "status_is", "status_eq ", "Status_eq", "status-eq", "q][status_eq", "1status_eq",
		"status_eq,email_eq", "ä_eq", "statuseq", "in_", "_or_null", "email_or__or_id_eq",
	})
}

func TestPredicatesAreTakenApart(t *testing.T) {
	for text, want := range map[string]string{
		"email_not_eq_or_null":            "email; not_eq_or_null",
		"email_or_reference_start":        "email reference; start",
		"email_or_reference_or_id_not_in": "email reference id; not_in",
		"email_does_not_match_any":        "email; does_not_match_any",
	} {
		p := parsed(t, text)
		expectEqual(t, text, strings.Join(p.Attributes, " ")+"; "+p.Matcher, want)
	}
}

func parsed(t *testing.T, text string) Predicate {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPredicatesThatSelectOneAttribute(t *testing.T) {
	for text, want := range map[string]bool{
		"id_in": true, "id_eq": true, "id_not_in_or_null": true, "id_gt": true,
		"email_or_id_eq": false, "customer_group_id_in": false, "profile_id_eq": false, "email_eq": false,
	} {
		expectEqual(t, text, parsed(t, text).Selects("id"), want)
	}
}

func TestFilterValuesThatMayBeIgnoredAreRefused(t *testing.T) {
	for _, tt := range []struct {
		predicate string
		good, bad []string
	}{
		{
			"email_eq", []string{"a", " a ", "a,b", ",", "0", "null"},
			[]string{"", " ", "\t\n", "\u00a0", "\u200b", "\x00", " \ufeff "},
		},
		{"email_in", []string{"a", "a,b", "a, b"}, []string{"", " ", ",", "a,", ",a", "a,,b", "a, ,b"}},
		{"email_not_in_or_null", []string{"a,b"}, []string{"a,"}},
		{"email_start_any", []string{"a,b"}, []string{"a,", " ,a"}},
		{"email_not_eq_all", []string{"a,b"}, []string{"a,,b"}},
		{"email_start", []string{"a,"}, []string{" "}},
		{"password_present", []string{"true"}, []string{""}},
		{
			"metadata_jcont", []string{`{"vip":true}`, `["a"]`, `"a"`, `1`, `false`},
			[]string{"", " { } ", "[]", "null", `""`, `" "`, "vip"},
		},
	} {
		accepts(t, parsed(t, tt.predicate).CheckValue, tt.good, tt.bad)
	}
}

func TestMatchersWithoutAComparisonTakeTrueAndFalse(t *testing.T) {
	for _, matcher := range []string{"present", "blank", "null", "not_null", "true", "false"} {
		for value, want := range map[string]bool{
			"true": false, "FALSE": false, "1": false, "0": false, "t": false, "f": false, "repeat": true, "2": true,
		} {
			expectEqual(t, matcher+" "+value, parsed(t, "email_"+matcher).TakesNoSuchValue(value), want)
		}
	}
	expectEqual(t, "status_eq", parsed(t, "status_eq").TakesNoSuchValue("repeat"), false)
}

func expectEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// accepts checks that a function returns an error for the bad values only.
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
