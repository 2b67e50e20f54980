package provider

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The secrets and the personal data that these tests look for.
const (
	secretToken    = "sEcReT/+ToKeN=aBcDeFgHiJkLmNoPqRsTuVwXyZ"
	secretOfClient = "sEcReT/+ClIeNt=aBcDeFgHiJkLmNoPqRsTuVwXyZ"
	addressOfUser  = "private.person@example.org"
)

// forms returns the forms in which a value may appear: as it is, escaped for
// URLs, and in base64. The base64 form depends on the number of bytes before
// the value.
func forms(value string) []string {
	list := []string{value, url.QueryEscape(value), url.PathEscape(value)}
	for before := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + value))
		encoded = encoded[4 : len(encoded)-4] // the part that does not depend on the bytes around it
		list = append(list, encoded, strings.NewReplacer("+", "-", "/", "_").Replace(encoded))
	}
	return list
}

func TestFormsFindWhatIsEncoded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		secretOfClient, url.QueryEscape(secretOfClient), "/" + url.PathEscape(secretOfClient),
		base64.StdEncoding.EncodeToString([]byte("i:" + secretOfClient)), base64.URLEncoding.EncodeToString([]byte("id:" + secretOfClient + "?")),
		base64.RawStdEncoding.EncodeToString([]byte(secretOfClient)),
	} {
		if !slices.ContainsFunc(forms(secretOfClient), func(form string) bool { return strings.Contains(text, form) }) {
			t.Errorf("nothing is found in %s", text)
		}
	}
}

func find(t *testing.T, where, text string, values ...string) {
	t.Helper()
	for _, value := range values {
		for _, form := range forms(value) {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("%s is in the %s: …%s…", value, where, text[max(0, i-200):min(len(text), i+len(form)+100)])
				return
			}
		}
	}
}

// withoutConfiguration removes the lines of the configuration that the CLI
// quotes with an error.
func withoutConfiguration(output string) string {
	var kept []string
	for line := range strings.Lines(output) {
		if !strings.Contains(line, "email") || !strings.Contains(line, " = ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestAccNothingSecretOrPersonalIsLoggedOrShown(t *testing.T) {
	t.Parallel()
	byToken := []string{"COMMERCELAYER_TOKEN=" + secretToken}
	byClient := []string{"COMMERCELAYER_CLIENT_ID=i", "COMMERCELAYER_CLIENT_SECRET=" + secretOfClient}
	const (
		byAddress = `data "commercelayer_customer" "test" { email = "` + addressOfUser + `" }`
		byList    = `data "commercelayer_customers" "test" { emails = ["` + addressOfUser + `"] }`
		byFilter  = `data "commercelayer_customers" "test" { filter = { email_eq = "` + addressOfUser + `" } }`
		of        = "data \"commercelayer_customer_related\" \"test\" {\n  customer_id = \""
		follow    = "\" # email = \n  filter = { reference_eq = \"" + addressOfUser + "\" } # email = \n  relationship = "
		related   = of + emulator.FullCustomerID + follow + "\"orders\"\n}\n"
		friends   = of + emulator.FullCustomerID + follow + "\"friends\"\n}\n"
		ofAddress = of + addressOfUser + follow + "\"orders\"\n}\n"
	)
	byEphemeral := ephemeralCustomers(`emails = ["`+addressOfUser+`"]`, `fields = ["email"]`)
	// An answer that repeats the address and quotes a token.
	gossip := fmt.Sprintf(`{"errors":[{"title":"%[1]s","detail":"Bearer eyJhbGciOiJIUzUxMiJ9.%[1]s","code":"%[1]s","status":"400"}]}`, addressOfUser)
	for name, tt := range map[string]struct {
		env    []string
		config string
		answer emulator.Answer
		path   string // of the requests that get the answer
		fails  bool
	}{
		"success with a token":              {env: byToken, config: byAddress},
		"success with client credentials":   {env: byClient, config: byList},
		"success with fields":               {env: byToken, config: "data \"commercelayer_customer\" \"test\" {\n  email = \"" + addressOfUser + "\"\n  fields = [\"status\"]\n}"},
		"success of an ephemeral list":      {env: byClient, config: byEphemeral},
		"an ephemeral list with a stranger": {env: byToken, config: byEphemeral, answer: jsonAPI(`{"data":[{"id":"` + addressOfUser + `","type":"customers","attributes":{"email":"x@example.com"}}]}`), fails: true},
		"a refused field that quotes":       {env: byToken, config: byEphemeral, answer: emulator.Body(400, "application/vnd.api+json", strings.ReplaceAll(gossip, `"code":"`, `"code":"INVALID_FIELD `)), fails: true},
		"keys that Terraform makes one":     {env: byToken, config: byAddress, answer: jsonAPI(`{"data":[{"id":"a","type":"customers","attributes":{"email":"` + addressOfUser + `","metadata":{"` + zoe + addressOfUser + `":1,"` + zoeApart + addressOfUser + `":2}}}]}`)},
		"not found":                         {env: byToken, config: byAddress, answer: jsonAPI(`{"data":[],"meta":{"record_count":0}}`), fails: true},
		"several":                           {env: byToken, config: byAddress, answer: jsonAPI(`{"data":[{"id":"a","type":"customers"},{"id":"b","type":"customers"}]}`), fails: true},
		"wrong token":                       {env: byToken, config: byAddress, answer: emulator.InvalidToken(), fails: true},
		"an error that quotes":              {env: byToken, config: byFilter, answer: emulator.Body(400, "application/vnd.api+json", gossip), fails: true},
		"a page":                            {env: byToken, config: byAddress, answer: emulator.HTML(200), fails: true},
		"a redirect":                        {env: byToken, config: byAddress, answer: emulator.Redirect(302, "https://"+addressOfUser+"/?token="+url.QueryEscape(secretToken)), fails: true},
		"a connection cut":                  {env: byToken, config: byAddress, answer: emulator.Cut(), fails: true},
		"wrong client credentials":          {env: byClient, config: byAddress, answer: emulator.Status(401), path: "/oauth/", fails: true},
		"a token endpoint that quotes":      {env: byClient, config: byAddress, answer: emulator.Body(400, "application/json", gossip), path: "/oauth/", fails: true},
		"a token endpoint that redirects":   {env: byClient, config: byAddress, answer: emulator.Redirect(307, "https://login.example.net/?"+url.QueryEscape(secretOfClient)), path: "/oauth/", fails: true},
		"success with related resources":    {env: byToken, config: related},
		"an address as the customer's ID":   {env: byToken, config: ofAddress, fails: true},
		"related, and an error that quotes": {env: byToken, config: related, answer: emulator.Body(400, "application/vnd.api+json", gossip), fails: true},
		"a related resource that is unlike": {env: byToken, config: related, answer: jsonAPI(`{"data":[{"id":"` + addressOfUser + `","type":"orders","attributes":{"reference":"x"}}],"meta":{"record_count":1}}`), fails: true},
		"relationships that quote":          {env: byToken, config: friends, answer: relationshipsThatQuote, fails: true},
		"a header that can't be understood": {env: byToken, config: byAddress, answer: oddHeaders, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(tt.config, "ephemeral") {
				needsEphemeral(t)
			}
			api := startAPI(t)
			api.AddCustomer(emulator.Customer{Email: addressOfUser})
			api.IssueToken(emulator.TokenOptions{Opaque: secretToken})
			api.AddApplication(emulator.Application{ClientID: "i", ClientSecret: secretOfClient, CanReadCustomers: true})
			if tt.answer != nil {
				api.Inject(emulator.Fault{PathPrefix: tt.path, Answer: tt.answer})
			}
			c := newProcessCLI(t, providerBlock(impatient)+tt.config+"\n", append(tt.env, "COMMERCELAYER_DOMAIN="+api.url)...)
			c.env = append(c.env, "TF_LOG=TRACE", "TF_LOG_PATH="+c.path("trace.log"))
			c.debug()
			result := c.run("plan", "-no-color", "-out=saved")
			if result.failed != tt.fails {
				t.Fatalf("failed: %t\n%s%s", result.failed, result.stdout, result.stderr)
			}
			kept := map[string]string{}
			if !tt.fails {
				kept["plan"] = c.run("show", "-json", "saved").ok().stdout
				for name, content := range members(t, c.path("saved")) {
					kept["plan file "+name] = content
				}
				c.run("apply", "saved").ok()
				if tt.config != "" {
					kept["state"] = c.read("terraform.tfstate")
				}
			}
			secrets := []string{secretToken, secretOfClient}
			for _, r := range api.Requests() {
				if _, token, ok := strings.Cut(r.Header.Get("Authorization"), "Bearer "); ok {
					secrets = append(secrets, token)
				}
			}
			log, shown := c.read("trace.log")+c.read(providerLog), result.stdout+result.stderr
			if !strings.Contains(log, "endpoint attempt") && !strings.Contains(log, "Core API attempt") {
				t.Error("no request was logged")
			}
			find(t, "log", log, append(secrets, addressOfUser)...)
			find(t, "output", withoutConfiguration(shown), append(secrets, addressOfUser)...)
			for where, content := range kept {
				find(t, where, content, secrets...)
			}
		})
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
	jsonAPI(`{"data":{"id":"`+emulator.FullCustomerID+`","type":"customers","relationships":{"`+addressOfUser+`":{},"`+secretToken+`":{}}}}`)(w, r)
}

// oddHeaders answers with headers that contain secrets.
func oddHeaders(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("X-Request-Id", addressOfUser)
	h.Set("X-Ratelimit-Remaining", secretAsJWT)
	h.Set("Content-Type", "text/"+secretAsJWT)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(`{"trace_id":"` + secretAsJWT + `"}`))
}

const secretAsJWT = "eyJhbGciOiJIUzUxMiJ9.eyJvcmdhbml6YXRpb24iOnt9fQ.c2lnbmF0dXJl"

func TestAccLogTellsOfEachAttempt(t *testing.T) {
	t.Parallel()
	for level, want := range map[string][]string{
		"DEBUG": {"Core API attempt", "path=/api/customers", "status=503", "status=200", "attempt=2", "method=GET", "duration_ms=", "waited_ms=", "trace_id="},
		"WARN":  {},
	} {
		api := startAPI(t)
		api.Inject(emulator.Fault{Times: 1, Answer: emulator.Status(503)})
		c := newProcessCLI(t, api.config(customerByID(emulator.FullCustomerID)+john, impatient))
		c.env = append(c.env, "TF_LOG="+level, "TF_LOG_PATH="+c.path("provider.log"))
		c.plan().ok()
		log := ""
		for line := range strings.Lines(c.read("provider.log")) {
			if strings.Contains(line, "attempt") {
				log += line
			}
		}
		for _, w := range want {
			if !strings.Contains(log, w) {
				t.Errorf("%s: %q is missing in\n%s", level, w, log)
			}
		}
		if level == "WARN" && strings.Contains(log, "status=200") {
			t.Errorf("a success is a warning:\n%s", log)
		}
	}
}

// TestPanicIsADiagnosticWithoutWhatWasThrown has a transport and a value that
// panic with a secret.
func TestPanicIsADiagnosticWithoutWhatWasThrown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	client, err := commercelayer.New(commercelayer.WithToken(secretToken), commercelayer.WithDomain(&url.URL{Scheme: "https", Host: "acme.commercelayer.io"}),
		commercelayer.WithObserver(logAttempt), commercelayer.WithNotice(logNotice),
		commercelayer.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			panic(errors.New("sending " + r.Header.Get("Authorization") + r.URL.String()))
		})))
	if err != nil {
		t.Fatal(err)
	}
	broken := &commercelayer.Client{}
	for name, tt := range map[string]struct {
		client              *commercelayer.Client
		attribute, selector string
	}{
		"transport of one":  {client, "id", secretAsJWT},
		"transport of many": {client, "email", addressOfUser},
		"client":            {broken, "email", addressOfUser},
	} {
		d, ok := NewCustomerDataSource().(*dataSource)
		if !ok {
			t.Fatal("the data source is of another type")
		}
		d.data = &providerData{client: tt.client}
		var schema datasource.SchemaResponse
		d.Schema(ctx, datasource.SchemaRequest{}, &schema)
		kind := schema.Schema.Type().TerraformType(ctx)
		values := map[string]tftypes.Value{}
		for name, attribute := range objectTypes(t, kind) {
			values[name] = tftypes.NewValue(attribute, nil)
		}
		values[tt.attribute] = str(tt.selector)
		req := datasource.ReadRequest{Config: tfsdk.Config{Raw: tftypes.NewValue(kind, values), Schema: schema.Schema}}
		resp := datasource.ReadResponse{State: tfsdk.State{Raw: tftypes.NewValue(kind, nil), Schema: schema.Schema}}
		d.Read(ctx, req, &resp)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Internal error" {
			t.Fatalf("%s: %v", name, resp.Diagnostics)
		}
		text := written(resp.Diagnostics[0])
		if !strings.Contains(text, "a panic was caught") || !resp.State.Raw.IsNull() {
			t.Errorf("%s: %s", name, text)
		}
		find(t, name+" diagnostic", text, secretToken, addressOfUser, secretAsJWT)
	}
	find(t, "log", log.String(), secretToken, addressOfUser, secretAsJWT)
}

// TestLogMasksWhatShouldNotBeThere logs a secret, which the client itself never
// does.
func TestLogMasksWhatShouldNotBeThere(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := withLogging(tflogtest.RootLogger(t.Context(), &log), redact.Masks(secretToken))
	logAttempt(ctx, commercelayer.Event{Method: "GET", Path: "/api/customers/" + addressOfUser, RequestID: secretToken, TraceID: secretAsJWT})
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
	logAttempt(ctx, commercelayer.Event{Method: "GET", Host: "acme.commercelayer.io", Path: "/api/customers", Status: 200, Attempt: 1, Duration: time.Second, TraceID: "t"})
	logNotice(ctx, "A notice.")
	entries, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	for key, want := range map[string]any{
		"@message": "Core API attempt", "@level": "debug", "method": "GET", "host": "acme.commercelayer.io", "path": "/api/customers",
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
}
