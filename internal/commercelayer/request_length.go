package commercelayer

import (
	"context"
	"fmt"
	"maps"
)

const (
	// maxFilterLine is the longest request line in bytes of a list with a filter.
	// A filter can't be split into several requests.
	maxFilterLine = 8192
	// pagingRoom is how many bytes the parameters of later pages may add.
	pagingRoom = 128
)

// checkLength fails if the requests of a list are longer than many servers
// accept.
func (g *pager) checkLength(ctx context.Context) error {
	query := listQuery(g.sort(), MaxPageSize)
	maps.Copy(query, g.query)
	n := requestLine(&request{path: g.operation.path, query: query})
	if n+pagingRoom <= maxFilterLine {
		return nil
	}
	return g.fail(ctx, &Error{Class: ErrBadRequest, Length: n, Reason: fmt.Sprintf(
		"its first line would have %d bytes, and many servers take no more than %d", n, maxFilterLine)})
}

// requestLine returns the length in bytes of the first line of a request.
func requestLine(r *request) int {
	return len("GET "+r.path+"? HTTP/1.1\r\n") + len(r.query.Encode())
}
