package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// with returns the arguments of a customer or of a relationship with more
// arguments.
func with(more args) args {
	given := args{"customer_id": "a", "relationship": "orders"}
	maps.Copy(given, more)
	return given
}

// TestArgumentsAreChecked has a row for each argument and each check that it has.
// The tests of the client have more values for each check.
func TestArgumentsAreChecked(t *testing.T) {
	t.Parallel()
	const (
		conflict     = "Conflicting arguments"
		address      = "Invalid e-mail address"
		id           = "Invalid customer ID"
		relationship = "Invalid relationship"
		field        = "Invalid field"
		timeout      = "Invalid timeout"
		limit        = "Invalid limit"
		sort         = "Invalid sort key"
	)
	p := newProtocol(t)
	for _, tt := range []struct {
		source, summary, detail string
		given                   args
	}{
		{oneCustomer, "Argument missing", "Neither `id` nor `email` is set", nil},
		{oneCustomer, conflict, "`id` and `email` are both set", args{"id": "a", "email": "a@example.com"}},
		{oneCustomer, id, "The ID is empty.", args{"id": ""}},
		{oneCustomer, id, "give the ID alone", args{"id": "a/b"}},
		{oneCustomer, id, "begins with a blank", args{"id": " a"}},
		{oneCustomer, id, "has quotes around it", args{"id": `"a"`}},
		{oneCustomer, address, "is empty", args{"email": ""}},
		{oneCustomer, address, "contains a comma", args{"email": "a@example.com,b@example.com"}},
		{oneCustomer, address, "no @ between a name and a domain", args{"email": "john.example.com"}},
		{oneCustomer, address, "no @ between a name and a domain", args{"email": "@example.com"}},
		{oneCustomer, relationship, "Up to three names", args{"id": "a", "include": []any{"a.b.c.d"}}},
		{oneCustomer, relationship, "`include[0]` is null", args{"id": "a", "include": []any{nil}}},
		{oneCustomer, field, "`fields[0]` is null", args{"id": "a", "fields": []any{nil}}},
		{oneCustomer, field, "", args{"id": "a", "fields": []any{"status,email"}}},
		{oneCustomer, timeout, "is not a duration", args{"id": "a", "timeouts": args{"read": "soon"}}},
		{oneCustomer, timeout, "not above zero", args{"id": "a", "timeouts": args{"read": "-5s"}}},

		{
			manyCustomers, conflict, "`ids` and `emails` are both set",
			args{"ids": []any{"a"}, "emails": []any{"a@example.com"}},
		},
		{manyCustomers, conflict, "`ids` and `sort` are both set", args{"ids": []any{"a"}, "sort": []any{"email"}}},
		{manyCustomers, conflict, "`emails` and `sort` are both set", args{"emails": []any{}, "sort": []any{"email"}}},
		{manyCustomers, conflict, "Both filter by the attribute `id`", args{"ids": []any{}, "filter": args{"id_in": "b"}}},
		{
			manyCustomers, conflict, "`filter[\"email_eq\"]` and `emails`",
			args{"emails": []any{"a@b"}, "filter": args{"email_eq": "b"}},
		},
		{manyCustomers, id, "contains a comma", args{"ids": []any{"a,b"}}},
		{manyCustomers, id, "is empty", args{"ids": []any{""}}},
		{manyCustomers, id, "`ids[1]` is null", args{"ids": []any{"a", nil}}},
		{manyCustomers, address, "contains a comma", args{"emails": []any{"a@example.com,b@example.com"}}},
		{manyCustomers, address, "`emails[0]` is null", args{"emails": []any{nil}}},
		{manyCustomers, sort, "-created_at", args{"sort": []any{"created_at desc"}}},
		{manyCustomers, sort, "`sort[0]` is null", args{"sort": []any{nil}}},
		{manyCustomers, limit, "0 or more", args{"limit": -1}},
		{manyCustomers, limit, "1.5 is not a valid limit: the value must be a whole number", args{"limit": 1.5}},
		{manyCustomers, limit, "1e+30 is not a valid limit", args{"limit": 1e30}},
		{manyCustomers, relationship, "not the name of a relationship", args{"include": []any{"orders,tags"}}},
		{manyCustomers, field, "name metadata", args{"fields": []any{"metadata_json"}}},
		{manyCustomers, field, "name jwt_custom_claim", args{"fields": []any{"jwt_custom_claim_json"}}},
		{manyCustomers, field, "always there", args{"fields": []any{"links"}}},
		{manyCustomers, field, "such as customer_group", args{"fields": []any{"relationships"}}},
		{manyCustomers, field, "in include", args{"fields": []any{"included"}}},
		{manyCustomers, timeout, "is not a duration", args{"timeouts": args{"read": ""}}},

		{relatedResources, id, "two dots", with(args{"customer_id": ".."})},
		{relatedResources, relationship, "such as orders", with(args{"relationship": "orders/x"})},
		{relatedResources, relationship, "such as orders", with(args{"relationship": "orders.shipments"})},
		{
			relatedResources, "Invalid filter predicate", "does not end in a matcher", with(args{"filter": args{"status": "a"}}),
		},
		{relatedResources, "Invalid filter value", "the value is empty", with(args{"filter": args{"status_eq": ""}})},
		{relatedResources, sort, "-created_at", with(args{"sort": []any{"placed_at desc"}})},
		{relatedResources, limit, "0 or more", with(args{"limit": 0.5})},
		{relatedResources, relationship, "not the name of a relationship", with(args{"include": []any{"Tags"}})},
		{relatedResources, timeout, "not above zero", with(args{"timeouts": args{"read": "0s"}})},

		{
			manyCustomers, "Not an e-mail address", "`emails[0]`, `emails[2]`. No customer",
			args{"emails": []any{"j.example.com", "j@example.com", "j"}},
		},
		{"provider", "Scope without effect", "", args{attrToken: "t", attrScope: "market:all"}},
		{
			"provider", "Conflicting credentials", "`client_id` and `token` are both set",
			args{attrToken: "t", attrClientID: "i"},
		},
		{"provider", "Client ID missing", "`client_secret` is set without `client_id`", args{attrClientSecret: "s"}},
		{"provider", "Invalid access token", "a character that no token has", args{attrToken: "a b"}},
		{"provider", "Invalid mode", "must be `test` or `live`", args{attrMode: "production"}},
		{"provider", "Invalid request timeout", "is not above zero", args{attrRequestTimeout: "0s"}},
		{"provider", "Invalid number of retries", "a whole number from 0 to 100", args{attrMaxRetries: -1}},
		{"provider", "Invalid number of retries", "1.5 is not a valid number of retries", args{attrMaxRetries: 1.5}},
		{"provider", "Invalid domain", "must not contain a path", args{attrDomain: "https://acme.commercelayer.io/api"}},
		{
			"provider", "Invalid token endpoint", "loopback hosts only",
			args{attrAuthEndpoint: "http://auth.commercelayer.io/oauth/token"},
		},
	} {
		t.Run(fmt.Sprintf("%s %v", tt.source, tt.given), func(t *testing.T) {
			t.Parallel()
			wantOne(t, p.validate(t, tt.source, tt.given), tt.summary, tt.detail)
		})
	}
}

func TestAccArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	c := newCLI(t, api.config(customerByID("a/b")+block(customersData, `limit = -1`)+
		block(relatedData, `customer_id = "a"`, `relationship = "orders"`, `sort = [null]`)))
	found := map[string]diagnostic{}
	for _, d := range c.validate("error") {
		found[d.Address+" "+strings.Fields(d.Snippet.Code)[0]] = d
	}
	for place, summary := range map[string]string{
		"data.commercelayer_customer.test id":           "Invalid customer ID",
		"data.commercelayer_customers.test limit":       "Invalid limit",
		"data.commercelayer_customer_related.test sort": "Invalid sort key",
	} {
		if found[place].Summary != summary {
			t.Errorf("%s: %q is missing in %v", place, summary, found)
		}
	}
	if !c.plan().failed {
		t.Error("the plan went through")
	}
	api.wantRequests(t)
}

// Nothing but the CLI checks arguments. It does so again when it knows values that
// it did not know before.
func TestAccArgumentsAreCheckedOnceTheyAreKnown(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	for _, wrong := range []string{
		block(customerData, "id = terraform_data.value.output"),
		ephemeralCustomers("ids = [terraform_data.value.output]"),
	} {
		newCLI(t, api.config(created("value", " ")+wrong)).apply().wantError("Invalid customer ID")
	}
	api.wantRequests(t)
}
