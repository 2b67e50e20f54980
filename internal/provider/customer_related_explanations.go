package provider

import (
	"fmt"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// explainNoRelationship explains that a customer has no relationship with the
// given name. The reason names those that the customer has.
func explainNoRelationship(e *commercelayer.Error, q question) explanation {
	return explanation{
		attribute: "relationship",
		summary:   "Relationship not found",
		what: fmt.Sprintf("The customer with the ID %q has no relationship with the name %q%s.",
			commercelayer.Redact(q.value), commercelayer.Redact(q.related), where(e)),
		advice: "Check the name in `relationship`" + reason(e) + ".",
	}
}
