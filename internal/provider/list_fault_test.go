package provider

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const idGreaterThan = "filter[q][id_gt]"

// asIf is a fault that changes the query of requests for further pages before
// the emulator answers them.
func asIf(change func(query map[string][]string)) emulator.Fault {
	return emulator.Fault{
		Match: func(r *http.Request) bool { return r.URL.Query().Has(idGreaterThan) },
		Answer: func(_ http.ResponseWriter, r *http.Request) {
			query := r.URL.Query()
			change(query)
			r.URL.RawQuery = query.Encode()
		},
		Through: true,
	}
}

// TestAccListsAreCompleteWhereIDsAreNotInOrder reads from a server that ignores
// id_gt or starts at another ID.
func TestAccListsAreCompleteWhereIDsAreNotInOrder(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(query map[string][]string, last string){
		"ignored":       func(query map[string][]string, _ string) { delete(query, idGreaterThan) },
		"another order": func(query map[string][]string, last string) { query[idGreaterThan] = []string{last} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithCustomers(60))
			last := api.CustomerIDs()[50]
			api.Inject(asIf(func(query map[string][]string) { change(query, last) }))
			result := newCLI(t, api.config(customersWith()+`output "read" { value = length(toset(data.commercelayer_customers.test.customers[*].id)) }`)).apply().ok()
			result.wantOutput("read", "62")
			warnings := result.warnings()
			if len(warnings) != 1 {
				t.Fatalf("warnings: %v", warnings)
			}
			wantDiagnostic(t, warnings[0], "Customers read by page number", "order of their IDs")
		})
	}
}

func TestAccListThatRepeatsEveryPageIsAnError(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	api.Inject(emulator.Fault{Through: true, Answer: func(_ http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Del(idGreaterThan)
		query.Del("page[number]")
		r.URL.RawQuery = query.Encode()
	}})
	newCLI(t, api.config(customersWith())).plan().wantError("Malformed answer", "page 2 repeats the customers of the pages before")
	api.wantCustomerRequests(t, 4, 4)
}

// TestAccListsDoNotRelyOnTheCount reads from a server that sends a wrong
// record_count.
func TestAccListsDoNotRelyOnTheCount(t *testing.T) {
	t.Parallel()
	for count, warned := range map[string]int{"0": 0, "1": 0, "61": 0, "900": 1} {
		for name, arguments := range map[string]string{"by ID": "", "by page": `sort = ["email"]`} {
			t.Run(name+" with a count of "+count, func(t *testing.T) {
				t.Parallel()
				api := serveAPI(t, func(server *httptest.Server) {
					honest := server.Config.Handler
					server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						answer := httptest.NewRecorder()
						honest.ServeHTTP(answer, r)
						w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
						w.WriteHeader(answer.Code)
						_, _ = w.Write(regexp.MustCompile(`"record_count":\d+`).ReplaceAll(answer.Body.Bytes(), []byte(`"record_count":`+count)))
					})
					server.Start()
				}, emulator.WithCustomers(60))
				result := newCLI(t, api.config(customersWith(arguments)+`output "read" { value = length(data.commercelayer_customers.test.customers) }`)).apply()
				result.wantOutput("read", "62")
				if n := len(result.warnings()); arguments == "" && min(n, 1) != warned {
					t.Errorf("%d warnings, want %d: %v", n, warned, result.warnings())
				}
				api.wantCustomerRequests(t, 3, 10)
			})
		}
	}
}

func TestAccListWithACustomerThatCantBeReadIsAnError(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	api.AddDocument("bAdCuStOmE", customerDocument("bAdCuStOmE", `{"created_at":"yesterday"}`, ""))
	newCLI(t, api.config(customersWith())).plan().wantError("Malformed answer", `the customer "bAdCuStOmE"`, "created_at", "not an RFC 3339 time")
}
