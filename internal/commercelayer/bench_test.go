package commercelayer

import (
	"net/http"
	"sync"
	"testing"
	"time"

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
				if _, err := DecodeCustomer(body); err != nil {
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
				if p, err := decodePage(body); err != nil || len(p.items) != MaxPageSize {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkGovernorReserve(b *testing.B) {
	wide := Limits{Burst: 1 << 30, BurstInterval: time.Nanosecond, Average: 1 << 30, AverageInterval: time.Nanosecond}
	b.Run("uncontended", func(b *testing.B) {
		g := NewGovernor(wide)
		b.ReportAllocs()
		for b.Loop() {
			p, _, err := g.reserve(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			p.cancel()
		}
	})
	// As full as a minute gets in test mode, with room for one more.
	b.Run("100 entries", func(b *testing.B) {
		g := NewGovernor(wide)
		for range 100 {
			p, _, err := g.reserve(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			p.settle(http.StatusOK, nil)
		}
		// Their burst is over, so that all are looked at and none is in the way.
		g.limits = Limits{Burst: 100, BurstInterval: time.Nanosecond, Average: 101, AverageInterval: time.Hour}
		time.Sleep(windowSlack)
		b.ReportAllocs()
		for b.Loop() {
			p, _, err := g.reserve(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			p.cancel()
		}
	})
}

// 100 customers, read ten at a time as Terraform does, of an API that answers at
// once: what remains is the client's own time, and mostly its waiting for
// readers to come together.
func BenchmarkBatcher(b *testing.B) {
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
					if _, err := c.Customer(b.Context(), id); err != nil {
						b.Error(err)
					}
				}
			})
		}
		group.Wait()
	}
	b.ReportMetric(float64(len(w.requests())), "requests")
}
