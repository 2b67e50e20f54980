package commercelayer

import (
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func BenchmarkDecodeCustomer(b *testing.B) {
	for name, body := range map[string][]byte{
		"seed":     emulator.SeedDocument(),
		"full":     fullDocument(b, ""),
		"included": fullDocument(b, "?include=customer_group,tags"),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decodeCustomer(body, everything); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

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

// The benchmark reads 100 customers, ten at a time as Terraform does. The API
// answers at once. So it measures the client's own time, most of which is
// waiting for readers that share a request.
func BenchmarkHundredReaders(b *testing.B) {
	const reads, wave = 100, 10
	e := emulator.New()
	ids := addCustomers(e, reads)
	w := &wire{handler: e}
	c := newClient(b, w)
	b.ReportAllocs()
	for b.Loop() {
		w.reset()
		jobs := make(chan string, reads)
		for _, id := range ids {
			jobs <- id
		}
		close(jobs)
		var group sync.WaitGroup
		for range wave {
			group.Go(func() {
				for id := range jobs {
					if _, err := c.Customer(b.Context(), id, Selection{}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		group.Wait()
	}
	b.ReportMetric(float64(len(w.requests())), "requests")
}
