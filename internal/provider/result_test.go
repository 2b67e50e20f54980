package provider

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// readCustomer reads a document with the client.
func readCustomer(tb testing.TB, body []byte) (*commercelayer.Customer, error) {
	tb.Helper()
	var document struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	_ = json.Unmarshal(body, &document)
	client, err := commercelayer.New(
		commercelayer.WithToken("token"), commercelayer.WithDomain(&url.URL{Scheme: "https", Host: "acme.commercelayer.io"}),
		commercelayer.WithTransport(roundTrip(func(*http.Request) (*http.Response, error) {
			answer := io.NopCloser(bytes.NewReader(body))
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: answer}, nil
		})))
	if err != nil {
		tb.Fatal(err)
	}
	return client.Customer(tb.Context(), document.Data.ID, commercelayer.Selection{})
}

// FuzzCustomerHasTheFormOfItsSchema encodes each document that the client accepts
// as a customer, and decodes it as the CLI does.
func FuzzCustomerHasTheFormOfItsSchema(f *testing.F) {
	f.Add(emulator.SeedDocument())
	f.Add(fullDocument(f))
	for _, attributes := range []string{
		`{}`,
		`{"metadata":{"n":9007199254740993,"b":true,"z":null,"a":[1,{"x":"y"}],"s":"é\u0000 "}}`,
		`{"metadata":{},"has_password":true,"total_orders_count":-3,"jwt_custom_claim":{"a":1e400}}`,
		`{"anonymization_info":{"status":"requested","requester":{"email":"j@example.com"}}}`,
	} {
		f.Add([]byte(`{"data":{"id":"a","type":"customers","attributes":` + attributes + `,"relationships":{` +
			`"tags":{"links":{"self":"s"},"data":[{"type":"tags","id":"t"}]},"x":{"data":null},"y":{}}},` +
			`"included":[{"type":"tags","id":"t","attributes":{"name":"n"}}]}`))
	}
	kind := elementType(f, "commercelayer_customers", "customers")
	f.Fuzz(func(t *testing.T, body []byte) {
		customer, err := readCustomer(t, body)
		if err != nil {
			t.Skip()
		}
		got := member(t, decodedElement(t, customerValues(customer), kind), "metadata_json")
		if customer.Metadata != nil && !got.Equal(str(string(customer.Metadata))) {
			t.Errorf("the metadata is %s", got)
		}
	})
}

func TestRelatedResourceHasTheFormOfItsSchema(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	domain, err := url.Parse(api.url)
	if err != nil {
		t.Fatal(err)
	}
	client, err := commercelayer.New(commercelayer.WithToken(emulator.DefaultToken), commercelayer.WithDomain(domain))
	if err != nil {
		t.Fatal(err)
	}
	kind := elementType(t, "commercelayer_customer_related", "resources")
	list := client.Related(commercelayer.RelatedQuery{
		CustomerID: emulator.FullCustomerID, Relationship: "orders", Include: []string{"tags"},
	})
	for resources, err := range list.Pages(t.Context()) {
		if err != nil || len(resources) == 0 {
			t.Fatalf("%d resources, %v", len(resources), err)
		}
		for _, resource := range resources {
			decodedElement(t, relatedResourceValues(resource), kind)
		}
	}
}

// elementType returns the type of the elements of a list in a schema.
func elementType(tb testing.TB, dataSource, attribute string) tftypes.Type {
	tb.Helper()
	schema := newProtocol(tb, NewServer("test")()).schema.DataSourceSchemas[dataSource]
	list, ok := objectTypes(tb, schema.ValueType())[attribute].(tftypes.List)
	if !ok {
		tb.Fatalf("%s of %s is no list", attribute, dataSource)
	}
	return list.ElementType
}

// decodedElement encodes an element of a list, and decodes it.
func decodedElement(t *testing.T, values map[string]any, kind tftypes.Type) tftypes.Value {
	t.Helper()
	list := &bulkList{bound: maxMessage}
	if err := list.add(values, 0); err != nil {
		t.Fatal(err)
	}
	decoded, err := (&tfprotov6.DynamicValue{MsgPack: list.elements[0]}).Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	if names := keysOf(t, decoded); len(names) != len(values) {
		t.Fatalf("%d values, and the schema has %v", len(values), names)
	}
	return decoded
}

func TestResultLeavesArgumentsAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"email": tftypes.String, "id": tftypes.String, "include": tftypes.List{ElementType: tftypes.String},
	}}
	values := func(id, email any) tftypes.Value {
		return tftypes.NewValue(kind, map[string]tftypes.Value{"id": str(id), "email": str(email), "include": strs("tags")})
	}
	arguments, err := tfprotov6.NewDynamicValue(kind, values(nil, "John@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	found := &readResult{attributes: map[string]any{"id": "xYZkjABcde", "email": "john@example.com"}}
	encoded, err := found.completed(arguments.MsgPack)
	if err != nil {
		t.Fatal(err)
	}
	got, err := (&tfprotov6.DynamicValue{MsgPack: encoded}).Unmarshal(kind)
	if want := values("xYZkjABcde", "John@example.com"); err != nil || !got.Equal(want) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
