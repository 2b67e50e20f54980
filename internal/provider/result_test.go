package provider

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
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
	noError(tb, err)
	return client.Customer(tb.Context(), document.Data.ID, commercelayer.Selection{})
}

// TestTheFrameworksOwnServerHandsOnTheSame serves the provider as other providers
// are served.
func TestTheFrameworksOwnServerHandsOnTheSame(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	own := connect(t, api)
	frameworks := protocolOf(t, providerserver.NewProtocol6(New("test")())()).connect(t, api)
	for name, arguments := range map[string]args{
		oneCustomer:      {"id": emulator.SeedCustomerID, "include": []string{"orders"}},
		manyCustomers:    {attrFilter: args{"status_eq": "prospect"}},
		relatedResources: {"customer_id": emulator.SeedCustomerID, "relationship": "orders"},
	} {
		for kind, read := range own.readers(name) {
			want, got := read(t, name, arguments).ok(t), frameworks.readers(name)[kind](t, name, arguments).ok(t)
			if !got.Equal(want) || member(t, got, "id").IsNull() {
				t.Errorf("the %s %s is %s instead of %s", kind, name, got, want)
			}
		}
	}
	got := frameworks.read(t, oneCustomer, args{"id": "nobody"})
	if len(got.diagnostics) != 1 || got.diagnostics[0].Summary != "Customer not found" {
		t.Errorf("the diagnostics are %v", got.diagnostics)
	}
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
	all, isObject := newProtocol(f).schema.DataSourceSchemas[manyCustomers].ValueType().(tftypes.Object)
	if !isObject {
		f.Fatal("the schema is no object")
	}
	customers, isList := all.AttributeTypes["customers"].(tftypes.List)
	if !isList {
		f.Fatal("the customers are no list")
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		customer, err := readCustomer(t, body)
		if err != nil {
			t.Skip()
		}
		list := &bulkList{bound: maxMessage}
		noError(t, list.add(customerValues(customer), 0))
		decoded, err := (&tfprotov6.DynamicValue{MsgPack: list.elements[0]}).Unmarshal(customers.ElementType)
		noError(t, err)
		metadata, text := member(t, decoded, "metadata"), member(t, decoded, "metadata_json")
		if none := customer.Metadata == nil; metadata.IsNull() != none || text.IsNull() != none ||
			!none && !text.Equal(tftypes.NewValue(tftypes.String, string(customer.Metadata))) {
			t.Errorf("the metadata is %s and %s", metadata, text)
		}
	})
}
