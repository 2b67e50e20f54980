package commercelayer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// fetch returns the body of an answer of the emulator.
func fetch(t testing.TB, e *emulator.Emulator, target string) []byte {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	r.Header.Set("Accept", jsonapi.MediaType)
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", target, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

func fullDocument(t testing.TB, query string) []byte {
	t.Helper()
	return fetch(t, emulator.New(), customersPath+"/"+emulator.FullCustomerID+query)
}

// decode reads a document that must be readable.
func decode(t testing.TB, body string) *Customer {
	t.Helper()
	c, err := decodeCustomer([]byte(body), everything)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// withAttributes returns a document of a customer with these attributes.
func withAttributes(attributes string) string {
	return `{"data":{"id":"one","type":"customers","attributes":{` + attributes + `}}}`
}

// encoded returns a value as JSON, which shows what its pointers point to.
func encoded(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSeedDocumentIsRead(t *testing.T) {
	c := decode(t, string(emulator.SeedDocument()))
	if len(c.Relationships) != 8 {
		t.Errorf("%d relationships, want 8", len(c.Relationships))
	}
	for name, r := range c.Relationships {
		base := "https://yourdomain.commercelayer.io/api/customers/xYZkjABcde/"
		want := Relationship{Self: new(base + "relationships/" + name), Related: new(base + name)}
		expectEqual(t, "the relationship "+name, encoded(t, r), encoded(t, want))
	}
	c.Relationships = nil
	expectEqual(t, "the customer", encoded(t, c), encoded(t, &Customer{
		ID: "xYZkjABcde", Email: new("john@example.com"), Status: new("prospect"), HasPassword: new(false),
		CreatedAt: new("2018-01-01T12:00:00.000Z"), UpdatedAt: new("2018-01-01T12:00:00.000Z"),
		Reference: new("ANY-EXTERNAL-REFEFERNCE"), ReferenceOrigin: new("ANY-EXTERNAL-REFEFERNCE-ORIGIN"),
		Metadata: json.RawMessage(`{"foo":"bar"}`), Mode: new("test"),
		Self: new("https://yourdomain.commercelayer.io/api/customers/xYZkjABcde"),
	}))
}

func TestFullDocumentIsRead(t *testing.T) {
	c := decode(t, string(fullDocument(t, "")))
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(encoded(t, c)), &fields); err != nil {
		t.Fatal(err)
	}
	for name, value := range fields {
		if string(value) == "null" && name != "Included" && name != "Findings" {
			t.Errorf("%s was not read", name)
		}
	}
	expectEqual(t, "the number of relationships", len(c.Relationships), 15)
	expectEqual(t, "the e-mail address", *c.Email, emulator.FullCustomerEmail)
}

// Each attribute of an answer has one row in the table, and each row an attribute.
func TestTheTableHasTheAttributesOfAnAnswer(t *testing.T) {
	document, err := jsonapi.Decode(fullDocument(t, ""), 1)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for name := range jsonapi.Members(document.Items[0].Resource.Attributes) {
		sent++
		if attributeNamed(string(name)) == nil {
			t.Errorf("%s has no row", name)
		}
	}
	expectEqual(t, "the number of rows", len(attributes), sent)
}

func TestUnknownMembersAreIgnored(t *testing.T) {
	c := decode(t, `{"jsonapi":{"version":"1.0"},"data":{"id":"one","type":"customers","lid":7,`+
		`"attributes":{"email":"a@b","favourite_colour":{"r":1}},`+
		`"relationships":{"novelties":{"links":{"self":"s"},"meta":{}}},`+
		`"meta":{"mode":"test","shard":3},"links":{"self":"x","about":["y"]}},"meta":{"x":[]}}`)
	expectEqual(t, "the relationship", encoded(t, c.Relationships["novelties"]), `{"Self":"s","Related":null,"Data":null}`)
}

func TestMissingAndNullAttributesAreNil(t *testing.T) {
	const members = `"attributes":null,"relationships":null,"meta":null,"links":null`
	var null []string
	for _, a := range attributes {
		null = append(null, `"`+a.name+`":null`)
	}
	for name, body := range map[string]string{
		"no attributes":   `{"data":{"id":"one","type":"customers"}}`,
		"null attributes": `{"data":{"id":"one","type":"customers",` + members + `}}`,
		"empty":           withAttributes(""),
		"null":            withAttributes(strings.Join(null, ",")),
	} {
		c := decode(t, body)
		c.Relationships = nil
		expectEqual(t, name+": the customer", encoded(t, c), encoded(t, &Customer{ID: "one"}))
	}
}

// What the form of a text is, is shown where it is made.
func TestObjectsSurvive(t *testing.T) {
	const sent = `{"z":{"b":9007199254740993,"a":1.10}, "a":1, "a":[null] }`
	const want = `{"a":[null],"z":{"a":1.10,"b":9007199254740993}}`
	c := decode(t, withAttributes(`"metadata":`+sent+`,"jwt_custom_claim":`+sent))
	expectEqual(t, "the metadata", string(c.Metadata), want)
	expectEqual(t, "the claim", string(c.JWTCustomClaim), want)
}

func TestWholeNumbers(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "6": 6, "-1": -1, "6.0": 6, "6e0": 6, "0.6e1": 6, "60e-1": 6, "-0": 0, "9007199254740993": 9007199254740993,
		"9223372036854775807": 9223372036854775807, "-9223372036854775808": -9223372036854775808, `"6"`: 6,
	} {
		expectEqual(t, text, *decode(t, withAttributes(`"total_orders_count":`+text)).TotalOrdersCount, want)
	}
	for _, text := range []string{
		"0.5", "9223372036854775808", "1e19", "1e999999999", "-1e999999999", "1e-999999999",
		"1.00000000000000000000000000000000000001", strings.Repeat("9", 1000),
	} {
		_, err := decodeCustomer([]byte(withAttributes(`"total_orders_count":`+text)), everything)
		printable(t, failureOf(t, err, ErrMalformed).Reason)
	}
}

func TestDocumentsThatAreNoCustomer(t *testing.T) {
	for body, want := range map[string]string{
		`{"meta":{}}`:     "malformed answer: the document has no data",
		`{"data": null }`: "malformed answer: the data of the document is null",
		`{"data":[{"id":"one","type":"customers"}]}`:        "a list where one customer was asked for",
		`{"data":{"id":"one","type":"orders"}}`:             `wrong resource: the answer holds`,
		`{"data":{"id":"one"}}`:                             "type of a resource is missing",
		`{"data":` + strings.Repeat("[", 20_000):            "levels of nesting",
		withAttributes(`"email":7`):                         "email must not be a JSON number",
		withAttributes(`"email":{"john":7}`):                "email must not be a JSON object",
		withAttributes(`"anonymization_info":{"status":7}`): "anonymization_info has a member of a wrong JSON type",
		withAttributes(`"metadata":[]`):                     "metadata is not a JSON object",
		withAttributes(`"jwt_custom_claim":1`):              "jwt_custom_claim is not a JSON object",
		withAttributes(`"created_at":"yesterday, john"`):    "created_at is not an RFC 3339 time",
		withAttributes(`"total_orders_count":0.5`):          "total_orders_count",
		withAttributes("\"email\":\"\xff\""):                "UTF-8",
	} {
		c, err := decodeCustomer([]byte(body), everything)
		if err == nil || c != nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "john") {
			t.Errorf("%.60s: got %v and %v, want an error with %q", body, c, err, want)
			continue
		}
		printable(t, err.Reason)
	}
	for _, body := range []string{`{"data":null}`, `{"data":{"id":"one","type":"customers"}}`, `{}`} {
		_, err := decodePage([]byte(body))
		expectEqual(t, body, failureOf(t, err, ErrMalformed).Reason, "the document holds no list of customers")
	}
}
