package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// listOf returns a page of customers. The i-th of them has the address of i.
func listOf(count int, next bool, addresses ...string) string {
	items := make([]string, len(addresses))
	for i, address := range addresses {
		items[i] = fmt.Sprintf(`{"id":"c%d","type":"customers","attributes":{"email":%q,"status":"prospect","has_password":null,`+
			`"created_at":null,"updated_at":null,"reference":null,"reference_origin":null,"metadata":null}}`, i, address)
	}
	var meta, links string
	if count >= 0 {
		meta = fmt.Sprintf(`,"meta":{"record_count":%d}`, count)
	}
	if next {
		links = `,"links":{"next":"https://x"}`
	}
	return `{"data":[` + strings.Join(items, ",") + `]` + meta + links + `}`
}

// answering makes lists of the API answer with a document.
func (a *api) answering(document func(r *http.Request) string) {
	a.Inject(emulator.Fault{
		Match:  func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/customers") },
		Answer: func(w http.ResponseWriter, r *http.Request) { jsonAPI(document(r))(w, r) },
	})
}

// Answers that contradict themselves, or are not what was asked for, are not
// handed on without a word.
func TestAccAnswersThatAreNotWhatWasAskedForAreTold(t *testing.T) {
	t.Parallel()
	const idGreaterThan = "filter[q][id_gt]"
	two := func(count int) func(*http.Request) string {
		return func(r *http.Request) string {
			if query := r.URL.Query(); query.Has("page[number]") || query.Has(idGreaterThan) {
				return listOf(count, false)
			}
			return listOf(count, false, "a@example.com", "b@example.com")
		}
	}
	for name, tt := range map[string]struct {
		body     string
		document func(*http.Request) string // nil if the emulator answers
		failed   string                     // the title of the error
		warned   string                     // the title of the only warning, or empty
		words    []string
	}{
		"fewer customers than are counted": {
			manyOf(`ids = ["c0", "c1", "c2"]`), two(3), "", "Customers missing from the answers of the API",
			[]string{"The provider read 2 customers, but the API counts 3"},
		},
		"a customer who was left out and exists": {
			manyOf(`ids = ["c0", "c1", "` + emulator.FullCustomerID + `"]`), two(3), "Malformed answer", "",
			[]string{"leaves out a customer who was asked for and exists"},
		},
		"a count that ignores a filter": {
			manyOf(`limit = 0`, `filter = { status_eq = "repeat" }`), two(500), "Filter ignored by the API", "",
			[]string{"with a value that nobody has, \"status_eq\" still finds customers"},
		},
		"an order of IDs that is ignored": {
			manyOf(), nil, "", "Customers read by page number", []string{"order of their IDs"},
		},
		"look-ups by lists that are refused": {
			customersByID([]string{emulator.SeedCustomerID, emulator.FullCustomerID}), nil, "", "", nil,
		},
		"a filter that no server takes": {
			manyOf(`filter = { email_in = join(",", [for i in range(400) : "someone-${i}@example.com"]) }`), nil, "Request too long", "", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithCustomers(60), emulator.WithRefuted("id-gt:ignored", "id-in:refused"))
			if tt.document != nil {
				api.answering(tt.document)
			}
			result := newCLI(t, api.config(tt.body)).apply()
			if tt.failed != "" {
				result.wantError(tt.failed, tt.words...)
				return
			}
			warnings := result.ok().warnings()
			if len(warnings) != min(len(tt.warned), 1) {
				t.Fatalf("warnings: %v", warnings)
			}
			if tt.warned != "" {
				wantDiagnostic(t, warnings[0], tt.warned, tt.words...)
			}
		})
	}
}

// Without `mode` in the configuration, the token's own mode counts.
func TestAccAnswerOfAnotherModeThanTheTokenIsAnError(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"by ID": `data "commercelayer_customer" "test" { id = "c0" }`,
		"related": `data "commercelayer_customer_related" "test" {
  customer_id  = "c0"
  relationship = "orders"
}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			list := strings.Replace(listOf(1, false, "a@example.com"), `"type":"customers"`, `"type":"customers","meta":{"mode":"live"}`, 1)
			one := strings.NewReplacer("[", "", "]", "").Replace(list)
			api.Inject(emulator.Fault{Answer: func(w http.ResponseWriter, r *http.Request) {
				document := list
				if strings.HasSuffix(r.URL.Path, "/c0") {
					document = one
				}
				jsonAPI(document)(w, r)
			}})
			token := withToken(api.IssueToken(emulator.TokenOptions{}))
			newCLI(t, api.configWith(body, token)).plan().wantError("Wrong mode",
				"The answer contradicts the access token", "the access token is of the mode test, and the answer of the mode live")
		})
	}
}
