package provider

import (
	"fmt"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// explainNoRelationship explains that a customer has no relationship with the
// given name. Whether the customer exists is known only if the error has a
// reason.
func explainNoRelationship(e *commercelayer.Error, q question) explanation {
	t := explanation{
		attribute: "relationship",
		summary:   "Relationship not found",
		what: fmt.Sprintf("A customer has no relationship with the name %q%s.",
			commercelayer.Redact(q.related), where(e)),
		advice: "Check the name in `relationship`. It must be a key of the attribute `relationships` of a customer, " +
			"such as `orders`, `tags` or `customer_group`.",
	}
	if e.Reason != "" {
		t.what = fmt.Sprintf("The customer with the ID %q has no relationship with the name %q%s.",
			commercelayer.Redact(q.value), commercelayer.Redact(q.related), where(e))
		t.advice = "Check the name in `relationship`: " + e.Reason + "."
	}
	return t
}
