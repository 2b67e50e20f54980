package commercelayer

import (
	"fmt"
	"strings"
)

// maxListed is how many entries of a list are shown at most.
const maxListed = 25

// list returns the first entries of a list in quotes, with commas in between,
// and how many more there are. Each entry is scrubbed by itself. At most most
// entries are shown, and never more than maxListed.
func (s *scrubber) list(entries []string, most int) string {
	shown := min(len(entries), max(most, 1), maxListed)
	var b strings.Builder
	for i, entry := range entries[:shown] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + s.text(entry) + `"`)
	}
	if more := len(entries) - shown; more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	return b.String()
}
