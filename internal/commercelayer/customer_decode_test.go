package commercelayer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
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
		expectEqual(t, "the relationship "+name, encoded(t, r), encoded(t, Relationship{Self: new(base + "relationships/" + name), Related: new(base + name)}))
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
	var sent, known []string
	for name := range jsonapi.Members(document.Items[0].Resource.Attributes) {
		sent = append(sent, string(name))
	}
	for _, a := range attributes {
		known = append(known, a.name)
	}
	expectEqual(t, "the attributes", strings.Join(slices.Sorted(slices.Values(known)), " "),
		strings.Join(slices.Sorted(slices.Values(sent)), " "))
}

func TestUnknownMembersAreIgnored(t *testing.T) {
	c := decode(t, `{"jsonapi":{"version":"1.0"},"data":{"id":"one","type":"customers","lid":7,"attributes":{"email":"a@b","favourite_colour":{"r":1}},
		"relationships":{"novelties":{"links":{"self":"s","related":"r"},"meta":{}}},"meta":{"mode":"test","shard":3},"links":{"self":"x","about":["y"]}},"meta":{"x":[]}}`)
	expectEqual(t, "the relationship", encoded(t, c.Relationships["novelties"]), `{"Self":"s","Related":"r","Data":null}`)
}

func TestMissingAndNullAttributesAreNil(t *testing.T) {
	for name, body := range map[string]string{
		"no attributes":   `{"data":{"id":"one","type":"customers"}}`,
		"null attributes": `{"data":{"id":"one","type":"customers","attributes":null,"relationships":null,"meta":null,"links":null}}`,
		"empty":           withAttributes(""),
		"null": withAttributes(`"email":null,"status":null,"has_password":null,"total_orders_count":null,"created_at":null,"updated_at":null,` +
			`"metadata":null,"jwt_custom_claim":null,"anonymization_info":null,"anonymization_status":null,"profile_id":null`),
	} {
		t.Run(name, func(t *testing.T) {
			c := decode(t, body)
			c.Relationships = nil
			expectEqual(t, "the customer", encoded(t, c), encoded(t, &Customer{ID: "one"}))
		})
	}
}

func TestMetadataSurvives(t *testing.T) {
	for name, value := range map[string]string{
		"empty":                 `{}`,
		"nested":                `{"a":{"b":[1,{"c":null},true]}}`,
		"integers beyond 2^53":  `{"m":-123456789012345678901234567890,"n":9007199254740993}`,
		"numbers as written":    `{"m":1E5,"n":1.10,"o":-0}`,
		"texts":                 `{"t":"é/<>&\u2028"}`,
		"a text that is JSON":   `{"a":"{\"b\":1}"}`,
		"an empty key":          `{"":1}`,
		"deeply nested":         `{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
		"a number of 400 digit": `{"n":` + strings.Repeat("9", 400) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			expectEqual(t, "the metadata", string(decode(t, withAttributes(`"metadata": `+value)).Metadata), value)
			expectEqual(t, "the claim", string(decode(t, withAttributes(`"jwt_custom_claim":`+value)).JWTCustomClaim), value)
		})
	}
	// The text is the same for all ways to write the object.
	for _, sent := range []string{`{"z":{"b":1,"a":2},"a":2}`, `{"a":1, "a":2,"z":{"a":2,"b":1}}`, `{"\u0061":2,"z":{"a":2,"b":1}}`} {
		expectEqual(t, "the metadata", string(decode(t, withAttributes(`"metadata": `+sent)).Metadata), `{"a":2,"z":{"a":2,"b":1}}`)
	}
	expectEqual(t, "the metadata", string(decode(t, withAttributes("\"metadata\":{ \"a\" :\n[ 1 , 2 ] }")).Metadata), `{"a":[1,2]}`)
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
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	tests := map[string]struct {
		body string
		kind error
		want string
	}{
		"empty":              {"", ErrMalformed, "cut off"},
		"invalid UTF-8":      {withAttributes("\"email\":\"\xff\""), ErrMalformed, "UTF-8"},
		"too deep":           {withAttributes(`"metadata":{"a":` + deep + `}`), ErrTooLarge, "levels of nesting"},
		"no data":            {`{"meta":{}}`, ErrMalformed, "no data"},
		"data null":          {`{"data": null }`, ErrMalformed, "null"},
		"data a list":        {`{"data":[{"id":"one","type":"customers"}]}`, ErrMalformed, "list"},
		"another type":       {`{"data":{"id":"one","type":"orders"}}`, ErrMismatch, `"orders"`},
		"no type":            {`{"data":{"id":"one"}}`, ErrMalformed, "type of a resource is missing"},
		"a number as email":  {withAttributes(`"email":7`), ErrMalformed, "email must not be a JSON number"},
		"an object as email": {withAttributes(`"email":{"john":7}`), ErrMalformed, "email must not be a JSON object"},
		"a number as status": {withAttributes(`"anonymization_info":{"status":7}`), ErrMalformed,
			"anonymization_info has a member of a wrong JSON type"},
		"metadata a list": {withAttributes(`"metadata":[]`), ErrMalformed, "metadata is not a JSON object"},
		"claim a number":  {withAttributes(`"jwt_custom_claim":1`), ErrMalformed, "jwt_custom_claim is not a JSON object"},
		"no date":         {withAttributes(`"created_at":"yesterday"`), ErrMalformed, "created_at"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := decodeCustomer([]byte(test.body), everything)
			failure := failureOf(t, err, test.kind)
			if c != nil || !strings.Contains(failure.Reason, test.want) {
				t.Errorf("got %v and %q, want a reason with %q", c, failure.Reason, test.want)
			}
			if strings.Contains(failure.Error(), "john") {
				t.Errorf("the error quotes the answer: %v", failure)
			}
			printable(t, failure.Reason)
		})
	}
}

// identifiers lists the included resources in order.
func identifiers(c *Customer) string {
	var list []string
	for _, r := range c.Included {
		list = append(list, r.Type+"/"+r.ID)
	}
	return strings.Join(list, " ")
}

func TestIncludedOfTheEmulator(t *testing.T) {
	c := decode(t, string(fullDocument(t, "?include=customer_group,tags")))
	expectEqual(t, "what is included", identifiers(c), "customer_groups/vIpGrOuPaB tags/nEwSlEtTeR tags/bEtAtEsTeR")
}

// A customer is the same whether it is read alone or in a list.
func TestListAndSingleDocumentAgree(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(20))
	body := fetch(t, e, customersPath+"?sort=id&page[size]=25&include=customer_group,tags")
	p, err := decodePage(body)
	if err != nil {
		t.Fatal(err)
	}
	expectEqual(t, "the number of customers", len(p), 22)
	shared := 0
	for _, customer := range p {
		if customer.ID == emulator.SeedCustomerID {
			continue // the seed's document is the same for all queries
		}
		single := decode(t, string(fetch(t, e, customersPath+"/"+customer.ID+"?include=customer_group,tags")))
		expectEqual(t, "the customer in the list", encoded(t, customer), encoded(t, single))
		shared += len(single.Included)
	}
	if shared < 5 {
		t.Errorf("only %d resources were included", shared)
	}
}

func TestPagesThatAreNoList(t *testing.T) {
	for body, want := range map[string]string{
		`{"data":null}`: "no list", `{"data":{}}`: "no list", `{}`: "no list", `{"data":"x"}`: "string", `{"data":[`: "cut off",
		"<html>": "not valid JSON", "\xff": "UTF-8", `{"data":[],"meta":[]}`: "meta", `{"data":[],"meta":{"record_count":"x"}}`: "record_count",
	} {
		_, err := decodePage([]byte(body))
		if failure := failureOf(t, err, ErrMalformed); !strings.Contains(failure.Reason, want) {
			t.Errorf("%s: the reason is %q, want %q in it", body, failure.Reason, want)
		}
	}
}

func TestOneUnreadableItemDoesNotCostThePage(t *testing.T) {
	document, failure := decodeDocument([]byte(`{"data":[{"id":"1","type":"customers"},7,null,{"id":"2","type":"orders"},`+
		`{"id":"3","type":"customers"}]}`), MaxPageSize)
	if failure != nil {
		t.Fatal(failure)
	}
	var readable []bool
	for _, one := range newVerdict((&Client{}).expectation(everything, nil)).judge(document, Claims{}) {
		readable = append(readable, one.err == nil)
	}
	if !slices.Equal(readable, []bool{true, false, false, false, true}) {
		t.Errorf("readable are %v", readable)
	}
}
