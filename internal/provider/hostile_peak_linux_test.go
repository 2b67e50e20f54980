package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// hostileAnswers are answers that are used several times: customers that share one
// included resource of the given size. The tests of the package jsonapi have answers
// that are large once.
var hostileAnswers = map[string]struct {
	config string
	size   int
}{
	"a_result_of_250_MiB": {listOf25, 10 << 20},
	"a_result_that_ends":  {listOf25, 30 << 20},
	"10_readers_of_30_MiB": {`data "commercelayer_customer" "test" {
  count   = 10
  id      = "c${count.index}"
  include = ["tags"]
}
`, 30 << 20},
}

const listOf25 = `data "commercelayer_customers" "test" {
  ids     = [for i in range(25) : "c${i}"]
  include = ["tags"]
}
`

// sharing answers with the customers that a request names.
func sharing(w http.ResponseWriter, r *http.Request, size int) {
	ids, alone := strings.CutPrefix(r.URL.Path, "/api/customers/")
	if !alone {
		ids = r.URL.Query().Get("filter[q][id_in]")
	}
	var customers []string
	for id := range strings.SplitSeq(ids, ",") {
		customers = append(customers, fmt.Sprintf(
			`{"type":"customers","id":%q,"relationships":{"tags":{"data":[{"type":"tags","id":"1"}]}}}`, id))
	}
	data := strings.Join(customers, ",")
	if !alone {
		data = "[" + data + "]"
	}
	w.Header().Set("Content-Type", "application/vnd.api+json")
	_, _ = fmt.Fprintf(w, `{"data":%s,"meta":{"record_count":%d},"included":[{"type":"tags","id":"1","attributes":{"a":"%s"}}]}`,
		data, len(customers), strings.Repeat("a", size))
}

// BenchmarkHostileAnswers reports the provider's peak of resident memory, and how
// long a plan goes on after an interrupt.
func BenchmarkHostileAnswers(b *testing.B) {
	b.Setenv("TF_ACC", "1") // it runs a real CLI
	for name, answer := range hostileAnswers {
		b.Run(name, func(b *testing.B) {
			answered := make(chan struct{}, 1000)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sharing(w, r, answer.size)
				answered <- struct{}{}
			}))
			defer server.Close()
			c := newProcessCLI(b, providerBlock("max_retries = 0")+answer.config,
				"COMMERCELAYER_DOMAIN="+server.URL, "COMMERCELAYER_TOKEN=token-of-nobody")
			c.debug()
			for b.Loop() {
				c.plan()
			}
			b.ReportMetric(float64(c.peak()), "peak-MiB")
			for len(answered) > 0 {
				<-answered
			}
			command, wait := c.startUntilAsked(answered, "plan", "-lock=false")
			sent := time.Now()
			_ = command.Process.Signal(os.Interrupt) // the CLI may have ended
			wait()
			b.ReportMetric(time.Since(sent).Seconds(), "s-to-interrupt")
		})
	}
}

// peak returns the peak of resident memory of the provider that the CLI attaches to,
// in MiB.
func (c *cli) peak() (mib int) {
	c.t.Helper()
	var providers map[string]struct{ Pid int }
	for _, variable := range c.driver.Environ() {
		if running, found := strings.CutPrefix(variable, "TF_REATTACH_PROVIDERS="); found {
			_ = json.Unmarshal([]byte(running), &providers)
		}
	}
	for _, provider := range providers {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", provider.Pid))
		noError(c.t, err)
		_, peak, _ := strings.Cut(string(status), "VmHWM:")
		_, _ = fmt.Sscan(peak, &mib)
	}
	return mib >> 10
}
