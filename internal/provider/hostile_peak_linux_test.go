package provider

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// A hostileAnswer is an answer that needs as much memory and time as possible.
// It is a little smaller than the largest answer that the client reads.
type hostileAnswer struct {
	config string
	body   func(*http.Request) []byte
	// want is a text that the CLI must print.
	want string
}

// filled repeats an element until the answer is full. Each element has its
// number in place of %d.
func filled(before, element, after string) func(*http.Request) []byte {
	var b bytes.Buffer
	b.WriteString(before)
	for i := 0; b.Len() < commercelayer.MaxAnswerBytes-1000; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.Replace(element, "%d", strconv.Itoa(i), 1))
	}
	b.WriteString(after)
	return func(*http.Request) []byte { return b.Bytes() }
}

// sharing returns an answer with customers that share one included resource of
// the given size. They are the customers that the request names, or the given
// number of customers if it names none.
func sharing(customers, size int) func(*http.Request) []byte {
	return func(r *http.Request) []byte {
		ids := strings.Split(r.URL.Query().Get("filter[q][id_in]"), ",")
		single, alone := strings.CutPrefix(r.URL.Path, "/api/customers/")
		if alone {
			ids = []string{single}
		} else if ids[0] == "" {
			ids = nil
			for i := range customers {
				ids = append(ids, "c"+strconv.Itoa(i))
			}
		}
		items := make([]string, len(ids))
		for i, id := range ids {
			items[i] = `{"type":"customers","id":"` + id + `","relationships":{"tags":{"data":[{"type":"tags","id":"1"}]}}}`
		}
		data := "[" + strings.Join(items, ",") + "]"
		if alone {
			data = items[0]
		}
		return fmt.Appendf(nil, `{"data":%s,"meta":{"record_count":%d},`+
			`"included":[{"type":"tags","id":"1","attributes":{"a":"%s"}}]}`,
			data, len(ids), strings.Repeat("a", size))
	}
}

// hostileAnswers are the worst of those in the package jsonapi, and answers that are
// used several times.
func hostileAnswers() map[string]hostileAnswer {
	const (
		single   = `data "commercelayer_customer" "test" { id = "one" }`
		included = `data "commercelayer_customers" "test" { include = ["tags"] }`
		several  = `data "commercelayer_customer" "test" {
  count   = 10
  id      = "c${count.index}"
  include = ["tags"]
}`
		tooMany = "the answer holds more than"
	)
	return map[string]hostileAnswer{
		"linkages": {
			single,
			filled(`{"data":{"type":"customers","id":"one","relationships":{"r":{"data":[`, `{"type":"t","id":"%d"}`, `]}}}}`),
			tooMany,
		},
		"one long text": {single, func(*http.Request) []byte {
			return []byte(`{"data":{"type":"customers","id":"one","attributes":{"email":"` + strings.Repeat("a",
				31<<20) + `"}}}`)
		}, ""},
		"25 share 30 MiB":         {included, sharing(25, 30<<20), ""},
		"25 share 10 MiB":         {included, sharing(25, 10<<20), ""},
		"10 readers share 30 MiB": {several, sharing(0, 30<<20), ""},
	}
}

// BenchmarkHostileAnswers reports the provider's peak of resident memory, and
// how long the provider takes to end after an interrupt.
func BenchmarkHostileAnswers(b *testing.B) {
	b.Setenv("TF_ACC", "1") // it runs a real CLI
	answers := hostileAnswers()
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			var peak int
			var interrupted time.Duration
			for b.Loop() {
				result, p, _ := planAgainst(b, answers[name], false)
				peak = max(peak, p)
				shown := strings.Join(strings.Fields(strings.ReplaceAll(result.stdout+result.stderr, "│", "")), " ")
				if !strings.Contains(shown, answers[name].want) {
					b.Errorf("the CLI says %.3000s", shown)
				}
				b.StopTimer()
				_, _, took := planAgainst(b, answers[name], true)
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
func planAgainst(b *testing.B, answer hostileAnswer, interrupt bool) (r *result, peak int, took time.Duration) {
	b.Helper()
	answered := make(chan struct{}, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := answer.body(r)
		w.Header().Set("Content-Type", "application/vnd.api+json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
		answered <- struct{}{}
	}))
	defer server.Close()
	c := newProcessCLI(b, providerBlock("max_retries = 0")+answer.config+"\n",
		"COMMERCELAYER_DOMAIN="+server.URL, "COMMERCELAYER_TOKEN=token-of-nobody")
	stop, watched := make(chan struct{}), make(chan int)
	go func() { watched <- watchPeak(builtIn, stop) }()
	command, wait := c.startUntilAsked(answered, "plan", "-no-color", "-lock=false")
	sent := time.Now()
	if interrupt {
		_ = command.Process.Signal(os.Interrupt) // the CLI may have ended
	}
	r = wait()
	took = time.Since(sent)
	close(stop)
	return r, <-watched, took
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
