package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// listWarnings says what of a list the API did not do as it was asked to, and
// how long the rate limit held the list up.
func listWarnings(list *commercelayer.Listing) diag.Diagnostics {
	var diags diag.Diagnostics
	if list.Unordered {
		diags.AddWarning("Customers read by page number",
			"The API does not list customers in the order of their IDs, so they were read by page number. Customers "+
				"that came or went meanwhile may be missing.")
	}
	if list.Changed {
		diags.AddWarning("Customers changed while they were read",
			fmt.Sprintf("The API now counts another number of customers than the %s that were read, so some may be "+
				"missing. Run again; without `sort`, customers that come and go do no harm.", thousands(list.Count)))
	}
	if list.Doubt != nil {
		diags.Append(doubtWarning(list.Doubt))
	}
	if list.Waited >= slowWait {
		diags.AddWarning("Slowed by the rate limit", fmt.Sprintf(
			"Reading the customers was slowed by the rate limit of the API for %s. The limit is shared by everything "+
				"behind the same IP address. "+
				"One request reads up to %d customers: a narrower `filter` or a `limit` needs fewer requests, and "+
				"fewer plans at the same time leave more of the limit for each.",
			humanDuration(list.Waited), commercelayer.MaxPageSize))
	}
	return diags
}

// doubtWarning says why the customers may not be the ones that the filter asks
// for.
func doubtWarning(d *commercelayer.Doubt) diag.Diagnostic {
	counts := fmt.Sprintf("The API counts %s with `filter` and %s without it.", customers(d.With), thousands(d.Without))
	const check = "Check the result, for example with a postcondition."
	if d.ID == "" {
		return diag.NewAttributeWarningDiagnostic(path.Root("filter"), "Filter may have been ignored",
			counts+" Either all of them match, or the API ignored the filter, which the provider can't compare with "+
				"the customers itself. "+check)
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("filter"), "Filter applied in another way",
		fmt.Sprintf("The customer %q does not match `filter` as the provider understands it. %s So the API did apply "+
			"the filter, in a way of its own. %s",
			commercelayer.Redact(d.ID), counts, check))
}

// customers is a number of them.
func customers(n int) string {
	if n == 1 {
		return "1 customer"
	}
	return thousands(n) + " customers"
}
