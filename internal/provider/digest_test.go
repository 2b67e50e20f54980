package provider

import "testing"

// The IDs of version 0.1.0. They never change: an `id` is in the states of
// users, and other resources may depend on it.
func TestIDsOfListsStayTheSameInEveryVersion(t *testing.T) {
	t.Parallel()
	for want, arguments := range map[string]any{
		"98b370b461a20d2bc46facbd674a7cc0e66e2040a01f004e6e841872dc6ba153": customersArguments{},
		"56843e725ad3198a3bc82644b744c5e2f544ae0714ce8908904bf02a5da57706": customersArguments{
			Filter: map[string]string{"status_eq": "repeat", "email_end": "@example.com"},
			Sort:   []string{"-created_at", "email"}, Limit: 5,
			Include: []string{"customer_group"}, Fields: []string{"status", "metadata"},
		},
		"ce6e329e9cdb7e63acaf1074639b6b25bfba3b7d2b71aac02dbbf295a6e54170": customersArguments{
			IDs: []string{"xYZkjABcde", "bKqTzWmXdL"},
		},
		"8b34eb3a53d891ac59d9da731721d507e788911bf6702eee2cc43ff577871cb2": customersArguments{
			Emails: []string{"jane@example.com"}, Fields: []string{},
		},
		"f5d392ee71898bf7e2f4015541e0c8dd696846220e8752246dae64d5822aebf7": customersArguments{Count: true},
		"9de3dea6f2b1db54310f49ba9f6648afa9db72c6b9e02ffaa02b001ea362b7d6": relatedArguments{
			CustomerID: "xYZkjABcde", Relationship: "orders",
		},
		"ae76bbb8dba73d9d82dbe67c09b89117aa49d0af48efbc973accbb3bc7a0d968": relatedArguments{
			CustomerID: "bKqTzWmXdL", Relationship: "orders", Filter: map[string]string{"status_eq": "placed"},
			Sort: []string{"-placed_at"}, Limit: 5, Include: []string{"shipments"},
		},
		"e9c838d992c4a1455e9beba4bffe4acabe8a394458dfcdc707cd36f0fbc448a7": relatedArguments{
			CustomerID: "xYZkjABcde", Relationship: "tags", Count: true,
		},
	} {
		if got := digest(arguments); got != want {
			t.Errorf("%+v has the ID %s, want %s", arguments, got, want)
		}
	}
}
