package provider

import (
	"fmt"
	"strings"

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
	// list names the attribute that is a long list, such as customers, or is empty.
	// count is how many elements it held then, and total how many there are in all,
	// or 0 if that is not known.
	list         string
	count, total int
}

// Error implements the error interface.
func (e *resultTooLargeError) Error() string {
	return fmt.Sprintf("the result has %d bytes, of %d that are possible", e.bytes, e.bound)
}

const tooLargeSummary = "Result too large"

// diagnostic says how far the read came.
func (e *resultTooLargeError) diagnostic() diag.Diagnostic {
	return diag.NewErrorDiagnostic(tooLargeSummary, e.detail())
}

// protocolDiagnostic is the same where the framework has done its part.
func (e *resultTooLargeError) protocolDiagnostic() *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: tooLargeSummary, Detail: e.detail(),
	}
}

func (e *resultTooLargeError) detail() string {
	what := fmt.Sprintf("The result has become %s large", humanBytes(e.bytes))
	if e.list != "" {
		what += fmt.Sprintf(" with the %s number %s", strings.TrimSuffix(e.list, "s"), thousands(e.count))
		if e.total > e.count {
			what += " of " + thousands(e.total)
		}
	}
	what += fmt.Sprintf(". One message of the plugin protocol holds at most %s, so the CLI would not take it. "+
		"Nothing of it was used.\n\n", humanBytes(e.bound))
	const (
		fields = "Name the attributes that you use in `fields`: a large `metadata` is often what can be left out. "
		fewer  = ", with a narrower `filter` or a `limit`. "
	)
	switch e.list {
	case "":
		what += fields
	case "customers":
		what += fields + "Or read fewer" + fewer
	default: // resources of other kinds have no fields to choose from
		what += "Read fewer" + fewer
	}
	return what + "Fewer relationships in `include` help too."
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
