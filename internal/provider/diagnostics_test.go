package provider

import (
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

var update = flag.Bool("update", false, "write the texts of the diagnostics to testdata")

// now is the current time for the diagnostics of this file.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// The operations that the diagnostics are about.
var (
	byID           = operation{noun: customerNoun, attribute: "id", value: "xYZkjABcde"}
	byEmail        = operation{noun: customerNoun, attribute: "email", value: "john.doe@example.co.uk"}
	ofList         = operation{noun: customerNoun, attribute: "filter", list: true}
	ofIDs          = operation{noun: customerNoun, attribute: "ids", list: true}
	ofIDsAndFilter = operation{noun: customerNoun, attribute: "ids", list: true, filtered: true}
	ofEmails       = operation{noun: customerNoun, attribute: "emails", list: true, filtered: true}
	ofRelated      = operation{noun: customerNoun, attribute: "filter", value: "xYZkjABcde", list: true, related: "orders"}
	byAppWithID    = operation{noun: customerNoun, attribute: "id", value: "xYZkjABcde", provenance: provenance{credentials: true}}
)

// The claims of the tokens that were sent.
var (
	acme   = commercelayer.Claims{Slug: "acme", Kind: commercelayer.KindIntegration, Mode: commercelayer.ModeTest, ExpiresAt: now.Add(time.Hour)}
	opaque = commercelayer.Claims{}
)

// failed returns an error of a class, after one request of the operation.
func failed(kind commercelayer.Class, o operation, change ...func(*commercelayer.Error)) error {
	e := &commercelayer.Error{
		Class: kind, Method: http.MethodGet, Host: "acme.commercelayer.io", Path: "/api/customers",
		Attempts: 1, Elapsed: 120 * time.Millisecond, Token: acme,
	}
	if o.attribute == "id" {
		e.Path += "/" + o.value
	}
	if o.related != "" {
		e.Path += "/" + o.value + "/" + o.related
	}
	for _, f := range change {
		f(e)
	}
	return e
}

// failedToken returns an error of a class, after a request for a token.
func failedToken(kind commercelayer.Class, change ...func(*commercelayer.Error)) error {
	return failed(kind, ofList, append([]func(*commercelayer.Error){func(e *commercelayer.Error) {
		e.Method, e.Host, e.Path, e.TokenRequest, e.Token = http.MethodPost, "auth.commercelayer.io", "/oauth/token", true, opaque
	}}, change...)...)
}

func answered(status int, api ...commercelayer.APIError) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Status, e.API = status, api }
}

// at sets the time that the server told.
func at(date time.Time) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Date = date }
}

func because(reason string) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Reason = reason }
}

func causedBy(text string) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Cause = errors.New(text) }
}

// ofAnotherHost makes the server's certificate one of another host.
func ofAnotherHost(e *commercelayer.Error) {
	e.Cause = x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"example.net"}}, Host: e.Host}
}

func attempts(n int, elapsed, waited time.Duration) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Attempts, e.Elapsed, e.Waited = n, elapsed, waited }
}

func sinceFailing(age time.Duration) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Outage = now.Add(-age) }
}

// long gives the request a first line that many servers do not accept.
func long(e *commercelayer.Error) { e.Length = 9123 }

func sent(claims commercelayer.Claims) func(*commercelayer.Error) {
	return func(e *commercelayer.Error) { e.Token = claims }
}

// unsent changes an error into one that occurred before a request was sent.
func unsent(e *commercelayer.Error) {
	e.Method, e.Host, e.Path, e.Attempts, e.Elapsed = "", "", "", 0, 0
}

// The errors that the API sends.
var (
	recordNotFound = commercelayer.APIError{Code: "RECORD_NOT_FOUND", Title: "Record Not Found", Detail: "The requested resource was not not found. Please double-check the resource id."}
	invalidToken   = commercelayer.APIError{Code: "INVALID_TOKEN", Title: "Invalid token", Detail: "The access token you provided is invalid."}
	unauthorized   = commercelayer.APIError{Code: "UNAUTHORIZED", Title: "Access denied", Detail: "You are not authorized to perform this action on the requested resource."}
	throttled      = commercelayer.APIError{Code: "THROTTLED", Title: "Too Many Requests"}
	invalidClient  = commercelayer.APIError{Code: "UNAUTHORIZED", Title: "invalid_client", Detail: "Client authentication failed due to unknown client."}
)

var scopeRefused = answered(http.StatusBadRequest, commercelayer.APIError{
	Code: "BAD_REQUEST", Title: "invalid_scope", Detail: "The requested scope is invalid.",
})

// guarded sets the mode that the provider block allows.
func guarded(e *commercelayer.Error) { e.Mode = commercelayer.ModeTest }

func badRequest(code, detail string) func(*commercelayer.Error) {
	return answered(http.StatusBadRequest, commercelayer.APIError{Code: code, Title: "Bad request", Detail: detail})
}

// diagnosed has the errors whose texts are in testdata/diagnostics.txt.
var diagnosed = []struct {
	name      string
	err       error
	operation operation
}{
	{"no such ID", failed(commercelayer.ErrNotFound, byID, answered(404, recordNotFound)), byID},
	{"no such ID, for a token that tells nothing", failed(commercelayer.ErrNotFound, byID, answered(404, recordNotFound), sent(opaque)), byID},
	{"no such ID, says a page", failed(commercelayer.ErrNotFound, byID, answered(404)), byID},
	{"no such e-mail address", failed(commercelayer.ErrNotFound, byEmail, answered(200)), byEmail},
	{"no list", failed(commercelayer.ErrNoList, ofList, answered(404)), ofList},
	{"several customers", failed(commercelayer.ErrAmbiguous, byEmail, func(e *commercelayer.Error) { e.Count, e.IDs = 2, []string{"xYZkjABcde", "bKqTzWmXdL"} }), byEmail},

	{"wrong token", failed(commercelayer.ErrInvalidToken, byID, answered(401, invalidToken), sent(opaque)), byID},
	{"refused without a word", failed(commercelayer.ErrInvalidToken, byID, answered(401)), byID},
	{"refused without a word, with a token of the token endpoint", failed(commercelayer.ErrInvalidToken, byAppWithID, answered(401)), byAppWithID},
	{"expired token", failed(commercelayer.ErrInvalidToken, byEmail, answered(401, invalidToken), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-192 * time.Minute) }), byEmail},
	{"expired token, by the server's clock alone", failed(commercelayer.ErrInvalidToken, byID, answered(401, invalidToken), at(now.Add(3*time.Hour))), byID},
	{"expired token, by the clock of this machine alone", failed(commercelayer.ErrPermission, byID, answered(401, unauthorized), at(now.Add(-20*time.Hour)), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-16 * time.Hour) }), byID},
	{"token not accepted, by the clock of this machine expired", failed(commercelayer.ErrInvalidToken, byID, answered(401, invalidToken), at(now.Add(-20*time.Hour)), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-16 * time.Hour) }), byID},
	{"expired token, by both clocks", failed(commercelayer.ErrInvalidToken, byID, answered(401, invalidToken), at(now.Add(-59*time.Second)), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-2 * time.Minute) }), byID},
	{"token of another organization", failed(commercelayer.ErrInvalidToken, ofList, answered(401, invalidToken), func(e *commercelayer.Error) { e.Host = "globex.commercelayer.io" }), ofList},
	{"token of the token endpoint not accepted", failed(commercelayer.ErrInvalidToken, byAppWithID, answered(401, invalidToken)), byAppWithID},
	{"permission missing", failed(commercelayer.ErrPermission, ofList, answered(401, unauthorized)), ofList},
	{"permission missing for a web application", failed(commercelayer.ErrPermission, byID, answered(401, unauthorized), func(e *commercelayer.Error) { e.Token.Kind = "webapp" }), byID},
	{"permission missing for a sales channel", failed(commercelayer.ErrPermission, byID, answered(401, unauthorized), func(e *commercelayer.Error) { e.Token.Kind = commercelayer.KindSalesChannel }), byID},
	{"permission missing for a token of another organization", failed(commercelayer.ErrPermission, byID, answered(401, unauthorized), func(e *commercelayer.Error) { e.Host = "globex.commercelayer.io" }), byID},
	{"domain unknown", failed(commercelayer.ErrDomainUnknown, byID, unsent, sent(opaque)), byID},
	{"token of the wrong mode", failed(commercelayer.ErrWrongMode, byID, unsent, because("the access token is of the mode live"), guarded), byID},
	{"customer of the wrong mode", failed(commercelayer.ErrWrongMode, byID, answered(200), because("the answer is of the mode live"), sent(opaque), guarded), byID},
	{"customer of a mode that nobody knows", failed(commercelayer.ErrWrongMode, byID, answered(200), because(commercelayer.ModeUntold), sent(opaque), guarded), byID},
	{"customer of another mode than the token's", failed(commercelayer.ErrWrongMode, byID, answered(200), because("the access token is of the mode test, and the answer of the mode live")), byID},

	{"blocked by a firewall", failed(commercelayer.ErrBlocked, byID, answered(403), because(`its page is titled "Access denied", and it calls itself "nginx"`)), byID},
	{"blocked with an expired token", failed(commercelayer.ErrBlocked, byID, answered(401), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-time.Hour) }), byID},
	{"blocked with a token of the token endpoint", failed(commercelayer.ErrBlocked, byAppWithID, answered(401), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-time.Hour) }), byAppWithID},
	{"blocked without a word", failed(commercelayer.ErrBlocked, ofList, answered(403)), ofList},
	{"filter ignored", failed(commercelayer.ErrFilterIgnored, ofList, answered(200), because(`the customer "bKqTzWmXdL" does not match, and with a value that nobody has, "status_eq" still finds customers`)), ofList},
	{"sort ignored", failed(commercelayer.ErrSortIgnored, ofList, answered(200), because("the customers on one page are not in the order of created_at")), ofList},
	{"result that grows without end", failed(commercelayer.ErrResultTooLarge, ofList, answered(200), func(e *commercelayer.Error) { e.Count = 275 }), ofList},
	{"look-up that finds a stranger", failed(commercelayer.ErrFilterIgnored, byEmail, answered(200), because("the answer holds customers that were not asked for")), byEmail},
	{"unknown relationship", failed(commercelayer.ErrBadRequest, byID, badRequest("INVALID_INCLUDE", "gruop is not a valid includable relationship of customers")), byID},
	{"unknown field", failed(commercelayer.ErrBadRequest, byID, badRequest("INVALID_FIELD", "stauts is not a valid field for customers")), byID},
	{"unknown filter", failed(commercelayer.ErrBadRequest, ofList, badRequest("FILTER_NOT_ALLOWED", "nickname_eq is not allowed.")), ofList},
	{"IDs refused as a filter", failed(commercelayer.ErrBadRequest, ofIDs, badRequest("FILTER_NOT_ALLOWED", "id_in is not allowed.")), ofIDs},
	{"IDs ignored as a filter", failed(commercelayer.ErrFilterIgnored, ofIDs, answered(200), because("the answer holds customers that were not asked for")), ofIDs},
	{"unknown sort key", failed(commercelayer.ErrBadRequest, ofList, badRequest("INVALID_SORT_CRITERIA", "nickname is not a valid sort criteria for customers")), ofList},
	{"request refused", failed(commercelayer.ErrBadRequest, byEmail, answered(406)), byEmail},
	{"list of addresses refused", failed(commercelayer.ErrBadRequest, ofEmails, badRequest("INVALID_FILTER_VALUE", "this is not a valid value for email_in.")), ofEmails},
	{"filter beside a list of addresses refused", failed(commercelayer.ErrBadRequest, ofEmails, badRequest("FILTER_NOT_ALLOWED", "nickname_eq is not allowed.")), ofEmails},
	{"filter beside a list of IDs refused", failed(commercelayer.ErrBadRequest, ofIDsAndFilter, badRequest("FILTER_NOT_ALLOWED", "customer_group_id_in is not allowed.")), ofIDsAndFilter},
	{"list of IDs beside a filter refused", failed(commercelayer.ErrBadRequest, ofIDsAndFilter, badRequest("FILTER_NOT_ALLOWED", "id_in is not allowed.")), ofIDsAndFilter},
	{"filter too long to be sent", failed(commercelayer.ErrBadRequest, ofList, attempts(0, 0, 0), because("its first line would have 9123 bytes, and many servers take no more than 8192"), long), ofList},
	{"filter beside a list of addresses too long", failed(commercelayer.ErrBadRequest, ofEmails, answered(414), long), ofEmails},
	{"request for one customer too long", failed(commercelayer.ErrBadRequest, byID, answered(414), long), byID},
	{"short request that is called too long", failed(commercelayer.ErrBadRequest, ofRelated, answered(431)), ofRelated},
	{"token that has expired, says the token alone", failed(commercelayer.ErrPermission, byID, answered(401, unauthorized), func(e *commercelayer.Error) { e.Token.ExpiresAt = now.Add(-192 * time.Minute) }), byID},
	{"no such ID for a token of another organization", failed(commercelayer.ErrNotFound, byID, answered(404, recordNotFound), func(e *commercelayer.Error) { e.Host = "globex.commercelayer.io" }), byID},
	{"list refused", failed(commercelayer.ErrBadRequest, ofList, badRequest("BAD_REQUEST", "No.")), ofList},
	{"too many customers", failed(commercelayer.ErrTooMany, ofList, func(e *commercelayer.Error) { e.Count = 1234567 }), ofList},

	{"rate limit that others have waited out", failed(commercelayer.ErrRateLimited, byID, because("another read has waited for the rate limit until its deadline"), attempts(0, 0, 0)), byID},
	{"rate limit exhausted", failed(commercelayer.ErrRateLimited, byID, answered(429, throttled), attempts(3, 2*time.Minute, 118*time.Second)), byID},
	{"server error", failed(commercelayer.ErrServer, byEmail, answered(503), attempts(5, 11*time.Second, 0), func(e *commercelayer.Error) { e.RequestID = "7f1c" }), byEmail},
	{"server error that another read has seen", failed(commercelayer.ErrServer, byEmail, answered(503), attempts(0, 0, 0), sinceFailing(11*time.Second)), byEmail},
	{"server error again", failed(commercelayer.ErrServer, ofRelated, answered(503), attempts(1, time.Second/10, 0), sinceFailing(11*time.Second)), ofRelated},
	{"timeout that another read has seen", failed(commercelayer.ErrTimeout, byID, causedBy("no complete answer within the request timeout"), attempts(3, 50*time.Second, 0), sinceFailing(95*time.Second)), byID},
	{"server of another host", failed(commercelayer.ErrServer, byID, answered(421), attempts(5, 11*time.Second, 0)), byID},
	{"server that can't serve such a request", failed(commercelayer.ErrServer, byID, answered(501)), byID},
	{"timeout", failed(commercelayer.ErrTimeout, ofList, causedBy("no complete answer within the request timeout"), attempts(5, 80*time.Second, 0)), ofList},
	{"deadline", failed(commercelayer.ErrTimeout, ofList, attempts(1, 20*time.Minute, 0)), ofList},
	{"deadline of a read that got server errors", failed(commercelayer.ErrTimeout, byID, answered(503), attempts(2, time.Second, 0)), byID},
	{"deadline before the first answer", failed(commercelayer.ErrTimeout, byID, because("the first requests of this run were not answered, and the others wait for an answer, which tells the limits"), attempts(0, 5*time.Second, 0)), byID},
	{"interrupt", failed(commercelayer.ErrCanceled, byID), byID},
	{"host not found", failed(commercelayer.ErrDNS, byID, causedBy("lookup acme.commercelayer.io: no such host")), byID},
	{"proxy out of reach", failed(commercelayer.ErrProxy, byID, because("the proxy proxy.example.net:3128 could not be reached"), causedBy("proxyconnect tcp: connection refused"), attempts(5, 12*time.Second, 0)), byID},
	{"untrusted certificate", failed(commercelayer.ErrTLS, byID, causedBy("tls: failed to verify certificate: x509: certificate signed by unknown authority")), byID},
	{"certificate of another host", failed(commercelayer.ErrTLS, byID, ofAnotherHost), byID},
	{"client certificate wanted", failed(commercelayer.ErrTLS, byID, because("the server wants a client certificate, and the provider has none"), causedBy("TLS: the server sent the alert: certificate required")), byID},
	{"server without TLS", failed(commercelayer.ErrTLS, byID, because("it does not speak TLS"), causedBy("the server does not speak TLS")), byID},
	{"connection refused", failed(commercelayer.ErrConnection, byID, causedBy("dial tcp 192.0.2.1:443: connect: connection refused"), attempts(5, 12*time.Second, 0)), byID},
	{"connection cut in the body", failed(commercelayer.ErrConnection, byID, answered(200), causedBy("unexpected EOF"), attempts(5, 6*time.Second, 0)), byID},
	{"redirect", failed(commercelayer.ErrRedirect, byID, answered(302), because("the server answered with a redirect to https://login.example.net")), byID},
	{"page instead of a document", failed(commercelayer.ErrNotJSON, byEmail, answered(200), because("the answer is an HTML page")), byEmail},
	{"other media type", failed(commercelayer.ErrMediaType, byID, answered(200), because("the answer is of the media type text/plain, which does not stand for JSON")), byID},
	{"too large", failed(commercelayer.ErrTooLarge, ofList, answered(200), because("the answer is larger than 32 MiB")), ofList},
	{"malformed", failed(commercelayer.ErrMalformed, byID, answered(200), because("the data of the document is null")), byID},
	{"another customer", failed(commercelayer.ErrMismatch, byEmail, answered(200), because("the answer holds a customer with another e-mail address")), byEmail},
	{"defect", failed(commercelayer.ErrInternal, ofList, unsent, because("a panic was caught")), ofList},
	{"anything else", errors.New("unexpected"), byID},

	{"client credentials refused", failedToken(commercelayer.ErrCredentials, answered(401, invalidClient)), byID},
	{"scope refused", failedToken(commercelayer.ErrCredentials, scopeRefused), byID},
	{"token endpoint: refused without a word", failedToken(commercelayer.ErrCredentials, answered(401)), byID},
	{"token endpoint: client certificate wanted", failedToken(commercelayer.ErrTLS, because("the server wants a client certificate, and the provider has none"), causedBy("TLS: the server sent the alert: certificate required")), byID},
	{"token endpoint: blocked", failedToken(commercelayer.ErrBlocked, answered(403), because(`its page is titled "Request blocked"`)), byID},
	{"token endpoint: rate limit exhausted", failedToken(commercelayer.ErrRateLimited, answered(429, throttled), attempts(9, 2*time.Minute, 0)), byID},
	{"token endpoint: server error", failedToken(commercelayer.ErrServer, answered(500), attempts(5, 11*time.Second, 0)), byID},
	{"token endpoint: server of another host", failedToken(commercelayer.ErrServer, answered(421), attempts(5, 11*time.Second, 0)), byID},
	{"token endpoint: server error that another read has seen", failedToken(commercelayer.ErrServer, answered(503), attempts(0, 0, 0), sinceFailing(11*time.Second)), byID},
	{"token endpoint: timeout", failedToken(commercelayer.ErrTimeout, causedBy("no complete answer within the request timeout")), byID},
	{"token endpoint: deadline", failedToken(commercelayer.ErrTimeout, attempts(1, 5*time.Second, 0)), byID},
	{"token endpoint: deadline of a read that got server errors", failedToken(commercelayer.ErrTimeout, answered(503), attempts(2, time.Second, 0)), byID},
	{"token endpoint: interrupt", failedToken(commercelayer.ErrCanceled), byEmail},
	{"token endpoint: not found", failedToken(commercelayer.ErrBadRequest, answered(404)), byID},
	{"token endpoint: a page", failedToken(commercelayer.ErrNotJSON, answered(200), because("the answer is an HTML page")), byID},
	{"token endpoint: host not found", failedToken(commercelayer.ErrDNS, causedBy("lookup auth.commercelayer.io: no such host")), byID},
	{"token endpoint: certificate of another host", failedToken(commercelayer.ErrTLS, ofAnotherHost), byID},
	{"token endpoint: untrusted certificate", failedToken(commercelayer.ErrTLS, causedBy("tls: failed to verify certificate: x509: certificate has expired or is not yet valid")), byID},
	{"related: no such customer", failed(commercelayer.ErrNotFound, ofRelated, answered(404, recordNotFound)), ofRelated},
	{"related: no such customer, says a page", failed(commercelayer.ErrNotFound, ofRelated, answered(404)), ofRelated},
	{"related: no such relationship", failed(commercelayer.ErrNoRelationship, ofRelated, answered(404, recordNotFound), because("the customer has the relationships customer_group, order_subscriptions and tags")), ofRelated},
	{"related: filter ignored", failed(commercelayer.ErrFilterIgnored, ofRelated, answered(200), because(`the resource "oRdErAaAaA" does not match, and without the filter there are as many resources`)), ofRelated},
	{"related: unknown filter", failed(commercelayer.ErrBadRequest, ofRelated, badRequest("FILTER_NOT_ALLOWED", "color_eq is not allowed.")), ofRelated},
	{"related: too many", failed(commercelayer.ErrTooMany, ofRelated, func(e *commercelayer.Error) { e.Count = 12345 }), ofRelated},
	{"related: permission missing", failed(commercelayer.ErrPermission, ofRelated, answered(401, unauthorized)), ofRelated},

	{"token endpoint: redirect", failedToken(commercelayer.ErrRedirect, answered(301), because("the server answered with a redirect to https://login.example.net")), byID},
}

// written returns a diagnostic in the form in which a person reads it.
func written(d diag.Diagnostic) string {
	on := ""
	if d, ok := d.(diag.DiagnosticWithPath); ok {
		on = " (on `" + d.Path().String() + "`)"
	}
	return either(d.Severity() == diag.SeverityWarning, "Warning: ", "Error: ") + d.Summary() + on + "\n\n" + d.Detail() + "\n"
}

// goType matches the name of a type of Go, which tells a user nothing.
var goType = regexp.MustCompile(`\*?\b[a-z0-9]+\.[A-Za-z]*[eE]rr[A-Za-z]*`)

func TestDiagnosticsSayWhatFailedWhatWasAskedAndWhatToDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(now))
		var b strings.Builder
		b.WriteString("The texts of the errors, each as a person reads it. `go test ./internal/provider -run Diagnostics -update` writes them.\n")
		for _, tt := range diagnosed {
			fmt.Fprintf(&b, "\n\n==== %s ====\n\n%s", tt.name, written(diagnose(tt.err, tt.operation)))
		}
		for _, tt := range append(notices(), settingsInErrors()...) {
			fmt.Fprintf(&b, "\n\n==== %s ====\n\n%s", tt.name, written(tt.diagnostic))
		}
		if found := goType.FindString(b.String()); found != "" {
			t.Errorf("the name of a type of Go: %s", found)
		}
		wantGolden(t, filepath.Join("testdata", "diagnostics.txt"), b.String())
	})
}

func TestEveryClassOfErrorsHasATextOfItsOwn(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for class := commercelayer.ErrNotFound; class <= commercelayer.ErrInternal; class++ {
		if class == commercelayer.ErrCredentials {
			continue // only requests for a token have it
		}
		summary := wordings[class].summary
		if summary == "" || known[summary] {
			t.Errorf("%v: the summary is %q", class, summary)
		}
		known[summary] = true
	}
}

// Errors about other resources than customers call them by their own noun. The
// advice to read customers in lists is for all: they share the rate limit.
func TestErrorsHaveTheNounOfWhatWasRead(t *testing.T) {
	t.Parallel()
	names := strings.NewReplacer("read many customers with one `commercelayer_customers`", "", "`commercelayer_customer`", "",
		"`commercelayer_customers`", "")
	for _, tt := range diagnosed {
		e, ok := errors.AsType[*commercelayer.Error](tt.err)
		if !ok || tt.operation.related != "" || tt.operation.attribute == "email" {
			continue
		}
		own, q := *e, tt.operation
		own.Reason, q.noun = "", noun{"market", "markets"}
		text := explain(&own, q)
		if whole := names.Replace(text.summary + text.what + text.advice); strings.Contains(strings.ToLower(whole), "customer") {
			t.Errorf("%s: %+v", tt.name, text)
		}
	}
}

func TestDiagnosticsQuoteNoAddressAndNoToken(t *testing.T) {
	t.Parallel()
	const email, token = "john.doe@example.co.uk", "eyJhbGciOiJIUzUxMiJ9.eyJvcmdhbml6YXRpb24iOnt9fQ.c2lnbmF0dXJl"
	const configured = "mysecret0123456789"
	s, _ := settingsOf("domain=acme token=" + configured).configuration().resolve(settingsOf("").lookup)
	for _, tt := range diagnosed {
		for _, value := range []string{email, token, configured} {
			o := tt.operation
			o.value, o.provenance = value, s.provenance
			if o.related != "" {
				o.related = value
			}
			d := diagnose(tt.err, o)
			for _, secret := range []string{email, "john.doe", "example.co", token, "eyJhbGci", configured} {
				if strings.Contains(d.Summary()+d.Detail(), secret) {
					t.Errorf("%s: %q is in\n%s", tt.name, secret, written(d))
				}
			}
		}
	}
}

func TestMaskedAddressesAreHintsOnly(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{
		"john@example.com":         "j…@e….com",
		"j@e":                      "j…@e…",
		"joe@topsecretcorp":        "j…@t…",
		"joe@mail.topsecretcorp":   "j…@m…",
		"joe@[192.0.2.17]":         "j…@[…",
		"joe@corp.com.":            "j…@c…",
		"joe@corp.c'om":            "j…@c…",
		"john.doe@mail.example.de": "j…@m….de",
		"ölaf@ünicode.example":     "ö…@ü…",
		"o'neil&sons+tag@acme.io":  "o…@a….io",
		`"joe doe"@acme.com`:       "j…@a….com",
		`"joe@home"@acme.com`:      "j…@a….com",
		"a@b@example.com":          "a…@e….com",
		"\x1b[31mjoe@acme.com":     "[…@a….com",
		"\xff\n@acme.com":          "…@a….com",
		"nobody":                   "in `email`",
		"@example.com":             "in `email`",
		"john@":                    "in `email`",
	} {
		if got := maskEmail(email); got != want {
			t.Errorf("%s: got %s, want %s", email, got, want)
		}
	}
}

func TestDurationsAndNumbersAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0:                          "0 ms",
		350 * time.Millisecond:     "350 ms",
		999*time.Millisecond + 999: "999 ms",
		time.Second:                "1 s",
		1500 * time.Millisecond:    "1.5 s",
		9960 * time.Millisecond:    "10 s",
		59900 * time.Millisecond:   "59 s",
		time.Minute:                "1 min 0 s",
		102 * time.Second:          "1 min 42 s",
		3*time.Hour + 12*time.Minute + time.Second: "3 h 12 min",
		47 * time.Hour: "47 h 0 min",
		72 * time.Hour: "3 days",
	} {
		if got := humanDuration(d); got != want {
			t.Errorf("%s: got %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
