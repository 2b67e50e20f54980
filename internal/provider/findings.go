package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// A findingText is the warning about a finding. Its texts may hold the placeholders
// of [noun.placeholders], and {id}, {name}, {read}, {counted} and {number}, which is
// how many resources were read.
type findingText struct {
	// attribute is the argument that the finding is about, or empty.
	attribute string
	// once is set if one warning in a run is enough: the cause is the same for all
	// reads.
	once          bool
	summary, text string
	// refine changes the text where it depends on more than the kind. It is nil if
	// it does not.
	refine func(*findingText, commercelayer.Finding)
}

// checkResult is the advice for a result that may hold other elements than were
// asked for.
const checkResult = " Check the result, for example with a postcondition."

// findingTexts has a text for each kind of finding. A test holds it complete.
var findingTexts = map[commercelayer.FindingKind]findingText{
	commercelayer.FindingIncomplete: {
		summary: "{Many} missing from the answers of the API",
		text: "The provider read {number}, but the API counts {counted}. It counted once more, and the numbers still " +
			"differ. Some may be missing. Run again. If the warning stays, please report it.",
		refine: func(t *findingText, f commercelayer.Finding) {
			if f.Changed {
				t.summary = "{Many} changed while they were read"
				t.text = "The provider read {number}, but the API counts {counted}. The list changed during the read. " +
					"Some may be missing. Run again."
			}
		},
	},
	commercelayer.FindingChanged: {
		summary: "{Many} changed while they were read",
		text: "The provider read {number}. The list changed during the read, so some may be missing. Run again. " +
			"Without `sort`, the provider reads by ID, and such changes do no harm.",
	},
	commercelayer.FindingUnordered: {
		summary: "{Many} read by page number",
		text: "The API does not continue a list after an ID as expected, so the provider read the {many} by page " +
			"number. If {many} were created or deleted during the read, some may be missing.",
	},
	commercelayer.FindingUncounted: {
		attribute: "limit",
		summary:   "{Many} not counted by the API",
		text: "The API does not tell how many {many} match. The provider read {read}, as `limit` says. `total_count` " +
			"is only what came, and there may be more.",
	},
	commercelayer.FindingFilterDoubt: {
		attribute: attrFilter,
		summary:   "Filter may have been ignored",
		text: "The API counts {number} with `filter`, and {counted} without its predicate `{name}`. Either all {many} " +
			"match it, or the API ignored it. The provider can't check it itself." + checkResult,
		refine: func(t *findingText, f commercelayer.Finding) {
			if f.Read < 0 || f.Counted < 0 {
				t.text = "The API does not count the {many}. So it can't be told whether it applied the predicate " +
					"`{name}` or ignored it. The provider can't check it itself." + checkResult
			}
		},
	},
	commercelayer.FindingUnmatched: {
		attribute: attrFilter,
		summary:   "Filter applied in another way",
		text: "The {one} \"{id}\" does not match `{name}` by the provider's own check. But another request shows that " +
			"the API knows the predicate. So it compares by other rules than the provider, or something on the way " +
			"has dropped the predicate from one of the requests." + checkResult,
	},
	commercelayer.FindingUnsorted: {
		attribute: "sort",
		summary:   "Order not as asked for",
		text: "The {many} are not in the order of `{name}`. Their values may have changed during the read, or the API " +
			"ignored `sort`. Then a `limit` leaves out the wrong ones." + checkResult,
	},
	commercelayer.FindingNotIncluded: {
		attribute: "include", once: true,
		summary: "Include may have been ignored",
		text: "Nothing in the answer shows that the API obeyed `include`: it has no included resources, and no " +
			"relationship of the {one} says what it leads to. So `data` of the relationships is null, which means " +
			"that nobody knows, and not that there is nothing.",
	},
	commercelayer.FindingMissing: {
		once:    true,
		summary: "Attribute missing from the answer",
		text: "The {one} \"{id}\" came without `{name}`, which every organization has. It is null here. Something on " +
			"the way, such as a cache, may have answered with other fields than were asked for. If the answer is a " +
			"recorded one, the recording lacks the attribute.",
	},
}

// warnAbout makes warnings of what the client found about the answers. It is
// the only place that does so, for all data sources and ephemeral resources.
func (d *providerData) warnAbout(findings commercelayer.Findings, n noun, diags *diag.Diagnostics) {
	for _, found := range findings {
		t := findingTexts[found.Kind]
		if t.once {
			if _, again := d.told.LoadOrStore(found.Kind, true); again {
				continue
			}
		}
		if t.refine != nil {
			t.refine(&t, found)
		}
		filled := strings.NewReplacer(append(n.placeholders(),
			"{id}", d.known.Name(found.ID), "{name}", redact.Name(found.Name),
			"{number}", n.number(found.Read), "{read}", thousands(found.Read), "{counted}", thousands(found.Counted),
		)...)
		diags.Append(beside(t.attribute, diag.NewWarningDiagnostic(filled.Replace(t.summary), filled.Replace(t.text))))
	}
}
