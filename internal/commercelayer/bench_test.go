package commercelayer

import (
	"slices"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func BenchmarkDecodePage25(b *testing.B) {
	e := emulator.New(emulator.WithCustomers(25))
	for name, query := range map[string]string{"plain": "", "included": "&include=customer_group,tags"} {
		body := fetch(b, e, customersPath+"?sort=id&page[size]=25"+query)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if p, err := decodePage(body); err != nil || len(p) != MaxPageSize {
					b.Fatal(err)
				}
			}
		})
	}
}

// The benchmark reads 100 customers in waves of ten, as Terraform does. The API
// answers at once. So it measures the client's own time, most of which is
// waiting for readers that share a request.
func BenchmarkHundredReaders(b *testing.B) {
	e, w, c := emulated(b, 0)
	ids := addCustomers(e, 100)
	b.ReportAllocs()
	for b.Loop() {
		w.reset()
		for wave := range slices.Chunk(ids, 10) {
			for _, r := range readAll(b.Context(), c, wave) {
				if r.err != nil {
					b.Fatal(r.err)
				}
			}
		}
	}
	b.ReportMetric(float64(len(w.requests())), "requests")
}
