package provider

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// recorded is a transport that repeats the emulator's first answer to each
// request, so that a benchmark measures only the provider.
type recorded struct {
	api     http.Handler
	answers map[string]*httptest.ResponseRecorder
	bytes   int
}

// RoundTrip implements [http.RoundTripper].
func (r *recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	w, known := r.answers[req.URL.RawQuery]
	if !known {
		w = httptest.NewRecorder()
		r.api.ServeHTTP(w, req)
		r.answers[req.URL.RawQuery] = w
	}
	body := w.Body.Bytes()
	r.bytes += len(body)
	return &http.Response{
		StatusCode: w.Code, Header: w.Header().Clone(),
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// BenchmarkTenThousandCustomers reads ten thousand customers, with all fields
// and with three fields. Besides time and memory, it reports the number of
// bytes from the API and to the CLI.
func BenchmarkTenThousandCustomers(b *testing.B) {
	const customers = 10_000
	for name, fields := range map[string][]string{"all": nil, "three": {"status", "reference", "total_orders_count"}} {
		b.Run(name, func(b *testing.B) {
			api := emulator.New(emulator.WithCustomers(customers))
			defer api.Close()
			transport := &recorded{api: api, answers: map[string]*httptest.ResponseRecorder{}}
			read := func() (encoded int) {
				// Each run has a new client, because the rate limit would slow
				// the next run.
				client, err := commercelayer.New(commercelayer.WithToken(emulator.DefaultToken),
					commercelayer.WithDomain(&url.URL{Scheme: "https", Host: "yourdomain.commercelayer.io"}),
					commercelayer.WithTransport(transport))
				if err != nil {
					b.Fatal(err)
				}
				r := &reading{result: &readResult{list: bulkList{bound: math.MaxInt}}, diags: &diag.Diagnostics{}}
				query := commercelayer.Query{Limit: customers, Selection: commercelayer.Selection{Fields: fields}}
				_, ok := r.takeCustomers(b.Context(), client.Customers(query), operation{})
				if list := &r.result.list; !ok || len(list.elements) != customers {
					b.Fatal(len(list.elements), r.diags)
				}
				return r.result.list.size
			}
			read() // records the answers
			transport.bytes = 0
			b.ReportAllocs()
			var encoded, runs int
			for b.Loop() {
				encoded = read()
				runs++
			}
			b.ReportMetric(float64(transport.bytes/runs), "received-B")
			b.ReportMetric(float64(encoded), "sent-B")
		})
	}
}
