package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact/redacttest"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The secrets and the personal data that these tests look for.
const (
	secretToken    = "sEcReT/+ToKeN=aBcDeFgHiJkLmNoPqRsTuVwXyZ"
	secretOfClient = "sEcReT/+ClIeNt=aBcDeFgHiJkLmNoPqRsTuVwXyZ"
	addressOfUser  = "private.person@example.org"
)

func find(t *testing.T, where, text string, values ...string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if redacttest.Tells(line, values...) {
			t.Errorf("the %s tells one of %q: %.500s", where, values, line)
			return
		}
	}
}

// TestAccNothingSecretOrPersonalIsLoggedOrShown looks into everything that a run
// leaves. The tests of the client have many more answers that quote secrets.
func TestAccNothingSecretOrPersonalIsLoggedOrShown(t *testing.T) {
	t.Parallel()
	byToken := []string{"COMMERCELAYER_TOKEN=" + secretToken}
	byClient := []string{"COMMERCELAYER_CLIENT_ID=i", "COMMERCELAYER_CLIENT_SECRET=" + secretOfClient}
	byAddress := customerByEmail(addressOfUser)
	// An answer that repeats the address and quotes a token.
	const gossip = `{"errors":[{"title":"` + addressOfUser + `","detail":"Bearer eyJhbGciOiJIUzUxMiJ9.` + addressOfUser +
		`","code":"` + addressOfUser + `","status":"400"}]}`
	const customer = `{"data":[{"id":"a","type":"customers","attributes":{"email":"` + addressOfUser + `","metadata":{"` +
		zoe + addressOfUser + `":1,"` + zoeApart + addressOfUser + `":2}}}]}`
	for name, tt := range map[string]struct {
		env    []string
		config string
		answer emulator.Answer
		fails  bool
	}{
		"success with client credentials": {env: byClient, config: customersWith(`emails = ["` + addressOfUser + `"]`)},
		"success of an ephemeral list": {
			env: byClient, config: ephemeralCustomers(`emails = ["`+addressOfUser+`"]`, `fields = ["email"]`),
		},
		"keys that Terraform makes one, and bytes after the end of the answer": {
			env: byToken, config: byAddress, answer: twice(customer),
		},
		"an error that quotes": {
			env: byToken, config: byAddress, answer: emulator.Body(400, "application/vnd.api+json", gossip), fails: true,
		},
		"an address as the customer's ID": {
			env: byToken, config: relatedWith(addressOfUser, "orders", `filter = { reference_eq = "`+addressOfUser+`" }`),
			fails: true,
		},
		"relationships that quote": {
			env: byToken, config: relatedWith(emulator.FullCustomerID, "friends"), answer: relationshipsThatQuote, fails: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.AddCustomer(emulator.Customer{Email: addressOfUser})
			api.IssueToken(emulator.TokenOptions{Opaque: secretToken})
			api.AddApplication(emulator.Application{ClientID: "i", ClientSecret: secretOfClient, CanReadCustomers: true})
			if tt.answer != nil {
				api.Inject(emulator.Fault{Answer: tt.answer})
			}
			c := newProcessCLI(t, providerBlock(impatient)+tt.config+"\n", append(tt.env, "COMMERCELAYER_DOMAIN="+api.url)...)
			if strings.Contains(tt.config, "ephemeral") {
				c.needsEphemeral()
			}
			c.setenv("TF_LOG=TRACE", "TF_LOG_PATH="+c.path("trace.log"))
			c.debug()
			result := c.plan("-out=saved")
			kept := map[string]string{}
			if !tt.fails {
				result.ok()
				kept = c.kept()
			} else if len(result.errors()) != 1 {
				t.Fatal(result.diagnostics)
			}
			secrets := []string{secretToken, secretOfClient}
			for _, r := range api.Requests() {
				if _, token, ok := strings.Cut(r.Header.Get("Authorization"), "Bearer "); ok {
					secrets = append(secrets, token)
				}
			}
			log := c.read("trace.log") + c.read(providerLog)
			if !strings.Contains(log, "endpoint attempt") && !strings.Contains(log, "Core API attempt") {
				t.Error("no request was logged")
			}
			find(t, "log", log, append(secrets, addressOfUser, "Unsolicited")...)
			for _, d := range result.diagnostics {
				find(t, "diagnostic", d.Summary+d.Detail, append(secrets, addressOfUser)...)
			}
			for where, content := range kept {
				find(t, where, content, secrets...)
			}
		})
	}
}

// twice sends an answer, and its body once more. Go's net/http writes such bytes to
// the standard logger, as an "Unsolicited response".
func twice(body string) emulator.Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		_, _ = fmt.Fprintf(conn,
			"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\nContent-Length: %d\r\n\r\n%[2]s%[2]s", len(body), body)
	}
}

// relationshipsThatQuote answers with a customer whose relationships have a
// secret and an address as their names. A request for the relationship friends
// gets the status 404.
func relationshipsThatQuote(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/friends") {
		emulator.Status(http.StatusNotFound)(w, r)
		return
	}
	jsonAPI(`{"data":{"id":"`+emulator.FullCustomerID+`","type":"customers","relationships":{"`+
		addressOfUser+`":{},"`+secretToken+`":{}}}}`)(w, r)
}

const secretAsJWT = "eyJhbGciOiJIUzUxMiJ9.eyJvcmdhbml6YXRpb24iOnt9fQ.c2lnbmF0dXJl"

// TestAccLogTellsOfEachAttempt reads the log of the CLI at two levels.
func TestAccLogTellsOfEachAttempt(t *testing.T) {
	t.Parallel()
	for level, told := range map[string]bool{"DEBUG": true, "WARN": false} {
		api := startAPI(t)
		api.Inject(emulator.Fault{Times: 1, Answer: emulator.Status(503)})
		c := newProcessCLI(t, api.config(john, impatient))
		c.setenv("TF_LOG="+level, "TF_LOG_PATH="+c.path("provider.log"))
		c.plan().ok()
		log := c.read("provider.log")
		if !strings.Contains(log, "status=503") || strings.Contains(log, "status=200") != told {
			t.Errorf("%s: want the failure, and the success: %t\n%s", level, told, log)
		}
	}
}

// TestPanicIsADiagnosticWithoutWhatWasThrown has a read that panics with secrets.
// The client itself recovers what panics in a request.
func TestPanicIsADiagnosticWithoutWhatWasThrown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var diags diag.Diagnostics
	r := &reader{read: func(*reading, context.Context) map[string]any {
		panic(errors.New(secretToken + " " + addressOfUser + " " + secretAsJWT))
	}}
	data := &providerData{client: &commercelayer.Client{}}
	ctx := context.WithValue(withLogging(tflogtest.RootLogger(t.Context(), &log), nil), resultKey{}, &readResult{})
	r.run(ctx, tfsdk.Config{}, data, nil, &diags)
	if len(diags) != 1 || diags[0].Summary() != "Internal error" || log.Len() == 0 {
		t.Fatalf("the diagnostics are %v, and the log is %s", diags, log.String())
	}
	find(t, "diagnostic", written(diags[0]), secretToken, addressOfUser, secretAsJWT)
	find(t, "log", log.String(), secretToken, addressOfUser, secretAsJWT)
}

// TestLogMasksWhatShouldNotBeThere logs a secret, which the client itself never
// does.
func TestLogMasksWhatShouldNotBeThere(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := withLogging(tflogtest.RootLogger(t.Context(), &log), redact.Masks(secretToken))
	logAttempt(ctx,
		commercelayer.Event{Method: "GET", Path: "/api/customers/" +
			addressOfUser, RequestID: secretToken, TraceID: secretAsJWT})
	logNotice(ctx, "A notice of "+addressOfUser+" and "+secretToken+".")
	if log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	find(t, "log", log.String(), secretToken, addressOfUser, secretAsJWT)
}

func TestLogHoldsNothingOfTheQuery(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := withLogging(tflogtest.RootLogger(t.Context(), &log), redact.Masks())
	logAttempt(ctx,
		commercelayer.Event{
			Method: "GET", Host: "acme.commercelayer.io", Path: "/api/customers", Status: 200, Attempt: 1,
			Duration: time.Second, TraceID: "t",
		})
	logNotice(ctx, "A notice.")
	logWait(ctx, "A wait.")
	entries, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil || len(entries) != 3 {
		t.Fatal(entries, err)
	}
	for key, want := range map[string]any{
		"@message": "Core API attempt", "@level": "debug", "method": "GET", "host": "acme.commercelayer.io",
		"path":   "/api/customers",
		"status": 200.0, "attempt": 1.0, "duration_ms": 1000.0, "waited_ms": 0.0, "bytes": 0.0, "trace_id": "t",
	} {
		if got := entries[0][key]; got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	// The log puts a colon after the message.
	if entries[1]["@level"] != "warn" || entries[1]["@message"] != "A notice" {
		t.Error(entries[1])
	}
	if entries[2]["@level"] != "info" || entries[2]["@message"] != "A wait" {
		t.Error(entries[2])
	}
}
