package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
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
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}, nil
		})))
	if err != nil {
		tb.Fatal(err)
	}
	return client.Customer(tb.Context(), document.Data.ID, commercelayer.Selection{})
}

// FuzzCustomerIsEncodedAsTheFrameworkDoes encodes each document that the client
// accepts as a customer.
func FuzzCustomerIsEncodedAsTheFrameworkDoes(f *testing.F) {
	f.Add(emulator.SeedDocument())
	for _, attributes := range []string{
		`{}`,
		`{"metadata":{"n":9007199254740993,"b":true,"z":null,"a":[1,{"x":"y"}],"s":"é\u0000 "}}`,
		`{"metadata":{},"has_password":true,"total_orders_count":-3,"jwt_custom_claim":{"a":1e400}}`,
		`{"anonymization_info":{"status":"requested","requester":{"email":"j@example.com"}},"created_at":"2018-01-01T12:00:00.000Z"}`,
	} {
		f.Add([]byte(`{"data":{"id":"a","type":"customers","attributes":` + attributes + `,"relationships":{"tags":{"links":{"self":"s"},"data":[{"type":"tags","id":"t"}]},"x":{"data":null},"y":{}}},` +
			`"included":[{"type":"tags","id":"t","attributes":{"name":"n"}}]}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		customer, err := readCustomer(t, body)
		if err != nil {
			t.Skip()
		}
		isEncodedAsTheFrameworkDoes(t, newCustomerModel(customer), customerObjectType)
	})
}

// clientOf returns the data that Configure passes on, for tests that use the
// client itself.
func clientOf(t *testing.T, a *api) *providerData {
	t.Helper()
	domain, err := url.Parse(a.url)
	if err != nil {
		t.Fatal(err)
	}
	client, err := commercelayer.New(commercelayer.WithToken(emulator.DefaultToken), commercelayer.WithDomain(domain))
	if err != nil {
		t.Fatal(err)
	}
	return &providerData{client: client}
}

func TestRelatedResourceIsEncodedAsTheFrameworkDoes(t *testing.T) {
	t.Parallel()
	client := clientOf(t, startAPI(t)).client
	kind := objectType(attributeTypes(customerRelatedAttributes())["resources"])
	list := client.Related(commercelayer.RelatedQuery{
		CustomerID: emulator.FullCustomerID, Relationship: "orders", Include: []string{"tags"},
	})
	for resources, err := range list.Pages(t.Context()) {
		if err != nil || len(resources) == 0 {
			t.Fatalf("%d resources, %v", len(resources), err)
		}
		for _, resource := range resources {
			isEncodedAsTheFrameworkDoes(t, newRelatedResourceModel(resource), kind)
		}
	}
}

// isEncodedAsTheFrameworkDoes compares the encoding of [bulkList] with that of
// the framework.
func isEncodedAsTheFrameworkDoes(t *testing.T, model any, kind types.ObjectType) {
	t.Helper()
	ctx := t.Context()
	object, diags := types.ObjectValueFrom(ctx, kind.AttrTypes, model)
	if diags.HasError() {
		t.Fatal(diags)
	}
	want, err := object.ToTerraformValue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	list := bulkListFrom(context.WithValue(ctx, bulkKey{}, &bulkList{bound: maxMessage}), "customers")
	if err := list.add(ctx, model); err != nil {
		t.Fatal(err)
	}
	var encoded bytes.Buffer
	list.elements.moveTo(&encoded)
	got, err := (&tfprotov6.DynamicValue{MsgPack: encoded.Bytes()}).Unmarshal(kind.TerraformType(ctx))
	if err != nil {
		t.Fatal(err)
	}
	if !got.Equal(want) {
		diff, _ := got.Diff(want)
		t.Errorf("the encodings differ: %v", diff)
	}
}

func TestSplicingNeedsTheListThatWasLeftOut(t *testing.T) {
	t.Parallel()
	list := &bulkList{attribute: "customers", count: 1}
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
	state, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, "x")}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := list.splice(state.MsgPack); err == nil {
		t.Error("a state without the list was accepted")
	}
	if _, err := list.splice([]byte{0xc0}); err == nil {
		t.Error("a null state was accepted")
	}
}
