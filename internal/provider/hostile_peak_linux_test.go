package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// A hostileAnswer is an answer that needs as much memory and time as possible.
// It is a little smaller than the largest answer that the client reads.
type hostileAnswer struct {
	// config is what is read; one customer by default.
	config string
	body   func(*http.Request) []byte
	// want is a text that the CLI must print.
	want string
}

// filled repeats an element until the answer is full. Each element has its
// number in place of %d.
func filled(before, element, after string) func(*http.Request) []byte {
	body := sync.OnceValue(func() []byte {
		var b bytes.Buffer
		b.WriteString(before)
		for i := 0; b.Len() < commercelayer.MaxAnswerBytes-1000; i++ {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strings.Replace(element, "%d", strconv.Itoa(i), 1))
		}
		b.WriteString(after)
		return b.Bytes()
	})
	return func(*http.Request) []byte { return body() }
}

// sharing returns an answer with customers that share one included resource of
// the given size. They are the customers that the request names, or the given
// number of customers if it names none.
func sharing(customers, size int) func(*http.Request) []byte {
	return func(r *http.Request) []byte {
		var ids []string
		single, _ := strings.CutPrefix(r.URL.Path, "/api/customers/")
		switch asked := r.URL.Query().Get("filter[q][id_in]"); {
		case single != r.URL.Path:
			ids = []string{single}
		case asked != "":
			ids = strings.Split(asked, ",")
		default:
			for i := range customers {
				ids = append(ids, "c"+strconv.Itoa(i))
			}
		}
		var b bytes.Buffer
		for i, id := range ids {
			b.WriteString(either(i > 0, ",", "[") + `{"type":"customers","id":"` + id +
				`","relationships":{"tags":{"data":[{"type":"tags","id":"1"}]}}}`)
		}
		data := b.String() + "]"
		if single != r.URL.Path {
			data = data[1 : len(data)-1]
		}
		return []byte(`{"data":` + data +
			fmt.Sprintf(`,"meta":{"record_count":%d},"included":[{"type":"tags","id":"1","attributes":{"a":"`, len(ids)) +
			strings.Repeat("a", size) + `"}}]}`)
	}
}

func hostileAnswers() map[string]hostileAnswer {
	const (
		one          = `{"data":{"type":"customers","id":"one",`
		relationship = one + `"relationships":{"r":{"data":[`
		included     = `data "commercelayer_customers" "test" { include = ["tags"] }`
		tooMany      = "the answer holds more than"
	)
	return map[string]hostileAnswer{
		"zeros in data":  {"", filled(`{"data":[`, `0`, `]}`), tooMany},
		"relationships":  {"", filled(one+`"relationships":{`, `"r%d":{}`, `}}}`), tooMany},
		"linkages":       {"", filled(relationship, `{"type":"t","id":"%d"}`, `]}}}}`), tooMany},
		"empty included": {"", filled(`{"data":[],"included":[`, `{}`, `]}`), tooMany},
		"empty errors":   {"", filled(`{"errors":[`, `{}`, `]}`), ""},
		"metadata keys":  {"", filled(one+`"attributes":{"metadata":{`, `"k%d":0`, `}}}}`), tooMany},
		"a deep value": {"", func(*http.Request) []byte {
			return []byte(`{"data":` + strings.Repeat("[", commercelayer.MaxAnswerBytes-100))
		}, ""},
		"one long text": {"", func(*http.Request) []byte {
			return []byte(one + `"attributes":{"email":"` + strings.Repeat("a", 31<<20) + `"}}}`)
		}, ""},
		"25 share 30 MiB":    {included, sharing(25, 30<<20), ""},
		"25 share 10 MiB":    {included, sharing(25, 10<<20), ""},
		"1,000 share 20 MiB": {included, sharing(1000, 20<<20), tooMany},
		"10 readers share 30 MiB": {
			`data "commercelayer_customer" "test" {
  count   = 10
  id      = "c${count.index}"
  include = ["tags"]
}`, sharing(0, 30<<20), "",
		},
	}
}

// BenchmarkHostileAnswers reports the provider's peak of resident memory, and
// how long the provider takes to end after an interrupt.
func BenchmarkHostileAnswers(b *testing.B) {
	dir := b.TempDir()
	if _, err := clidriver.Build(b.Context(), "../..", dir, binaryVersion); err != nil {
		b.Fatal(err)
	}
	answers := hostileAnswers()
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		tt := answers[name]
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			var peak int
			var interrupted time.Duration
			for b.Loop() {
				result, p, _ := planAgainst(b, dir, tt, false)
				peak = max(peak, p)
				shown := strings.ReplaceAll(result.Stdout+result.Stderr, "│", "")
				if !strings.Contains(strings.Join(strings.Fields(shown), " "), tt.want) {
					b.Errorf("the CLI says %.3000s", result.Stdout+result.Stderr)
				}
				if testing.Verbose() {
					b.Logf("%.1500s", result.Stderr)
				}
				b.StopTimer()
				_, _, took := planAgainst(b, dir, tt, true)
				interrupted = max(interrupted, took)
				b.StartTimer()
			}
			b.ReportMetric(float64(peak), "peak-MiB")
			b.ReportMetric(interrupted.Seconds(), "s-to-interrupt")
		})
	}
}

// planAgainst plans with a server that gives the answer. It returns the
// provider's peak of memory in MiB. If interrupt is set, it interrupts the CLI
// after the answer was sent, and returns how long the CLI then took to end.
func planAgainst(b *testing.B, dir string, tt hostileAnswer, interrupt bool) (result *clidriver.Result, peak int,
	took time.Duration) {
	b.Helper()
	answered := make(chan struct{}, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := tt.body(r)
		w.Header().Set("Content-Type", "application/vnd.api+json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
		answered <- struct{}{}
	}))
	defer server.Close()
	driver, err := clidriver.New(cliPath())
	if err != nil {
		b.Fatal(err)
	}
	defer driver.Close()
	config := tt.config
	if config == "" {
		config = `data "commercelayer_customer" "test" { id = "one" }`
	}
	if err := errors.Join(driver.Override(dir, source), driver.Write("main.tf",
		providerBlock("max_retries = 0")+config+"\n")); err != nil {
		b.Fatal(err)
	}
	driver.Setenv("COMMERCELAYER_DOMAIN", server.URL)
	driver.Setenv("COMMERCELAYER_TOKEN", "token-of-nobody")
	ctx, cancel := context.WithTimeout(b.Context(), 3*time.Minute)
	defer cancel()
	tt.body(httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/customers/one",
		http.NoBody)) // takes its time once
	var watching sync.WaitGroup
	stop := make(chan struct{})
	watching.Go(func() { peak = watchPeak(dir, stop) })
	process, err := driver.Start(ctx, "plan", "-no-color", "-lock=false")
	if err != nil {
		b.Fatal(err)
	}
	var at time.Time
	if interrupt {
		select {
		case <-answered:
		case <-ctx.Done():
			b.Fatal("the server was not asked")
		}
		at = time.Now()
		if err := process.Command.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			b.Fatal(err)
		}
	}
	result, err = process.Wait()
	if err != nil {
		b.Fatal(err)
	}
	if interrupt {
		took = time.Since(at)
	}
	close(stop)
	watching.Wait()
	return result, peak, took
}

// watchPeak returns the greatest peak of resident memory of all processes whose
// binary is in the directory, in MiB.
func watchPeak(dir string, stop <-chan struct{}) (peak int) {
	ticker := time.NewTicker(3 * time.Millisecond)
	defer ticker.Stop()
	for {
		links, _ := filepath.Glob("/proc/[0-9]*/exe")
		for _, link := range links {
			if binary, err := os.Readlink(link); err != nil || !strings.HasPrefix(binary, dir) {
				continue
			}
			status, _ := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
			for line := range strings.Lines(string(status)) {
				if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
					kib, _ := strconv.Atoi(fields[1])
					peak = max(peak, kib>>10)
				}
			}
		}
		select {
		case <-ticker.C:
		case <-stop:
			return peak
		}
	}
}
