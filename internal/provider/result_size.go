package provider

import (
	"fmt"
	"strings"
)

const (
	// maxMessage is the greatest size of a message of the plugin protocol. The
	// CLI refuses a larger message with an error that does not name the cause.
	// So the provider reports the error itself.
	maxMessage = 256 << 20
	// messageReserve is the part of a message that is left for warnings and for
	// the protocol's own data.
	messageReserve = 64 << 10
	// maxResult is the greatest size of a read's result, in bytes.
	maxResult = maxMessage - messageReserve
)

// A resultTooLargeError says that a result does not fit into a message.
type resultTooLargeError struct {
	// bytes is the size of the result when the read stopped, and bound the
	// greatest size that is possible.
	bytes, bound int
	// list names the attribute that is a long list, such as customers, or is
	// empty. count is the number of its elements when the read stopped. total
	// is the number of all elements, or 0 if that is not known.
	list         string
	count, total int
}

// Error implements the error interface.
func (e *resultTooLargeError) Error() string {
	return fmt.Sprintf("the result has %d bytes, and at most %d are possible", e.bytes, e.bound)
}

const tooLargeSummary = "Result too large"

// detail is the text for the user.
func (e *resultTooLargeError) detail() string {
	what := "The result reached a size of " + humanBytes(e.bytes)
	if e.list != "" {
		what += fmt.Sprintf(" with the %s number %s", strings.TrimSuffix(e.list, "s"), thousands(e.count))
		if e.total > e.count {
			what += " of " + thousands(e.total)
		}
	}
	what += fmt.Sprintf(". A message of the plugin protocol holds at most %s, so the CLI would refuse it. "+
		"The result was not used.\n\n", humanBytes(e.bound))
	const (
		fields = "List the attributes that you need in `fields`. Often a large `metadata` can be left out. "
		fewer  = ", with a narrower `filter` or a `limit`. "
	)
	switch e.list {
	case "":
		what += fields
	case "customers":
		what += fields + "Or read fewer" + fewer
	default: // the data source of related resources has no argument `fields`
		what += "Read fewer" + fewer
	}
	return what + "Fewer relationships in `include` help too."
}
