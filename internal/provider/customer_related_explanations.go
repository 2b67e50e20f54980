package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// explainNoRelationship is for a customer who exists, or may exist, and a name
// that none of his relationships has.
func explainNoRelationship(e *commercelayer.Error, q question) explanation {
	t := explanation{
		attribute: "relationship",
		summary:   "Relationship not found",
		what: fmt.Sprintf("A customer has no relationship with the name %q%s.",
			commercelayer.Redact(q.related), where(e)),
		advice: "Check the name in `relationship`: it is a key of the attribute `relationships` of a customer, such " +
			"as `orders`, `tags` or `customer_group`.",
	}
	if e.Reason != "" {
		t.what = fmt.Sprintf("The customer with the ID %q has no relationship with the name %q%s.",
			commercelayer.Redact(q.value), commercelayer.Redact(q.related), where(e))
		t.advice = "Check the name in `relationship`: " + e.Reason + "."
	}
	return t
}

// relatedWarnings says what of a list the API did not do as it was asked to.
func relatedWarnings(list *commercelayer.RelatedListing) diag.Diagnostics {
	var diags diag.Diagnostics
	if list.Unordered {
		diags.AddWarning("Related resources read by page number",
			"The API does not list them in the order of their IDs, so they were read by page number. "+
				"Those that came or went meanwhile may be missing.")
	}
	if list.Changed {
		diags.AddWarning("Related resources changed while they were read",
			fmt.Sprintf("The API now counts another number of them than the %s that were read, so some may be "+
				"missing. Run again; without `sort`, resources that come and go do no harm.", thousands(list.Count)))
	}
	if list.Doubt != nil {
		diags.Append(relatedDoubt(list.Doubt))
	}
	return diags
}

// relatedDoubt says why the resources may not be the ones that the filter asks
// for.
func relatedDoubt(d *commercelayer.Doubt) diag.Diagnostic {
	counts := fmt.Sprintf("The API counts %s with `filter` and %s without it.", thousands(d.With), thousands(d.Without))
	const check = "Check the result, for example with a postcondition."
	if d.ID == "" {
		return diag.NewAttributeWarningDiagnostic(path.Root("filter"), "Filter may have been ignored",
			counts+" Either all of the related resources match, or the API ignored the filter, "+
				"which the provider can't compare with them itself. "+check)
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("filter"), "Filter applied in another way",
		fmt.Sprintf("The resource %q does not match `filter` as the provider understands it. %s "+
			"So the API did apply the filter, in a way of its own. %s", commercelayer.Redact(d.ID), counts, check))
}
