package provider

import (
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// impatient is a setting with which the provider soon reports a lasting fault.
const impatient = "max_retries = 1"

// jsonAPI is an answer with the status 200 and a document.
func jsonAPI(body string) emulator.Answer {
	return emulator.Body(http.StatusOK, "application/vnd.api+json", body)
}

// customerWith is an answer with the documented customer's ID and the given
// attributes.
func customerWith(attributes string) emulator.Answer {
	return jsonAPI(string(customerDocument("xYZkjABcde", attributes, "")))
}

// TestAccFaultMatrix has a row for each kind of fault. The tests of the client
// have all of them. The read must fail with an error that says what happened. It
// must not send requests that can't help, and must not use the answer.
func TestAccFaultMatrix(t *testing.T) {
	t.Parallel()
	const once, twice = 1, 2
	for _, tt := range []struct {
		name     string
		answer   func(*api) emulator.Answer
		summary  string
		words    []string
		requests int
	}{
		{"501", status(501), "Server error of the API", []string{"501 Not Implemented", "Attempts:   1"}, once},
		{"503", status(503), "Server error of the API", []string{"503 Service Unavailable", "Attempts:   2", "`max_retries`"}, twice},
		{"404, compressed by a gateway", answer(compressed(404)), "Customer not found", []string{"404 Not Found"}, once},
		{"401, compressed by a gateway", answer(compressed(401)), "Access token not accepted", []string{"does not say why", "gateway"}, once},
		{"401 of a gateway", answer(emulator.Body(401, "application/json", `{"message":"No API key found in request"}`)), "Blocked on the way to the API", []string{"The access token may still be valid"}, once},
		{"421", status(421), "Answer of another server", []string{"421 Misdirected Request", "Attempts:   2"}, twice},
		{"two lengths", answer(raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")), "Connection failed", []string{"two Content-Length headers"}, twice},
		{"406", status(406), "Request refused", []string{"406 Not Acceptable"}, once},
		{"connection cut in the body", func(*api) emulator.Answer { return emulator.CutBody(100) }, "Connection failed", []string{"unexpected EOF"}, twice},
		{"stalled body", func(a *api) emulator.Answer { return a.Stall() }, "Timeout", []string{"no complete answer within the request timeout"}, twice},

		{"body truncated", answer(emulator.Truncated()), "Malformed answer", []string{"cut off"}, once},
		{"gzip bomb", answer(emulator.GzipBomb(commercelayer.MaxAnswerBytes + 1)), "Answer too large", []string{"32 MiB"}, once},
		{"page instead of a document", answer(emulator.HTML(200)), "Answer without JSON", []string{"HTML page", "captive portal"}, once},
		{"plain text", answer(emulator.Body(200, "text/plain", "OK")), "Answer of another media type", []string{"text/plain"}, once},
		{"wrong ID", answer(emulator.WrongID()), "Answer for another resource", []string{`"wRoNgIdAbC"`}, once},
		{"number for a string", answer(customerWith(`{"email":7}`)), "Malformed answer", []string{"email must not be a JSON number"}, once},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.Inject(emulator.Fault{Answer: tt.answer(api)})
			settings := []string{impatient}
			if tt.summary == "Timeout" {
				// A slow machine may need more than a second to send the request.
				settings = append(settings, `request_timeout = "3s"`)
			} else {
				// A slow machine may need long to read a large answer.
				settings = append(settings, `request_timeout = "5m"`)
			}
			result := newCLI(t, api.config(john, settings...)).apply()
			result.wantError(tt.summary, append(tt.words, "GET /api/customers/xYZkjABcde")...)
			if len(result.outputs) > 0 {
				t.Errorf("outputs: %v", result.outputs)
			}
			api.wantCustomerRequests(t, tt.requests, tt.requests)
		})
	}
}

func answer(a emulator.Answer) func(*api) emulator.Answer {
	return func(*api) emulator.Answer { return a }
}

// compressed is an answer whose body can't be read.
func compressed(code int) emulator.Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "compressed")
	}
}

// raw sends bytes and closes the connection.
func raw(answer string) emulator.Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, answer)
	}
}

func status(code int) func(*api) emulator.Answer { return answer(emulator.Status(code)) }

func TestAccFaultsThatPassCostNothing(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(58))
	api.Inject(emulator.Fault{PathPrefix: "/oauth/", Times: 1, Answer: emulator.Status(502)})
	api.Inject(emulator.Fault{Name: "503", Every: 5, Answer: emulator.Status(503)})
	api.Inject(emulator.Fault{Name: "cut", Every: 10, Answer: emulator.Cut()})
	config := customersByID(api.CustomerIDs()) + customersWith()
	result := newCLI(t, api.configWith(config, withClient(emulator.DefaultClientID, emulator.DefaultClientSecret)...)).apply()
	result.wantOutput("arrived", "60")
	result.wantOutput("total", "60")
	if api.CountFault("503") == 0 {
		t.Error("nothing failed")
	}
}

func TestAccTokenSwappedForALiveOneIsNotUsed(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	var once sync.Once
	api.OnRequest(func(r *http.Request) {
		if r.Method == http.MethodGet {
			once.Do(func() {
				api.RevokeAllTokens()
				api.AddApplication(emulator.Application{ClientID: emulator.DefaultClientID, ClientSecret: emulator.DefaultClientSecret, CanReadCustomers: true, Live: true})
			})
		}
	})
	newCLI(t, api.configWith(john, append(withClient(emulator.DefaultClientID, emulator.DefaultClientSecret), `mode = "test"`)...)).
		plan().wantError("Wrong mode", "the access token is of the mode live")
	api.wantRequests(t, "POST /oauth/token", "GET /api/customers/xYZkjABcde", "POST /oauth/token")
}

func TestAccTokenEndpointFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		answer   emulator.Answer
		summary  string
		words    []string
		requests int
	}{
		{"500", emulator.Status(500), "Server error of the token endpoint", []string{"500 Internal Server Error"}, 2},
		{"404", emulator.Status(404), "Token endpoint broken", []string{"404 Not Found", "`domain` of the provider, from which the token endpoint is derived"}, 1},
		{"page", emulator.HTML(200), "Token endpoint broken", []string{"HTML page"}, 1},
		{"redirect", emulator.Redirect(307, "https://login.example.net/"), "Redirect refused", []string{"https://login.example.net", "`domain` of the provider, from which"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.Inject(emulator.Fault{PathPrefix: "/oauth/", Answer: tt.answer})
			settings := append(withClient(emulator.DefaultClientID, emulator.DefaultClientSecret), impatient)
			newCLI(t, api.configWith(john, settings...)).plan().wantError(tt.summary, append(tt.words, "POST /oauth/token")...)
			if n := api.Count(http.MethodPost, "/oauth/token"); n != tt.requests {
				t.Errorf("%d requests for a token, want %d", n, tt.requests)
			}
			api.wantCustomerRequests(t, 0, 0)
		})
	}
}

func TestAccTwoPlansAtOnceShareTheLimit(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(100), emulator.WithLimits(), emulator.WithLatency(apiLatency))
	var plans [2]func() *result
	for i := range plans {
		_, plans[i] = newProcessCLI(t, api.config(customersByID(api.CustomerIDs()))).start("apply", "-json", "-auto-approve")
	}
	for _, wait := range plans {
		wait().wantOutput("arrived", "102")
	}
	if n := api.CountStatus(http.StatusTooManyRequests); n > 10 {
		t.Errorf("%d requests were refused by the rate limit", n)
	}
}
