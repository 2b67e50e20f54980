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
	a := get(emulator.New(emulator.WithLimits()), oneCustomer)
	if !bytes.Equal(a.body, emulator.SeedDocument()) {
		t.Errorf("not the document:\n%s", a.body)
	}
	for _, want := range []string{
		"https://yourdomain.commercelayer.io/api/customers/xYZkjABcde", "john@example.com",
		"ANY-EXTERNAL-REFEFERNCE-ORIGIN", `"foo": "bar"`, `"mode": "test"`,
	} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	list, _ := page(emulator.New(), "filter[q][email_eq]", "john@example.com").list(t)
	if len(list) != 1 || list[0].ID != emulator.SeedCustomerID || len(list[0].Attributes) != 8 ||
		len(list[0].Relationships) != 8 {
		t.Errorf("the list has %+v", list)
	}
}

func TestTheFullCustomerHasEverythingThatIsDocumentedToday(t *testing.T) {
	e := emulator.New()
	res, _ := get(e, "https://acme.test"+fullCustomer).one(t)
	if res.ID != emulator.FullCustomerID || res.Type != "customers" || len(res.Relationships) != 15 {
		t.Errorf("got %s %s with %d relationships", res.Type, res.ID, len(res.Relationships))
	}
	for _, exact := range []string{
		`"erp_id":9007199254740993`, `"score":1.50`, `"nickname":null`, `"sizes":["S","M",42]`,
	} {
		if !strings.Contains(string(res.Attributes["metadata"]), exact) {
			t.Errorf("metadata %s lacks %s", res.Attributes["metadata"], exact)
		}
	}
	self := "https://acme.test" + fullCustomer
	if res.Links["self"] != self {
		t.Errorf("self %s", res.Links["self"])
	}
	for name, rel := range res.Relationships {
		if rel.Links["self"] != self+"/relationships/"+name || rel.Links["related"] != self+"/"+name || rel.Data != nil {
			t.Errorf("relationship %s: %+v", name, rel)
		}
	}
	if res.Meta["mode"] != "test" || res.Meta["organization_id"] != "oRgAnIzAtN" {
		t.Errorf("meta %v", res.Meta)
	}
	again, _ := get(e, fullCustomer).one(t)
	if first, second := res.Meta["trace_id"], again.Meta["trace_id"]; len(first) != 64 || first == second {
		t.Errorf("trace ids %q and %q", first, second)
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

func TestSparseFieldsLimitAttributesAndRelationships(t *testing.T) {
	e := emulator.New()
	tests := []struct {
		name, path, fields, include string
		want                        [3]int // attributes, relationships, included
	}{
		{"attributes only", fullCustomer, "email,status,id", "", [3]int{2, 0, 0}},
		{"relationship", fullCustomer, "email,tags", "tags", [3]int{1, 1, 2}},
		{"included but not named", fullCustomer, "email", "tags", [3]int{1, 0, 0}},
		{"of the seed's customer", oneCustomer, "email,tax_exemption_code", "", [3]int{1, 0, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := get(e, query(tt.path, "fields[customers]", tt.fields, "include", tt.include, "fields[tags]", "name"))
			res, doc := a.one(t)
			got := [3]int{len(res.Attributes), len(res.Relationships), len(doc.Included)}
			if got != tt.want {
				t.Errorf("got %v attributes, relationships and included resources, want %v", got, tt.want)
			}
			if tt.want[1] == 0 && strings.Contains(string(a.body), `"relationships"`) {
				t.Error("the relationships member is there")
			}
			if res.ID == "" || res.Type == "" || res.Links["self"] == "" || res.Meta["mode"] == "" {
				t.Errorf("lost more than asked: %+v", res)
			}
			for _, inc := range doc.Included {
				if len(inc.Attributes) != 1 || len(inc.Relationships) != 0 {
					t.Errorf("included %+v", inc)
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
	mustToken(t, e)
	for _, path := range []string{oneCustomer, fullCustomer} {
		if res, _ := get(e, path, withToken(mustToken(t, e).AccessToken)).one(t); res.Meta["mode"] != "live" {
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
			for _, path := range []string{oneCustomer, customers, "/api/organization", fullCustomer + "/tags"} {
				if got := get(e, path, func(r *http.Request) { r.Host = host }).outcome(); got != want {
					t.Errorf("%s%s: %s, want %s", host, path, got, want)
				}
			}
		}
	}
}

func TestOrganizationAndApplicationOfTheToken(t *testing.T) {
	e := emulator.New(emulator.WithOrganization("acme", "aCmEaCmEaC"))
	token := withToken(e.IssueToken(emulator.TokenOptions{Kind: emulator.KindSalesChannel}))
	res, _ := get(e, "/api/organization", token).one(t)
	if res.Type != "organization" || res.ID != "aCmEaCmEaC" || string(res.Attributes["slug"]) != `"acme"` {
		t.Errorf("organization %+v", res)
	}
	res, _ = get(e, "/api/application?fields[application]=kind", token).one(t)
	if res.Type != "application" || len(res.Attributes) != 1 || string(res.Attributes["kind"]) != `"sales_channel"` {
		t.Errorf("application %+v", res)
	}
}

func TestDocumentsAreServedAsTheyAre(t *testing.T) {
	const broken, odd = customers + "/bRoKeNaBcD", customers + "/oDdOdDoDdO"
	documents := map[string]string{
		"bRoKeNaBcD": `{"data": {"id"`,
		"oDdOdDoDdO": `{"data":{"id":"oDdOdDoDdO","type":"customers","attributes":{"email":"odd@example.com",` +
			`"metadata":{"n":1e400}},"meta":{"mode":"test"},"extra":[1]},"jsonapi":{}}`,
	}
	e := emulator.New()
	for id, document := range documents {
		e.AddDocument(id, []byte(document))
		if a := get(e, customers+"/"+id); a.status != 200 || string(a.body) != document {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if a := get(e, broken+"?include=tags"); string(a.body) != documents["bRoKeNaBcD"] {
		t.Errorf("with a query: %d %s", a.status, a.body)
	}
	a := page(e, "filter[q][id_in]", "oDdOdDoDdO,bRoKeNaBcD")
	if a.ids(t) != "oDdOdDoDdO" || page(e, "filter[q][email_eq]", "odd@example.com").ids(t) != "oDdOdDoDdO" ||
		!strings.Contains(string(a.body), `"extra":[1]`) {
		t.Errorf("%s", a.body)
	}
	if slices.Contains(e.CustomerIDs(), "bRoKeNaBcD") {
		t.Error("what is no resource is listed")
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

// wantHeaders checks headers. The value "*" stands for any value, and "" for a
// header that is missing.
func wantHeaders(t *testing.T, a answer, want map[string]string) {
	t.Helper()
	for key, value := range want {
		got := a.header.Get(key)
		if value == "*" && got != "" {
			continue
		}
		if got != value {
			t.Errorf("%s: %q, want %q", key, got, value)
		}
	}
}

func TestAnswersHaveTheRecordedForms(t *testing.T) {
	const exposed = "x-ratelimit-interval, x-ratelimit-limit, x-ratelimit-remaining, Authorization"
	nobody := func(refuted ...string) answer {
		return get(emulator.New(emulator.WithRefuted(refuted...)), customers+"/nObOdYnObO")
	}
	full := emulator.New(emulator.WithLimitsOf(emulator.Limits{Average: 1}))
	get(full, oneCustomer)
	broken := emulator.New(emulator.WithRefuted(emulator.AssumeServerErrors))
	broken.Inject(emulator.Fault{Answer: emulator.Status(500)})
	for name, tt := range map[string]struct {
		answer  answer
		status  int
		body    string // its beginning
		headers map[string]string
	}{
		"200": {get(emulator.New(emulator.WithLimits()), oneCustomer), 200, "{", map[string]string{
			"Content-Type": "application/vnd.api+json", "Accept-Ranges": "bytes", "Referrer-Policy": "*",
			"Cache-Control": "max-age=0, private, must-revalidate", "X-Download-Options": "*",
			"X-Permitted-Cross-Domain-Policies": "*", "X-Xss-Protection": "0", "X-Content-Type-Options": "nosniff",
			"Access-Control-Expose-Headers": exposed, "Vary": "Accept, Accept-Encoding, Origin", "X-Request-Id": "",
			"Etag": "", "X-Ratelimit-Limit": "100", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": "99",
		}},
		"200 without limits": {get(emulator.New(), oneCustomer), 200, "{", map[string]string{
			"X-Ratelimit-Limit": "1000000", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": "1000000",
		}},
		"404 as an object": {nobody(), 404,
			`{"errors":{"title":"Record Not Found","detail":"The requested resource was not not found. Please double-check ` +
				`the resource id.","code":"RECORD_NOT_FOUND","status":404}}`,
			map[string]string{
				"Content-Type": "application/json; charset=utf-8", "Retry-After": "0", "Accept-Ranges": "bytes",
				"Access-Control-Expose-Headers": exposed, "X-Request-Id": "",
			}},
		"404 as an array": {nobody("not-found-form:array"), 404,
			`{"errors":[{"title":"Record not found","detail":"The requested resource was not found. Please double-check ` +
				`the resource id.","code":"RECORD_NOT_FOUND","status":"404"}]}`,
			map[string]string{
				"Content-Type": "application/vnd.api+json; charset=utf-8", "X-Request-Id": "*", "X-Kong-Request-Id": "*",
				"X-Kong-Upstream-Latency": "*", "X-Kong-Proxy-Latency": "*", "Vary": "Accept, Accept-Encoding, Origin",
				"X-Content-Type-Options": "nosniff", "Retry-After": "",
			}},
		"404 as a page": {nobody("not-found-form:html"), 404, "<!DOCTYPE html>", map[string]string{
			"Content-Type": "text/html", "Server": "Varnish", "Via": "*", "X-Cache": "*", "X-Served-By": "*", "X-Timer": "*",
			"X-Ratelimit-Limit": "", "Retry-After": "0",
		}},
		"429": {get(full, oneCustomer), 429, `{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`,
			map[string]string{
				"Content-Type": "application/json; charset=utf-8", "Retry-After": "0", "Cache-Control": "no-cache",
				"Accept-Ranges": "bytes", "X-Ratelimit-Limit": "1", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": "0",
			}},
		// No request makes the API answer with a 5xx, so no probe can test this
		// assumption.
		"500 as an object": {get(broken, oneCustomer), 500,
			`{"errors":{"title":"Internal Server Error","code":"INTERNAL_SERVER_ERROR","status":500}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.answer.status != tt.status || !strings.HasPrefix(string(tt.answer.body), tt.body) {
				t.Errorf("%d %s", tt.answer.status, tt.answer.body)
			}
			wantHeaders(t, tt.answer, tt.headers)
		})
	}
}
