package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

const (
	// maxMessage bounds a message of the plugin protocol. The CLI refuses a larger
	// one, with an error that speaks of the plugin and not of customers.
	maxMessage = 256 << 20
	// messageReserve is what of a message is left to all that is not the result:
	// the warnings, and the protocol's own few bytes.
	messageReserve = 64 << 10
)

// A resultTooLargeError says that a result does not fit into a message.
type resultTooLargeError struct {
	// bytes is how large the result was when that became certain, and bound how
	// large it may be.
	bytes, bound int
	// customers is how many it held then, or 0 if they were not counted.
	customers int
}

// Error implements the error interface.
func (e *resultTooLargeError) Error() string {
	return fmt.Sprintf("the result has %d bytes, of %d that are possible", e.bytes, e.bound)
}

const tooLargeSummary = "Result too large"

// diagnostic says how far the read came, of so many customers in all.
func (e *resultTooLargeError) diagnostic(total int) diag.Diagnostic {
	return diag.NewErrorDiagnostic(tooLargeSummary, e.detail(total))
}

// protocolDiagnostic is the same where the framework has done its part.
func (e *resultTooLargeError) protocolDiagnostic() *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: tooLargeSummary, Detail: e.detail(0)}
}

func (e *resultTooLargeError) detail(total int) string {
	const advice = "Name the attributes that you use in `fields`, above all leave out a large `metadata`. "
	what := fmt.Sprintf("The result has become %s large", humanBytes(e.bytes))
	if e.customers > 0 {
		what += " with the customer number " + thousands(e.customers)
		if total > e.customers {
			what += " of " + thousands(total)
		}
	}
	return what + fmt.Sprintf(". One message of the plugin protocol holds at most %s, so the CLI would not take it. Nothing of it was used.\n\n", humanBytes(e.bound)) +
		advice + "Fewer relationships in `include` help too. Of many customers read fewer, with a narrower `filter` or a `limit`."
}

// humanBytes writes a size for people: 700 bytes, 1.5 KiB, 289 MiB.
func humanBytes(n int) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
}
