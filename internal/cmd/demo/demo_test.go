package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestChoose(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		environ  map[string]string
		emulated bool
		refused  bool
	}{
		"nothing": {emulated: true},
		"empty values": {
			environ:  map[string]string{tokenVariable: "", domainVariable: ""},
			emulated: true,
		},
		"a token":                   {environ: map[string]string{tokenVariable: "t"}},
		"a client":                  {environ: map[string]string{idVariable: "c", domainVariable: "acme"}},
		"a domain without a secret": {environ: map[string]string{domainVariable: "acme"}, refused: true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			org, err := choose(t.Context(), func(name string) (string, bool) {
				value, found := test.environ[name]
				return value, found
			})
			if (err != nil) != test.refused {
				t.Fatalf("got error %v, want one: %t", err, test.refused)
			}

			if test.refused {
				return
			}

			t.Cleanup(func() {
				if err := org.close(); err != nil {
					t.Error(err)
				}
			})

			if org.emulated() != test.emulated {
				t.Errorf("emulated: %t, want %t", org.emulated(), test.emulated)
			}

			if !test.emulated && len(org.requests()) > 0 {
				t.Error("somebody counted the requests to a real organization")
			}
		})
	}
}

func TestAdapt(t *testing.T) {
	t.Parallel()

	const text = `id = "xYZkjABcde"`

	if got := adapt(text, "", true); got != text {
		t.Errorf("the emulator's customer became %s", got)
	}

	if got := adapt(text, "aBcDeFgHiJ", false); got != `id = "aBcDeFgHiJ"` {
		t.Errorf("the customer asked for became %s", got)
	}

	if got := adapt(text, "", false); !strings.Contains(got, "id = one(data.commercelayer_customers.any") ||
		!strings.Contains(got, "limit = 1") {
		t.Errorf("an unknown organization's customer became %s", got)
	}
}

func TestDescribeRequestsHidesTheToken(t *testing.T) {
	t.Parallel()

	got := describeRequests("http://127.0.0.1:1", []emulator.Request{{
		Method:   http.MethodGet,
		Path:     "/api/customers",
		RawQuery: "include=tags",
		Status:   http.StatusOK,
		Header:   http.Header{"Authorization": {"Bearer s3cret"}, "Accept": {"application/vnd.api+json"}},
	}})
	want := "GET http://127.0.0.1:1/api/customers?include=tags -> 200\n" +
		"  Accept: application/vnd.api+json\n" +
		"  Authorization: Bearer (the token, not shown)\n"

	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDescribeCustomer(t *testing.T) {
	t.Parallel()

	got, err := describeCustomer(`{"format_version":"1.0","values":{"root_module":{"resources":[
		{"type":"commercelayer_customers","values":{"id":"other"}},
		{"type":"commercelayer_customer","values":{"status":"prospect","id":"xYZkjABcde","email":"john@example.com",
			"profile_id":null,"total_orders_count":12345678901234567890,"metadata":{"foo":"bar"},
			"relationships":{"tags":{},"orders":{}}}}]}}}`)
	if err != nil {
		t.Fatal(err)
	}

	want := "id                  xYZkjABcde\n" +
		"email               john@example.com\n" +
		"status              prospect\n" +
		"metadata            {\"foo\":\"bar\"}\n" +
		"relationships       orders tags\n" +
		"total_orders_count  12345678901234567890\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	for _, state := range []string{
		"", "{}", `{"format_version":"1.0"}`, `{"format_version":"1.0","values":{"root_module":{}}}`,
	} {
		if got, err := describeCustomer(state); err == nil {
			t.Errorf("%q described a customer: %s", state, got)
		}
	}
}
