package provider

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
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
	for kind := commercelayer.FindingIncomplete; kind <= commercelayer.FindingMissing; kind++ {
		for _, found := range []commercelayer.Finding{
			{Kind: kind, Read: 25, Counted: 1234, ID: "xYZkjABcde", Name: "created_at"},
			{Kind: kind, Read: 25, Counted: 1234, Changed: true},
		} {
			for _, c := range []noun{customerNoun, relatedNoun} {
				var diags diag.Diagnostics
				(&providerData{}).warnAbout(commercelayer.Findings{found}, c, &diags)
				if !found.Changed || kind == commercelayer.FindingIncomplete {
					add(fmt.Sprintf("finding %d about %s", kind, c.many), diags)
				}
			}
		}
	}
	var slowList diag.Diagnostics
	warnIfListSlow(22*time.Second, &slowList)
	add("list slowed by the rate limit", slowList)
	slow := func(stats commercelayer.Stats) (diags diag.Diagnostics) {
		(&providerData{}).warnIfSlow(stats, &diags)
		return diags
	}
	add("reads slowed by the rate limit", slow(commercelayer.Stats{Held: 102 * time.Second, Reads: 500}))
	add("read slowed by the rate limit", slow(commercelayer.Stats{Held: 11 * time.Second, Reads: 1}))
	key := new(mergedKeys).named("xYZkjABcde", []string{zoe})
	add("metadata keys that are one to Terraform", (&mergedKeys{metadata: key}).warnings(""))
	add("metadata keys that are one to Terraform, of many",
		(&mergedKeys{metadata: slices.Repeat(key, maxMergedShown+1000)}).warnings("customers"))
	add("relationships that are one to Terraform", (&mergedKeys{relationships: key}).warnings(""))
	for _, large := range []*resultTooLargeError{
		{list: "customers", count: 8412, total: 10_000}, {list: "resources", count: 8412}, {},
	} {
		large.bytes, large.bound = 303330163, maxResult
		name := strings.TrimSpace("result too large " + large.list)
		add(name, diag.Diagnostics{diagnose(large, ofList)})
	}
	return list
}

func TestListThatDidNotWaitLongIsNotCalledSlow(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	if warnIfListSlow(slowWait-1, &diags); len(diags) > 0 {
		t.Errorf("warnings: %v", diags)
	}
}

// Findings with one cause for all reads are told once in a run. The others are
// told for each result.
func TestFindingsWithOneCauseAreToldOnceARun(t *testing.T) {
	t.Parallel()
	for kind, want := range map[commercelayer.FindingKind]int{
		commercelayer.FindingNotIncluded: 1, commercelayer.FindingMissing: 1, commercelayer.FindingIncomplete: 3,
	} {
		data, warnings := &providerData{}, 0
		for range 3 {
			var diags diag.Diagnostics
			data.warnAbout(commercelayer.Findings{{Kind: kind}}, customerNoun, &diags)
			warnings += diags.WarningsCount()
		}
		if warnings != want {
			t.Errorf("kind %d: %d warnings, want %d", kind, warnings, want)
		}
	}
}

// TestResultsInDoubtAreTold reads from APIs that do not do as they are asked. The
// tests of the client have every way.
func TestResultsInDoubtAreTold(t *testing.T) {
	t.Parallel()
	for reader, tt := range map[string]struct {
		refuted, summary string
		given            args
	}{
		oneCustomer: {
			"include-obeyed:ignored", "Include may have been ignored",
			args{"id": emulator.FullCustomerID, "include": []any{"tags"}},
		},
		manyCustomers:    {"id-gt:ignored", "Customers read by page number", nil},
		relatedResources: {"id-gt:ignored", "Related resources read by page number", args{"relationship": "orders"}},
	} {
		api := startAPI(t, emulator.WithCustomers(60), emulator.WithRefuted(tt.refuted))
		if reader == relatedResources {
			tt.given["customer_id"] = api.CustomerIDs()[2] // who has many orders
		}
		for kind := range newProtocol(t).readers(reader) {
			read := connect(t, api).readers(reader)[kind]
			if d := wantOne(t, read(t, reader, tt.given).diagnostics, tt.summary); d.Severity != "warning" {
				t.Errorf("got %s", d)
			}
		}
	}
}

func TestAccWarningAboutAFilterPointsAtIt(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	warnings := newCLI(t, api.config(customersWith(`filter = { status_not_eq = "gone" }`))).apply().ok().warnings()
	if d := wantOne(t, warnings, "Filter may have been ignored"); !strings.Contains(d.Snippet.Code, "filter") {
		t.Error(d)
	}
}

// A server may send the token back as an ID.
func TestWarningShowsNoSecretAsAnID(t *testing.T) {
	t.Parallel()
	const token = "AnOpaqueToken0123456789abcdef"
	known := redact.NewSecrets(token)
	d := &providerData{settings: settings{provenance: provenance{known: known}}}
	for _, kind := range []commercelayer.FindingKind{commercelayer.FindingUnmatched, commercelayer.FindingMissing} {
		var diags diag.Diagnostics
		d.warnAbout(commercelayer.Findings{{Kind: kind, ID: token, Name: "status_eq"}}, noun{}, &diags)
		if text := fmt.Sprint(diags); len(diags) != 1 || strings.Contains(text, token[:8]) {
			t.Errorf("the warning is %s", text)
		}
	}
	merged := mergedKeys{known: known}
	merged.look(&commercelayer.Customer{ID: token, Metadata: json.RawMessage(`{"` + zoe + `":1,"` + zoeApart + `":2}`)})
	if text := fmt.Sprint(merged.warnings("")); strings.Contains(text, token[:8]) || !strings.Contains(text, zoe) {
		t.Errorf("the warning is %s", text)
	}
}
