package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// checkResult is the advice for a result that may hold other elements than were
// asked for.
const checkResult = "Check the result, for example with a postcondition."

// A findingText makes the warning about a finding.
type findingText struct {
	// attribute is the argument that the finding is about, or empty.
	attribute string
	// once is set if one warning in a run is enough: the cause is the same for all
	// reads.
	once  bool
	title func(noun, commercelayer.Finding) string
	text  func(noun, commercelayer.Finding) string
}

func titled(title string) func(noun, commercelayer.Finding) string {
	return func(noun, commercelayer.Finding) string { return title }
}

func of(title string) func(noun, commercelayer.Finding) string {
	return func(n noun, _ commercelayer.Finding) string { return capital(n.many) + " " + title }
}

// findingTexts has a text for each kind of finding. A test holds it complete.
var findingTexts = map[commercelayer.FindingKind]findingText{
	commercelayer.FindingIncomplete: {
		title: func(n noun, f commercelayer.Finding) string {
			return capital(n.many) + " " +
				either(f.Changed, "changed while they were read", "missing from the answers of the API")
		},
		text: func(n noun, f commercelayer.Finding) string {
			text := fmt.Sprintf("The provider read %s, but the API counts %s. ", n.number(f.Read), thousands(f.Counted))
			if f.Changed {
				return text + "The list changed during the read. Some may be missing. Run again."
			}
			return text + "It counted once more, and the numbers still differ. Some may be missing. Run again. If the " +
				"warning stays, please report it."
		},
	},
	commercelayer.FindingChanged: {
		title: of("changed while they were read"),
		text: func(n noun, f commercelayer.Finding) string {
			return fmt.Sprintf("The provider read %s. The list changed during the read, so some may be missing. Run "+
				"again. Without `sort`, the provider reads by ID, and such changes do no harm.", n.number(f.Read))
		},
	},
	commercelayer.FindingUnordered: {
		title: of("read by page number"),
		text: func(n noun, _ commercelayer.Finding) string {
			return fmt.Sprintf("The API does not list %[1]s in the order of their IDs, so the provider read them by "+
				"page number. If %[1]s were created or deleted during the read, some may be missing.", n.many)
		},
	},
	commercelayer.FindingUncounted: {
		attribute: "limit",
		title:     of("not counted by the API"),
		text: func(n noun, f commercelayer.Finding) string {
			return fmt.Sprintf("The API does not tell how many %s match. The provider read %s, as `limit` says. "+
				"`total_count` is only what came, and there may be more.", n.many, thousands(f.Read))
		},
	},
	commercelayer.FindingFilterDoubt: {
		attribute: attrFilter,
		title:     titled("Filter may have been ignored"),
		text: func(n noun, f commercelayer.Finding) string {
			if f.Read < 0 || f.Counted < 0 {
				return fmt.Sprintf("The API does not count the %s. So it can't be told whether it applied the predicate `%s` "+
					"or ignored it. The provider can't check it itself. %s",
					n.many, commercelayer.Redact(f.Name), checkResult)
			}
			return fmt.Sprintf("The API counts %s with `filter`, and %s without its predicate `%s`. Either all %s match "+
				"it, or the API ignored it. The provider can't check it itself. %s",
				n.number(f.Read), thousands(f.Counted), commercelayer.Redact(f.Name), n.many, checkResult)
		},
	},
	commercelayer.FindingUnmatched: {
		attribute: attrFilter,
		title:     titled("Filter applied in another way"),
		text: func(n noun, f commercelayer.Finding) string {
			return fmt.Sprintf("The %s %q does not match `%s` by the provider's own check. With a value that nobody "+
				"has, the API finds nothing. So the API did apply the filter, but by other rules than the provider. %s",
				n.one, commercelayer.Redact(f.ID), commercelayer.Redact(f.Name), checkResult)
		},
	},
	commercelayer.FindingUnsorted: {
		attribute: "sort",
		title:     titled("Order not as asked for"),
		text: func(n noun, f commercelayer.Finding) string {
			return fmt.Sprintf("The %s are not in the order of `%s`. Their values may have changed during the read, or "+
				"the API ignored `sort`. Then a `limit` leaves out the wrong ones. %s",
				n.many, commercelayer.Redact(f.Name), checkResult)
		},
	},
	commercelayer.FindingNotIncluded: {
		attribute: "include", once: true,
		title: titled("Include may have been ignored"),
		text: func(n noun, _ commercelayer.Finding) string {
			return fmt.Sprintf("Nothing in the answer shows that the API obeyed `include`: it has no included resources, "+
				"and no relationship of the %s says what it leads to. So `data` of the relationships is null, which "+
				"means that nobody knows, and not that there is nothing.", n.one)
		},
	},
	commercelayer.FindingMissing: {
		once:  true,
		title: titled("Attribute missing from the answer"),
		text: func(n noun, f commercelayer.Finding) string {
			return fmt.Sprintf("The %s %q came without `%s`, which every organization has. It is null here. "+
				"Something on the way, such as a cache, may have answered with other fields than were asked for. If "+
				"the answer is a recorded one, the recording lacks the attribute.",
				n.one, commercelayer.Redact(f.ID), commercelayer.Redact(f.Name))
		},
	},
}

// warnAbout makes warnings of what the client found about the answers. It is
// the only place that does so, for all data sources and ephemeral resources.
func (d *providerData) warnAbout(findings commercelayer.Findings, n noun, diags *diag.Diagnostics) {
	secrets := redact.NewSecrets(d.secrets...)
	for _, found := range findings {
		found.ID = redact.Name(found.ID, secrets)
		t := findingTexts[found.Kind]
		if t.once {
			if _, again := d.told.LoadOrStore(found.Kind, true); again {
				continue
			}
		}
		title, text := t.title(n, found), t.text(n, found)
		if t.attribute == "" {
			diags.AddWarning(title, text)
		} else {
			diags.AddAttributeWarning(path.Root(t.attribute), title, text)
		}
	}
}
