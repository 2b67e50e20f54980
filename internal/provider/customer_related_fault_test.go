package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestRelatedFaultMatrix has a row for each way in which an answer may be wrong,
// for a list and for a single resource. TestAccFaultMatrix shows with customers
// what a user sees of such errors.
func TestRelatedFaultMatrix(t *testing.T) {
	t.Parallel()
	const once, twice = 1, 2
	resourceWith := func(attributes string) emulator.Answer {
		return jsonAPI(`{"data":{"id":"a","type":"orders","attributes":` + attributes + `}}`)
	}
	for _, tt := range []struct {
		name     string
		answer   func(*api) emulator.Answer
		summary  string
		words    []string
		requests int
	}{
		{"500", status(500), "Server error of the API", []string{"500 Internal Server Error", "Attempts:   2"}, twice},
		{"501", status(501), "Server error of the API", []string{"501 Not Implemented"}, once},
		{"406", status(406), "Request refused", []string{"406 Not Acceptable"}, once},
		{"connection cut before the answer", cut, "Connection failed", []string{"Cause:", "Attempts:   2"}, twice},
		{
			"connection cut in the body", func(*api) emulator.Answer { return emulator.CutBody(100) },
			"Connection failed", []string{"unexpected EOF"}, twice,
		},
		{
			"slow headers", func(a *api) emulator.Answer { return a.SlowHeaders(time.Minute) },
			"Timeout", []string{"no complete answer within the request timeout"}, twice,
		},
		{"stalled body", func(a *api) emulator.Answer { return a.Stall() }, "Timeout", []string{"no complete answer " +
			"within the request timeout"}, twice},
		{"wrong token", answer(emulator.InvalidToken()), "Access token not " +
			"accepted", []string{"401 Unauthorized"}, once},
		{
			"permission missing", answer(emulator.Unauthorized()),
			"Permission missing", []string{"401 Unauthorized"}, once,
		},
		{"blocked", answer(emulator.HTML(403)), "Blocked on the way to the API", []string{"403 Forbidden"}, once},
		{
			"redirect", answer(emulator.Redirect(302, "https://login.example.net/")),
			"Redirect refused", []string{"https://login.example.net"}, once,
		},

		{"body truncated", answer(emulator.Truncated()), "Malformed answer", []string{"cut off"}, once},
		{
			"endless body", func(a *api) emulator.Answer { return a.Endless() },
			"Answer too large", []string{"32 MiB"}, once,
		},
		{"gzip bomb", answer(emulator.GzipBomb(commercelayer.MaxAnswerBytes + 1)), "Answer too large", []string{"32 MiB"}, once},
		{"page instead of a document", answer(emulator.HTML(200)), "Answer without JSON", []string{"HTML page"}, once},
		{"empty body", answer(emulator.Empty200()), "Answer without JSON", []string{"the answer is empty"}, once},
		{
			"plain text", answer(emulator.Body(200, "text/plain", "OK")),
			"Answer of another media type", []string{"text/plain"}, once,
		},
		{"no data", answer(jsonAPI("{}")), "Malformed answer", []string{"has no data"}, once},
		{"a text for data", answer(jsonAPI(`{"data":"a"}`)), "Malformed answer", []string{"data"}, once},
		{
			"no type", answer(jsonAPI(`{"data":{"id":"a"}}`)),
			"Malformed answer", []string{"the type of a resource is missing"}, once,
		},
		{"attributes are a list", answer(resourceWith(`[]`)), "Malformed answer", []string{`the resource "a"`}, once},
		{
			"invalid UTF-8", answer(resourceWith("{\"reference\":\"\xff\"}")),
			"Malformed answer", []string{"UTF-8"}, once,
		},
		{
			"deep nesting",
			answer(resourceWith(strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000))),
			"Answer too large", []string{"levels of nesting"}, once,
		},
		{
			"many members", answer(resourceWith(`{"metadata":[` + strings.Repeat("0,", 20_000) + "0]}")),
			"Answer too large", []string{"members in the attributes"}, once,
		},
	} {
		for _, relationship := range []string{"orders", "customer_group"} {
			t.Run(tt.name+" for "+relationship, func(t *testing.T) {
				t.Parallel()
				api := startAPI(t)
				api.Inject(emulator.Fault{Answer: tt.answer(api)})
				settings := map[string]tftypes.Value{
					attrDomain: str(api.url), attrToken: str(emulator.DefaultToken),
					attrMaxRetries: tftypes.NewValue(tftypes.Number, 1),
					// How long a large answer takes is the machine's affair.
					attrRequestTimeout: str("5m"),
				}
				if tt.summary == "Timeout" {
					// A slow machine may need more than a second to send the request.
					settings[attrRequestTimeout] = str("3s")
				}
				p := newProtocol(t, NewServer("test")())
				if d := p.configure(t, false, settings); len(d) > 0 {
					t.Fatal(d[0].Summary, d[0].Detail)
				}
				resp := p.read(t, t.Context(), "commercelayer_customer_related", map[string]tftypes.Value{
					"customer_id": str(emulator.FullCustomerID), "relationship": str(relationship),
				})
				if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
					t.Fatalf("diagnostics %v, want one error", resp.Diagnostics)
				}
				path := "GET /api/customers/" + emulator.FullCustomerID + "/" + relationship
				wantDiagnostic(t, diagnostic{Summary: resp.Diagnostics[0].Summary, Detail: resp.Diagnostics[0].Detail},
					tt.summary, append(tt.words, path)...)
				if handedOn(t, p, resp) {
					t.Errorf("something of the answer was handed on: %v", resp.State)
				}
				api.wantCustomerRequests(t, tt.requests, tt.requests)
			})
		}
	}
}

// handedOn tells whether the state of a read has any result.
func handedOn(t *testing.T, p *protocol, resp *tfprotov6.ReadDataSourceResponse) bool {
	t.Helper()
	if resp.State == nil {
		return false
	}
	state, err := resp.State.Unmarshal(p.schema.DataSourceSchemas["commercelayer_customer_related"].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]tftypes.Value
	if err := state.As(&values); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc([]string{"id", "resources", "total_count"}, func(name string) bool {
		return values[name].IsKnown() && !values[name].IsNull()
	})
}

func TestAccRelatedFaultsThatPassCostNothing(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(1))
	api.Inject(emulator.Fault{Name: "503", Every: 2, Answer: emulator.Status(503)})
	newCLI(t, api.config(relatedWith(api.CustomerIDs()[2], "orders"))).apply().wantOutput("total", "60")
	if api.CountFault("503") == 0 {
		t.Error("nothing failed")
	}
}

func TestAccRelatedModeGuard(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.Inject(emulator.Fault{Answer: jsonAPI(`{"data":[{"id":"a","type":"orders","meta":{"mode":"live"}}]}`)})
	newCLI(t, api.config(relatedWith(emulator.FullCustomerID, "orders"), `mode = "test"`)).plan().
		wantError("Wrong mode", "the answer is of the mode live")
	api.wantRequests(t, http.MethodGet+" /api/customers/"+emulator.FullCustomerID+"/orders?page[size]=25&sort=id")
}

// TestAccRelatedListsAreCompleteWhateverTheAPIDoes reads from APIs that do not
// order or count resources as the provider assumes.
func TestAccRelatedListsAreCompleteWhateverTheAPIDoes(t *testing.T) {
	t.Parallel()
	for option, warning := range map[string]string{
		"id-gt:ignored":         "Related resources read by page number",
		"id-gt-order:text":      "Related resources read by page number",
		"related-to-many:whole": "",
		"page-past-end:last":    "",
	} {
		t.Run(option, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithCustomers(1), emulator.WithRefuted(option))
			result := newCLI(t, api.config(relatedWith(api.CustomerIDs()[2], "orders")+
				`output "distinct" { value = length(distinct(local.r.resources[*].id)) }`)).apply()
			result.wantOutput("distinct", "60")
			var got []string
			for _, d := range result.warnings() {
				got = append(got, d.Summary)
			}
			if strings.Join(got, ", ") != warning {
				t.Errorf("warnings %q, want %q", got, warning)
			}
		})
	}
	t.Run("a changed list by page number", func(t *testing.T) {
		t.Parallel()
		api := startAPI(t)
		id := api.AddCustomer(emulator.Customer{Email: "many@example.com"})
		orders := api.AddOrders(id, 60)
		pages := 0
		api.OnRequest(func(*http.Request) {
			if pages++; pages == 2 {
				api.DeleteOrder(orders[0])
			}
		})
		warnings := newCLI(t, api.config(relatedWith(id, "orders", `sort = ["placed_at"]`))).apply().ok().warnings()
		if len(warnings) != 1 || warnings[0].Summary != "Related resources changed while they were read" {
			t.Errorf("warnings: %v", warnings)
		}
	})
}
