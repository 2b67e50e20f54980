package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestTheSeedCustomerIsServedByteForByte(t *testing.T) {
	srv := httptest.NewServer(emulator.New(emulator.WithLimits()))
	defer srv.Close()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/customers/"+emulator.SeedCustomerID, http.NoBody)
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer your-access-token")
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, emulator.SeedDocument()) {
		t.Errorf("not the document:\n%s", body)
	}
	for _, want := range []string{
		"https://yourdomain.commercelayer.io/api/customers/xYZkjABcde", "john@example.com",
		"ANY-EXTERNAL-REFEFERNCE-ORIGIN", `"foo": "bar"`, `"mode": "test"`,
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	for key, want := range map[string]string{
		"Content-Type":                  "application/vnd.api+json",
		"Cache-Control":                 "max-age=0, private, must-revalidate",
		"Vary":                          "Accept, Accept-Encoding, Origin",
		"X-Content-Type-Options":        "nosniff",
		"Access-Control-Expose-Headers": "x-ratelimit-interval, x-ratelimit-limit, x-ratelimit-remaining, Authorization",
		"X-Ratelimit-Limit":             "100",
		"X-Ratelimit-Interval":          "60",
		"X-Ratelimit-Remaining":         "99",
	} {
		if got := res.Header.Get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestTheFullCustomerHasEverythingThatIsDocumentedToday(t *testing.T) {
	e := emulator.New()
	res, _ := get(e, "https://acme.test/api/customers/"+emulator.FullCustomerID).one(t)
	if res.ID != emulator.FullCustomerID || res.Type != "customers" {
		t.Errorf("got %s %s", res.Type, res.ID)
	}
	if len(res.Relationships) != 15 {
		t.Errorf("%d relationships, want 15", len(res.Relationships))
	}
	for name, value := range res.Attributes {
		if string(value) == "null" {
			t.Errorf("%s is null", name)
		}
	}
	for _, exact := range []string{`"erp_id":9007199254740993`, `"score":1.50`, `"nickname":null`, `"vip":true`, `"sizes":["S","M",42]`} {
		if !strings.Contains(string(res.Attributes["metadata"]), exact) {
			t.Errorf("metadata %s lacks %s", res.Attributes["metadata"], exact)
		}
	}
	if got := string(res.Attributes["created_at"]); got != `"2024-02-29T23:59:59.007Z"` {
		t.Errorf("created_at %s", got)
	}
	self := "https://acme.test/api/customers/" + emulator.FullCustomerID
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
}

func TestTheTraceIDIsAnotherInEachAnswer(t *testing.T) {
	e := emulator.New()
	first, _ := get(e, "/api/customers/"+emulator.FullCustomerID).one(t)
	second, _ := get(e, "/api/customers/"+emulator.FullCustomerID).one(t)
	trace := first.Meta["trace_id"]
	if !regexp.MustCompile("^[0-9a-f]{64}$").MatchString(trace) || trace == second.Meta["trace_id"] {
		t.Errorf("trace ids %q and %q", trace, second.Meta["trace_id"])
	}
}

func TestIncludeShowsLinkageAndResources(t *testing.T) {
	e := emulator.New()
	tests := []struct {
		name, id, include string
		linkage           map[string]string
		included          []string
	}{
		{"to-one", emulator.FullCustomerID, "customer_group",
			map[string]string{"customer_group": `{"type":"customer_groups","id":"` + emulator.VIPGroupID + `"}`},
			[]string{"customer_groups"}},
		{"to-many", emulator.FullCustomerID, "tags",
			map[string]string{"tags": `[{"type":"tags","id":"` + emulator.NewsletterTagID + `"},{"type":"tags","id":"` + emulator.BetaTagID + `"}]`},
			[]string{"tags", "tags"}},
		{"nested", emulator.FullCustomerID, "orders.shipments", nil, []string{"orders", "shipments", "orders", "shipments"}},
		{"back to the primary", emulator.FullCustomerID, "orders.customer.tags", nil, []string{"orders", "tags", "tags", "orders"}},
		{"nothing to include", emulator.FullCustomerID, "returns,jwt_customer",
			map[string]string{"returns": "[]", "jwt_customer": "null"}, nil},
		{"the seed's customer", emulator.SeedCustomerID, "customer_group,orders",
			map[string]string{"customer_group": "null", "orders": "[]"}, nil},
		{"newer than the seed's document", emulator.SeedCustomerID, "tags", map[string]string{"tags": "[]"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := get(e, "/api/customers/"+tt.id+"?include="+tt.include)
			res, doc := a.one(t)
			for name, want := range tt.linkage {
				if got := string(res.Relationships[name].Data); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			if !strings.Contains(string(a.body), `"included":[`) {
				t.Error("no included member")
			}
			var kinds []string
			for _, inc := range doc.Included {
				kinds = append(kinds, inc.Type)
				if inc.ID == "" || inc.Links["self"] == "" || inc.Attributes["created_at"] == nil || inc.Meta["mode"] != "test" {
					t.Errorf("not a full resource: %+v", inc)
				}
			}
			if !slices.Equal(kinds, tt.included) {
				t.Errorf("included %v, want %v", kinds, tt.included)
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
	full, _ := get(e, "/api/customers/"+emulator.FullCustomerID).one(t)
	all := len(full.Attributes)
	tests := []struct {
		name, id, query           string
		attributes, relationships int
		included                  int
	}{
		{"attributes only", emulator.FullCustomerID, "fields[customers]=email,status,id", 2, 0, 0},
		{"relationship", emulator.FullCustomerID, "fields[customers]=email,tags&include=tags", 1, 1, 2},
		{"included but not named", emulator.FullCustomerID, "fields[customers]=email&include=tags", 1, 0, 0},
		{"of the included", emulator.FullCustomerID, "fields[tags]=name&include=tags", all, 15, 2},
		{"of the seed's customer", emulator.SeedCustomerID, "fields[customers]=email,tax_exemption_code", 1, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := get(e, "/api/customers/"+tt.id+"?"+tt.query)
			res, doc := a.one(t)
			if len(res.Attributes) != tt.attributes || len(res.Relationships) != tt.relationships || len(doc.Included) != tt.included {
				t.Errorf("%d attributes, %d relationships, %d included", len(res.Attributes), len(res.Relationships), len(doc.Included))
			}
			if tt.relationships == 0 && strings.Contains(string(a.body), `"relationships"`) {
				t.Error("the relationships member is there")
			}
			if res.ID == "" || res.Type == "" || res.Links["self"] == "" || res.Meta["mode"] == "" {
				t.Errorf("lost more than asked: %+v", res)
			}
			for _, inc := range doc.Included {
				if strings.Contains(tt.query, "fields[tags]") && len(inc.Attributes) != 1 {
					t.Errorf("included %v", inc.Attributes)
				}
			}
		})
	}
}

func TestWhatTheAPIRefuses(t *testing.T) {
	e := emulator.New()
	seed := "/api/customers/" + emulator.SeedCustomerID
	noRole := e.IssueToken(emulator.TokenOptions{CanReadCustomers: new(bool)})
	tests := []struct {
		name, target string
		change       func(*http.Request)
		status       int
		code         string
	}{
		{"unknown id", "/api/customers/nOsUcHiDxx", nil, 404, "RECORD_NOT_FOUND"},
		{"no id", "/api/customers/", nil, 404, "RECORD_NOT_FOUND"},
		{"unknown path", "/api/skus/abc", nil, 404, "RECORD_NOT_FOUND"},
		{"unknown include", seed + "?include=friends", nil, 400, "INVALID_INCLUDE"},
		{"unknown nested include", seed + "?include=orders.friends", nil, 400, "INVALID_INCLUDE"},
		{"too deep an include", seed + "?include=orders.shipments.order.customer", nil, 400, "INVALID_INCLUDE"},
		{"unknown field", seed + "?fields[customers]=age", nil, 400, "INVALID_FIELD"},
		{"unknown parameter", seed + "?page[size]=2", nil, 400, "PARAM_NOT_ALLOWED"},
		{"another media type", seed, withHeader("Accept", "application/json"), 406, "NOT_ACCEPTABLE"},
		{"no media type", seed, withoutHeader("Accept"), 406, "NOT_ACCEPTABLE"},
		{"no token", seed, withoutHeader("Authorization"), 401, "INVALID_TOKEN"},
		{"empty token", seed, withToken(""), 401, "INVALID_TOKEN"},
		{"unknown token", seed, withToken("nonsense"), 401, "INVALID_TOKEN"},
		{"no bearer", seed, withHeader("Authorization", "Basic "+emulator.DefaultToken), 401, "INVALID_TOKEN"},
		{"no permission", seed, withToken(noRole), 401, "UNAUTHORIZED"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			change := tt.change
			if change == nil {
				change = func(*http.Request) {}
			}
			a := get(e, tt.target, change)
			if a.status != tt.status || a.errorCode(t) != tt.code {
				t.Errorf("%d %s", a.status, a.body)
			}
			if a.header.Get("X-Ratelimit-Remaining") == "" {
				t.Error("no rate headers")
			}
		})
	}
}

func TestWritesAreRefusedAndLogged(t *testing.T) {
	e := emulator.New()
	for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodPut} {
		if a := ask(e, method, "/api/customers/"+emulator.SeedCustomerID); a.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, a.status)
		}
		if e.Count(method, "/api/") != 1 {
			t.Errorf("%s is not in the log", method)
		}
	}
}

func TestNotFoundHasThreeForms(t *testing.T) {
	tests := []struct {
		name              string
		refuted           []string
		contentType, body string
		retryAfter        string
	}{
		{"object", nil, "application/json; charset=utf-8",
			`{"errors":{"title":"Record Not Found","detail":"The requested resource was not not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":404}}`, "0"},
		{"array", []string{"not-found-form:array"}, "application/vnd.api+json; charset=utf-8",
			`{"errors":[{"title":"Record not found","detail":"The requested resource was not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":"404"}]}`, ""},
		{"html", []string{"not-found-form:html"}, "text/html", "", "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := get(emulator.New(emulator.WithRefuted(tt.refuted...)), "/api/customers/nOsUcHiDxx")
			if a.status != 404 || a.header.Get("Content-Type") != tt.contentType || a.header.Get("Retry-After") != tt.retryAfter {
				t.Errorf("%d %v", a.status, a.header)
			}
			if tt.body != "" && string(a.body) != tt.body {
				t.Errorf("body %s", a.body)
			}
		})
	}
}

func TestTheModeSeparatesCustomers(t *testing.T) {
	e := emulator.New(emulator.WithLive(), emulator.WithLimits())
	res, _ := get(e, "/api/customers/"+emulator.SeedCustomerID).one(t)
	if res.Meta["mode"] != "live" {
		t.Errorf("meta %v", res.Meta)
	}
	test := e.IssueToken(emulator.TokenOptions{})
	if a := get(e, "/api/customers/"+emulator.SeedCustomerID, withToken(test)); a.status != 404 {
		t.Errorf("a token of the other mode: %d", a.status)
	}
	id := e.AddCustomer(emulator.Customer{Mode: "test", Email: "t@example.com"})
	if a := get(e, "/api/customers/"+id); a.status != 404 {
		t.Errorf("a customer of the other mode: %d", a.status)
	}
	res, _ = get(e, "/api/customers/"+id, withToken(test)).one(t)
	if res.Meta["mode"] != "test" {
		t.Errorf("meta %v", res.Meta)
	}
	if n := get(e, "/api/customers").header.Get("X-Ratelimit-Limit"); n != "200" {
		t.Errorf("limit of live mode: %s", n)
	}
}

func TestDocumentsAreServedAsTheyAre(t *testing.T) {
	e := emulator.New()
	broken := []byte(`{"data": {"id"`)
	e.AddDocument("bRoKeNaBcD", broken)
	if a := get(e, "/api/customers/bRoKeNaBcD"); a.status != 200 || !bytes.Equal(a.body, broken) {
		t.Errorf("%d %s", a.status, a.body)
	}
	odd := []byte(`{"data":{"id":"oDdOdDoDdO","type":"customers","attributes":{"email":"odd@example.com","metadata":{"n":1e400}},"meta":{"mode":"test"},"extra":[1]},"jsonapi":{}}`)
	e.AddDocument("oDdOdDoDdO", odd)
	if a := get(e, "/api/customers/oDdOdDoDdO"); !bytes.Equal(a.body, odd) {
		t.Errorf("%s", a.body)
	}
	a := get(e, "/api/customers?filter[q][id_in]=oDdOdDoDdO,bRoKeNaBcD")
	if ids := a.ids(t); !slices.Equal(ids, []string{"oDdOdDoDdO"}) || !strings.Contains(string(a.body), `"extra":[1]`) {
		t.Errorf("%s", a.body)
	}
	if slices.Contains(e.CustomerIDs(), "bRoKeNaBcD") {
		t.Error("what is no resource is listed")
	}
	e.AddCustomer(emulator.Customer{ID: "bRoKeNaBcD"})
	if res, _ := get(e, "/api/customers/bRoKeNaBcD").one(t); res.ID != "bRoKeNaBcD" {
		t.Error("not replaced")
	}
	e.DeleteCustomer("bRoKeNaBcD")
	if a := get(e, "/api/customers/bRoKeNaBcD"); a.status != 404 {
		t.Errorf("deleted: %d", a.status)
	}
}

func TestOddIDsTravelEscaped(t *testing.T) {
	e := emulator.New()
	for _, id := range []string{"4tepftJsT2", "a/b", "a b?c#d%", "ü", "..", "a%2Fb"} {
		e.AddCustomer(emulator.Customer{ID: id})
		escaped := strings.NewReplacer("%", "%25", "/", "%2F", " ", "%20", "?", "%3F", "#", "%23", "ü", "%C3%BC").Replace(id)
		a := get(e, "/api/customers/"+escaped)
		res, _ := a.one(t)
		if res.ID != id {
			t.Errorf("%q: got %q", id, res.ID)
		}
	}
}

func TestEveryAnswerIsWellFormed(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(40))
	e.AddCustomer(emulator.Customer{Email: "quote\"back\\slash\n<>\u2028é@example.com", Metadata: json.RawMessage("null")})
	for _, target := range []string{
		"/api/customers?page[size]=25", "/api/customers?page[size]=25&include=customer_group,tags,orders.shipments",
		"/api/customers?filter[q][email_start]=quote", "/api/customers?page[number]=99", "/api/customers/" + emulator.FullCustomerID,
	} {
		if a := get(e, target); a.status != 200 || !json.Valid(a.body) {
			t.Errorf("%s: %d %s", target, a.status, a.body)
		}
	}
	list, _ := get(e, "/api/customers?filter[q][email_start]=quote").list(t)
	if len(list) != 1 || string(list[0].Attributes["metadata"]) != "null" {
		t.Errorf("%v", list)
	}
}
