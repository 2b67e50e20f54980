package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A notice is a diagnostic that is not made from an error of the client.
type notice struct {
	name       string
	diagnostic diag.Diagnostic
}

// notices returns the notices of reads whose texts are in
// testdata/diagnostics.txt, together with those of errors.
func notices() []notice {
	var list []notice
	add := func(name string, diags diag.Diagnostics) {
		for _, d := range diags {
			list = append(list, notice{name, d})
		}
	}
	listed := func(change func(*commercelayer.Listing)) diag.Diagnostics {
		l := &commercelayer.Listing{}
		l.Count, l.Total = 61, 62
		change(l)
		return listWarnings(l)
	}
	add("list that is not in the order of IDs", listed(func(l *commercelayer.Listing) { l.Unordered = true }))
	add("list that changed", listed(func(l *commercelayer.Listing) { l.Changed = true }))
	add("filter that may have been ignored", listed(func(l *commercelayer.Listing) {
		l.Doubt = &commercelayer.Doubt{With: 1234, Without: 1234}
	}))
	add("filter that was applied in another way", listed(func(l *commercelayer.Listing) {
		l.Doubt = &commercelayer.Doubt{With: 1, Without: 1234, ID: "xYZkjABcde"}
	}))
	add("list slowed by the rate limit", listed(func(l *commercelayer.Listing) { l.Waited = 22 * time.Second }))
	slow := func(stats commercelayer.Stats) (diags diag.Diagnostics) {
		(&providerData{}).warnIfSlow(stats, &diags)
		return diags
	}
	add("reads slowed by the rate limit", slow(commercelayer.Stats{Held: 102 * time.Second, Reads: 500}))
	add("read slowed by the rate limit", slow(commercelayer.Stats{Held: 11 * time.Second, Reads: 1}))
	merging := func(attribute, list string) diag.Diagnostics {
		customer := &commercelayer.Customer{ID: "xYZkjABcde"}
		if attribute == "metadata" {
			customer.Metadata = fmt.Appendf(nil, `{%q:1,%q:2}`, zoe, zoeApart)
		} else {
			customer.Relationships = map[string]commercelayer.Relationship{zoe: {}, zoeApart: {}}
		}
		var merged mergedKeys
		merged.look(customer)
		return merged.warnings(list)
	}
	add("metadata keys that are one to Terraform", merging("metadata", ""))
	add("metadata keys that are one to Terraform, of one of many", merging("metadata", "customers"))
	add("relationships that are one to Terraform", merging("relationships", ""))
	for _, large := range []*resultTooLargeError{
		{list: "customers", count: 8412, total: 10_000}, {list: "resources", count: 8412}, {},
	} {
		large.bytes, large.bound = 303330163, maxMessage-messageReserve
		name := strings.TrimSpace("result too large " + large.list)
		add(name, diag.Diagnostics{diagnose(large, ofList, now)})
	}
	return list
}

func TestListThatDidNotWaitLongIsNotCalledSlow(t *testing.T) {
	t.Parallel()
	if got := listWarnings(&commercelayer.Listing{Waited: slowWait - 1}); len(got) > 0 {
		t.Errorf("warnings: %v", got)
	}
}

func TestEachListThatWaitedIsCalledSlow(t *testing.T) {
	t.Parallel()
	for range 3 {
		got := listWarnings(&commercelayer.Listing{Waited: slowWait})
		if len(got) != 1 || got[0].Summary() != "Slowed by the rate limit" {
			t.Errorf("warnings: %v", got)
		}
	}
}

func TestAccFilterThatTheAPIMayHaveIgnoredIsDoubted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		refuted, arguments, summary string
		words                       []string
	}{
		"ignored, and it can't be compared": {
			"known-filter:ignored", `filter = { created_at_gt = "2001-01-01T00:00:00Z" }`, "Filter may have been " +
				"ignored",
			[]string{"counts 62 customers with `filter` and 62 without it", "all customers match, or the API ignored " +
				"the filter"},
		},
		"all match": {
			"", `filter = { created_at_gt = "2001-01-01T00:00:00Z" }`, "Filter may have been ignored",
			[]string{"counts 62 customers with `filter` and 62 without it"},
		},
		"compared another way": {
			"", `filter = { status_eq_or_null = "repeat" }`, "", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := []emulator.Option{emulator.WithCustomers(60)}
			if tt.refuted != "" {
				options = append(options, emulator.WithRefuted(tt.refuted))
			}
			api := startAPI(t, options...)
			warnings := newCLI(t, api.config(customersWith(tt.arguments))).apply().ok().warnings()
			if tt.summary == "" {
				if len(warnings) > 0 {
					t.Errorf("warnings: %v", warnings)
				}
				return
			}
			if len(warnings) != 1 {
				t.Fatalf("warnings: %v", warnings)
			}
			wantDiagnostic(t, warnings[0], tt.summary, tt.words...)
			if !strings.Contains(warnings[0].Snippet.Code, "filter") {
				t.Errorf("the warning does not point at the filter: %s", warnings[0])
			}
		})
	}
}

func TestAccFilterAppliedInAnotherWayNamesACustomer(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	api.Inject(emulator.Fault{
		Match: func(r *http.Request) bool { return r.URL.Query().Has("filter[q][email_eq]") },
		Answer: func(_ http.ResponseWriter, r *http.Request) {
			query := r.URL.Query()
			query.Set("filter[q][email_eq]", emulator.FullCustomerEmail)
			r.URL.RawQuery = query.Encode()
		},
		Through: true,
	})
	config := api.config(customersWith(`filter = { email_eq = "john@example.com" }`))
	warnings := newCLI(t, config).apply().ok().warnings()
	if len(warnings) != 1 {
		t.Fatalf("warnings: %v", warnings)
	}
	wantDiagnostic(t, warnings[0], "Filter applied in another way",
		`"`+emulator.FullCustomerID+`" does not match`, "counts 1 customer with `filter` and 62 without it")
}

func TestAccCountTakesOneRequestAndLeavesNoCustomer(t *testing.T) {
	t.Parallel()
	const list = "GET /api/customers?"
	for arguments, want := range map[string]struct{ request, total string }{
		`limit = 0`: {list + "page[size]=1&sort=id", "62"},
		"limit = 0\n  filter = { email_start = \"ada\" }": {
			list + "filter[q][email_start]=ada&page[size]=1&sort=id", "1",
		},
		"limit = 0\n  sort = [\"-created_at\"]\n  include = [\"customer_group\"]": {
			list + "include=customer_group&page[size]=1&sort=id", "62",
		},
		"limit = 0\n  ids = [\"xYZkjABcde\", \"nOsUcHoNeX\"]": {
			list + "filter[q][id_in]=xYZkjABcde,nOsUcHoNeX&page[size]=1&sort=id", "1",
		},
	} {
		api := startAPI(t, emulator.WithCustomers(60))
		c := newCLI(t, api.config(customersWith(arguments)))
		result := c.apply()
		result.wantOutput("total", want.total)
		result.wantOutput("ids", "[]")
		api.wantRequests(t, want.request)
		if state := c.read("terraform.tfstate"); strings.Contains(state, emulator.FullCustomerID) {
			t.Errorf("%s: a customer is in the state", arguments)
		}
	}
}
