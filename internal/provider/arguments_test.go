package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
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

// checked are arguments of every kind that are wrong. The tests of the client have
// more values for each check. The file testdata/arguments.txt has what is said.
var checked = []struct {
	source string
	given  args
}{
	{oneCustomer, nil},
	{oneCustomer, args{"id": "a", "email": "a@example.com"}},
	{oneCustomer, args{"id": ""}},
	{oneCustomer, args{"id": "a/b"}},
	{oneCustomer, args{"id": " a"}},
	{oneCustomer, args{"id": `"a"`}},
	{oneCustomer, args{"email": ""}},
	{oneCustomer, args{"email": "a@example.com,b@example.com"}},
	{oneCustomer, args{"email": "john.example.com"}},
	{oneCustomer, args{"id": "a", "include": []any{"a.b.c.d"}}},
	{oneCustomer, args{"id": "a", "include": []any{nil}}},
	{oneCustomer, args{"id": "a", "fields": []any{nil}}},
	{oneCustomer, args{"id": "a", "fields": []any{"status,email"}}},
	{oneCustomer, args{"id": "a", "timeouts": args{"read": "soon"}}},

	{manyCustomers, args{"ids": []any{"a"}, "emails": []any{"a@example.com"}}},
	{manyCustomers, args{"ids": []any{"a"}, "sort": []any{"email"}}},
	{manyCustomers, args{"ids": []any{}, "filter": args{"id_in": "b"}}},
	{manyCustomers, args{"emails": []any{"a@b"}, "filter": args{"email_eq": "b"}}},
	{manyCustomers, args{"ids": []any{"a,b"}}},
	{manyCustomers, args{"ids": []any{"a", nil}}},
	{manyCustomers, args{"emails": []any{"a@example.com,b@example.com"}}},
	{manyCustomers, args{"emails": []any{nil}}},
	{manyCustomers, args{"sort": []any{"created_at desc"}}},
	{manyCustomers, args{"sort": []any{nil}}},
	{manyCustomers, args{"limit": -1}},
	{manyCustomers, args{"limit": 1.5}},
	{manyCustomers, args{"include": []any{"orders,tags"}}},
	{manyCustomers, args{"fields": []any{"metadata_json"}}},
	{manyCustomers, args{"fields": []any{"jwt_custom_claim_json"}}},
	{manyCustomers, args{"fields": []any{"links"}}},
	{manyCustomers, args{"fields": []any{"relationships"}}},
	{manyCustomers, args{"fields": []any{"included"}}},
	{manyCustomers, args{"timeouts": args{"read": ""}}},

	{relatedResources, with(args{"customer_id": ".."})},
	{relatedResources, with(args{"relationship": "orders/x"})},
	{relatedResources, with(args{"filter": args{"status": "a"}})},
	{relatedResources, with(args{"sort": []any{"placed_at desc"}})},
	{relatedResources, with(args{"limit": 0.5})},
	{relatedResources, with(args{"include": []any{"Tags"}})},
	{relatedResources, with(args{"timeouts": args{"read": "0s"}})},

	{manyCustomers, args{"emails": []any{"j.example.com", "j@example.com", "j"}}},

	{"provider", args{attrToken: "t", attrScope: "market:all"}},
	{"provider", args{attrToken: "t", attrClientID: "i"}},
	{"provider", args{attrClientSecret: "s"}},
	{"provider", args{attrToken: "a b"}},
	{"provider", args{attrMode: "production"}},
	{"provider", args{attrRequestTimeout: "0s"}},
	{"provider", args{attrMaxRetries: -1}},
	{"provider", args{attrMaxRetries: 1.5}},
	{"provider", args{attrDomain: "https://acme.commercelayer.io/api"}},
	{"provider", args{attrAuthEndpoint: "http://auth.commercelayer.io/oauth/token"}},
}

// TestDiagnosticsOfArgumentsSayWhatIsWrongAndWhatToDo is about arguments that are
// checked without a request.
func TestDiagnosticsOfArgumentsSayWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("The texts about arguments, each as a person reads it. `go test ./internal/provider -run Diagnostics " +
		"-update` writes them.\n")
	p := newProtocol(t)
	add := func(source string, given args) {
		text, err := json.Marshal(given)
		noError(t, err)
		fmt.Fprintf(&b, "\n\n==== %s %s ====\n", source, text)
		for _, d := range p.validate(t, source, given) {
			fmt.Fprintf(&b, "\n%s: %s (on `%s`)\n\n%s\n", capital(d.Severity), d.Summary, d.Address, d.Detail)
		}
	}
	for _, tt := range checked {
		add(tt.source, tt.given)
	}
	for _, tt := range filters {
		add(manyCustomers, args{"filter": args{tt.predicate: tt.value}})
	}
	wantGolden(t, filepath.Join("testdata", "arguments.txt"), b.String())
}

func TestAccArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	c := newCLI(t, api.config(customerByID("a/b")+block(customersData, `limit = -1`)+
		block(relatedData, `customer_id = "a"`, `relationship = "orders"`, `sort = [null]`)))
	found := map[string]diagnostic{}
	for _, d := range c.run("validate", "-json").errors() {
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
	if c.plan().ExitCode == 0 {
		t.Error("the plan went through")
	}
	api.wantRequests(t)
}

// Nothing but the CLI checks arguments. It does so again when it knows values that
// it did not know before.
func TestAccArgumentsAreCheckedOnceTheyAreKnown(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	for _, wrong := range []string{
		block(customerData, "id = terraform_data.value.output"),
		ephemeralCustomers("ids = [terraform_data.value.output]"),
	} {
		c := newCLI(t, api.config(created("value", " ")+wrong))
		c.needsEphemeral()
		c.apply().wantError("Invalid customer ID")
	}
	api.wantRequests(t)
}
