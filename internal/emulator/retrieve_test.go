package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestTheSeedCustomerIsServedByteForByte(t *testing.T) {
	e := emulator.New()
	if a := get(e, oneCustomer); !bytes.Equal(a.body, emulator.SeedDocument()) {
		t.Errorf("not the document:\n%s", a.body)
	}
	list, _ := page(e, "filter[q][email_eq]", "john@example.com").list(t)
	if len(list) != 1 || list[0].ID != emulator.SeedCustomerID || len(list[0].Attributes) != 8 ||
		len(list[0].Relationships) != 8 {
		t.Errorf("the list has %+v", list)
	}
}

func TestIncludeShowsLinkageAndResources(t *testing.T) {
	e := emulator.New()
	tests := []struct {
		name, path, include string
		linkage             map[string]string
		included            string
	}{
		{"to-one", fullCustomer, "customer_group",
			map[string]string{"customer_group": `{"type":"customer_groups","id":"` + emulator.VIPGroupID + `"}`},
			"customer_groups"},
		{"to-many", fullCustomer, "tags",
			map[string]string{"tags": `[{"type":"tags","id":"` + emulator.NewsletterTagID + `"},{"type":"tags","id":"` +
				emulator.BetaTagID + `"}]`},
			"tags tags"},
		{"nested", fullCustomer, "orders.shipments", nil, "orders shipments orders shipments"},
		{"back to the primary", fullCustomer, "orders.customer.tags", nil, "orders tags tags orders"},
		{"nothing to include", fullCustomer, "returns,jwt_customer",
			map[string]string{"returns": "[]", "jwt_customer": "null"}, ""},
		{"the seed's customer", oneCustomer, "customer_group,orders",
			map[string]string{"customer_group": "null", "orders": "[]"}, ""},
		{"newer than the seed's document", oneCustomer, "tags", map[string]string{"tags": "[]"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, doc := get(e, query(tt.path, "include", tt.include)).one(t)
			for name, want := range tt.linkage {
				if got := string(res.Relationships[name].Data); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			var kinds []string
			for _, inc := range doc.Included {
				kinds = append(kinds, inc.Type)
				if inc.ID == "" || inc.Links["self"] == "" || inc.Attributes["created_at"] == nil || inc.Meta["mode"] != "test" {
					t.Errorf("not a full resource: %+v", inc)
				}
			}
			if got := strings.Join(kinds, " "); got != tt.included || doc.Included == nil {
				t.Errorf("included %v, want %v", doc.Included, tt.included)
			}
			for name, rel := range res.Relationships {
				asked := slices.Contains(strings.FieldsFunc(tt.include, func(c rune) bool { return c == ',' || c == '.' }), name)
				if !asked && rel.Data != nil {
					t.Errorf("%s shows linkage", name)
				}
			}
		})
	}
}

func TestWhatTheAPIRefuses(t *testing.T) {
	e := emulator.New()
	live := e.AddCustomer(emulator.Customer{Mode: "live"})
	otherMode := withToken(e.IssueToken(emulator.TokenOptions{Live: true}))
	noRole := withToken(e.IssueToken(emulator.TokenOptions{Kind: emulator.KindSalesChannel}))
	as := func(change ...func(*http.Request)) []func(*http.Request) { return change }
	tests := []struct {
		name, target string
		change       []func(*http.Request)
		want         string
	}{
		{"unknown id", customers + "/nOsUcHiDxx", nil, "404 RECORD_NOT_FOUND"},
		{"no id", customers + "/", nil, "404 RECORD_NOT_FOUND"},
		{"unknown path", "/api/skus/abc", nil, "404 RECORD_NOT_FOUND"},
		{"customer of the other mode", customers + "/" + live, nil, "404 RECORD_NOT_FOUND"},
		{"token of the other mode", oneCustomer, as(otherMode), "404 RECORD_NOT_FOUND"},
		{"token of the customer's mode", customers + "/" + live, as(otherMode), "200"},
		{"unknown include", query(oneCustomer, "include", "friends"), nil, "400 INVALID_INCLUDE"},
		{"too deep an include", query(oneCustomer, "include", "orders.shipments.order.customer"), nil, "400 INVALID_INCLUDE"},
		{"unknown field", query(oneCustomer, "fields[customers]", "age"), nil, "400 INVALID_FIELD"},
		{"unknown parameter", query(oneCustomer, "page[size]", "2"), nil, "400 PARAM_NOT_ALLOWED"},
		{"no query", oneCustomer + "?%zz", nil, "400 PARAM_NOT_ALLOWED"},
		{"another media type", oneCustomer, as(withHeader("Accept", "application/json")), "406 NOT_ACCEPTABLE"},
		{"no media type", oneCustomer, as(withHeader("Accept", "")), "406 NOT_ACCEPTABLE"},
		{"no token", oneCustomer, as(withHeader("Authorization", "")), "401 INVALID_TOKEN"},
		{"unknown token", oneCustomer, as(withToken("nonsense")), "401 INVALID_TOKEN"},
		{"no bearer", oneCustomer, as(withHeader("Authorization", "Basic "+emulator.DefaultToken)), "401 INVALID_TOKEN"},
		{"no permission", fullCustomer + "/orders", as(noRole), "401 UNAUTHORIZED"},
		{"unknown customer's orders", customers + "/nObOdYnObO/orders", nil, "404 RECORD_NOT_FOUND"},
		{"unknown customer's group", customers + "/nObOdYnObO/customer_group", nil, "404 RECORD_NOT_FOUND"},
		{"unknown relationship", fullCustomer + "/friends", nil, "404 RECORD_NOT_FOUND"},
		{"deeper than a relationship", fullCustomer + "/orders/oRdErAaAaA", nil, "404 RECORD_NOT_FOUND"},
		{"nothing behind the slash", fullCustomer + "/", nil, "404 RECORD_NOT_FOUND"},
		{"related include", query(fullCustomer+"/orders", "include", "customer_group"), nil, "400 INVALID_INCLUDE"},
		{"page of a to-one", query(fullCustomer+"/customer_group", "page[size]", "1"), nil, "400 PARAM_NOT_ALLOWED"},
		{"organization, without a token", "/api/organization", as(withHeader("Authorization", "")), "401 INVALID_TOKEN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := get(e, tt.target, tt.change...)
			if a.outcome() != tt.want || a.header.Get("X-Ratelimit-Remaining") == "" {
				t.Errorf("%s %s %s, want %s", a.outcome(), a.header, a.body, tt.want)
			}
		})
	}
	for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodPut} {
		if a := ask(e, method, oneCustomer); a.status != http.StatusMethodNotAllowed || e.Count(method, "/api/") != 1 {
			t.Errorf("%s: %d, %d in the log", method, a.status, e.Count(method, "/api/"))
		}
	}
}

func TestLiveModeIsThatOfAllThatIsSeeded(t *testing.T) {
	e := emulator.New(emulator.WithLive())
	token := withToken(mustToken(t, e).AccessToken)
	for _, path := range []string{oneCustomer, fullCustomer} {
		if res, _ := get(e, path, token).one(t); res.Meta["mode"] != "live" {
			t.Errorf("%s: meta %v", path, res.Meta)
		}
	}
}

func TestOnlyHostsOfTheOrganizationAreServed(t *testing.T) {
	e := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
	for want, hosts := range map[string][]string{
		"200": {"acme.commercelayer.io", "ACME.commercelayer.io", "acme.commercelayer.io.", "acme.commercelayer.io:443",
			"acme.commercelayer.co", "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "acme.dev.localhost", "example.com"},
		"401 INVALID_TOKEN": {"globex.commercelayer.io", "acme-2.commercelayer.io", "auth.commercelayer.io",
			"globex.commercelayer.io:1"},
	} {
		for _, host := range hosts {
			if got := get(e, oneCustomer, func(r *http.Request) { r.Host = host }).outcome(); got != want {
				t.Errorf("%s: %s, want %s", host, got, want)
			}
		}
	}
}

func TestDocumentsAreServedAsTheyAre(t *testing.T) {
	const broken, odd = customers + "/bRoKeNaBcD", customers + "/oDdOdDoDdO"
	const oddDocument = `{"data":{"id":"oDdOdDoDdO","type":"customers","attributes":{"email":"odd@example.com",` +
		`"metadata":{"n":1e400}},"meta":{"mode":"test"},"extra":[1]},"jsonapi":{}}`
	e := emulator.New()
	e.AddDocument("bRoKeNaBcD", []byte(`{"data": {"id"`))
	e.AddDocument("oDdOdDoDdO", []byte(oddDocument))
	for target, want := range map[string]string{
		odd: oddDocument, broken: `{"data": {"id"`, broken + "?include=tags": `{"data": {"id"`,
	} {
		if a := get(e, target); a.status != 200 || string(a.body) != want {
			t.Errorf("%s: %d %s", target, a.status, a.body)
		}
	}
	// What is no resource is not listed.
	a := page(e, "filter[q][id_in]", "oDdOdDoDdO,bRoKeNaBcD")
	if a.ids(t) != "oDdOdDoDdO" || page(e, "filter[q][email_eq]", "odd@example.com").ids(t) != "oDdOdDoDdO" ||
		!strings.Contains(string(a.body), `"extra":[1]`) {
		t.Errorf("%s", a.body)
	}
	e.AddCustomer(emulator.Customer{ID: "bRoKeNaBcD"})
	if res, _ := get(e, broken).one(t); res.ID != "bRoKeNaBcD" {
		t.Error("not replaced")
	}
	e.DeleteCustomer("oDdOdDoDdO")
	if a := get(e, odd); a.status != 404 {
		t.Errorf("deleted: %d", a.status)
	}
}

func TestOddIDsTravelEscaped(t *testing.T) {
	e := emulator.New()
	for _, id := range []string{"4tepftJsT2", "a/b", "a b?c#d%", "ü", "..", "a%2Fb"} {
		e.AddCustomer(emulator.Customer{ID: id})
		escaped := strings.NewReplacer("%", "%25", "/", "%2F", " ", "%20", "?", "%3F", "#", "%23", "ü", "%C3%BC").Replace(id)
		if res, _ := get(e, customers+"/"+escaped).one(t); res.ID != id {
			t.Errorf("%q: got %q", id, res.ID)
		}
	}
}

func TestTextsAreEscaped(t *testing.T) {
	e := emulator.New()
	const odd = "quote\"back\\slash\n<>\u2028é@example.com"
	e.AddCustomer(emulator.Customer{Email: odd, Metadata: json.RawMessage("null")})
	list, _ := page(e, "filter[q][email_start]", "quote").list(t)
	var email string
	if len(list) != 1 || json.Unmarshal(list[0].Attributes["email"], &email) != nil || email != odd ||
		string(list[0].Attributes["metadata"]) != "null" {
		t.Errorf("%v", list)
	}
}
