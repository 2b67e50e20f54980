package commercelayer

import (
	"context"
	"fmt"
	"maps"
)

const (
	// maxFilterLine bounds the request line of a list with a filter, in bytes. A
	// filter can't be split.
	maxFilterLine = 8192
	// pagingRoom is what the parameters of further pages may add to it.
	pagingRoom = 128
)

// checkLength refuses a list whose requests are longer than servers take.
func (w *walk[T]) checkLength(ctx context.Context) error {
	query := listQuery(parts{all: true}, "", w.tieBroken(), MaxPageSize)
	maps.Copy(query, w.filter)
	n := requestLine(&request{path: w.path, query: query})
	if n+pagingRoom <= maxFilterLine {
		return nil
	}
	return w.fail(ctx, &Error{Class: ErrBadRequest, Length: n, Reason: fmt.Sprintf(
		"its first line would have %d bytes, and many servers take no more than %d", n, maxFilterLine)})
}

// requestLine is the length of the first line of a request, in bytes.
func requestLine(r *request) int {
	return len("GET "+r.path+"? HTTP/1.1\r\n") + len(r.query.Encode())
}
