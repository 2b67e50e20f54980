package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// A counted is what a warning about a list calls its elements.
type counted struct{ one, many string }

var (
	countedCustomers = counted{"customer", "customers"}
	countedResources = counted{"related resource", "related resources"}
)

// number is a number of elements, such as 1 customer.
func (c counted) number(n int) string {
	return thousands(n) + " " + either(n == 1, c.one, c.many)
}

// listWarnings warns if a list of customers may be incomplete or may have the
// wrong customers, and if the rate limit slowed it down.
func listWarnings(list *commercelayer.Listing) diag.Diagnostics {
	var diags diag.Diagnostics
	if list.Unordered {
		diags.AddWarning("Customers read by page number", countedCustomers.unordered())
	}
	if list.Changed {
		diags.AddWarning("Customers changed while they were read", countedCustomers.changed(list.Count, list.Unordered))
	}
	if list.Doubt != nil {
		diags.Append(doubtWarning(countedCustomers, list.Doubt))
	}
	if list.Waited >= slowWait {
		diags.AddWarning("Slowed by the rate limit", fmt.Sprintf(
			"The API's rate limit slowed the reading of the customers by %s. "+sharedLimit+
				" One request reads up to %d customers. A narrower `filter` or a `limit` needs fewer requests. If fewer "+
				"plans run at the same time, each has more of the limit.",
			humanDuration(list.Waited), commercelayer.MaxPageSize))
	}
	return diags
}

// relatedWarnings warns if a list of related resources may be incomplete or may
// have the wrong resources.
func relatedWarnings(list *commercelayer.RelatedListing) diag.Diagnostics {
	var diags diag.Diagnostics
	if list.Unordered {
		diags.AddWarning("Related resources read by page number", countedResources.unordered())
	}
	if list.Changed {
		diags.AddWarning("Related resources changed while they were read",
			countedResources.changed(list.Count, list.Unordered))
	}
	if list.Doubt != nil {
		diags.Append(doubtWarning(countedResources, list.Doubt))
	}
	return diags
}

// unordered is the text for a list that the provider could not read in the
// order of IDs.
func (c counted) unordered() string {
	return fmt.Sprintf("The API does not list %[1]s in the order of their IDs, so the provider read them by page "+
		"number. If %[1]s were created or deleted during the read, some may be missing.", c.many)
}

// changed is the text for a list that changed during the read. Its advice to
// leave out `sort` helps only if the API lists in the order of IDs.
func (c counted) changed(count int, unordered bool) string {
	text := fmt.Sprintf("The provider read %s, but the API now counts another number. Some may be missing. Run "+
		"again.", c.number(count))
	if !unordered {
		text += " Without `sort`, the provider reads by ID, and such changes do no harm."
	}
	return text
}

// doubtWarning says why the elements may not be those that the filter selects.
func doubtWarning(c counted, d *commercelayer.Doubt) diag.Diagnostic {
	counts := fmt.Sprintf("The API counts %s with `filter` and %s without it.", c.number(d.With), thousands(d.Without))
	const check = "Check the result, for example with a postcondition."
	if d.ID == "" {
		return diag.NewAttributeWarningDiagnostic(path.Root("filter"), "Filter may have been ignored", fmt.Sprintf(
			"%s Either all %s match, or the API ignored the filter. The provider can't check this filter itself. %s",
			counts, c.many, check))
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("filter"), "Filter applied in another way", fmt.Sprintf(
		"The %s %q does not match `filter` by the provider's own check. %s So the API did apply the filter, but by "+
			"other rules than the provider. %s", c.one, commercelayer.Redact(d.ID), counts, check))
}
