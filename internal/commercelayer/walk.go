package commercelayer

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
)

// MaxUnlimited is the largest number of resources that are read without a
// limit.
const MaxUnlimited = 10_000

// A walk reads the pages of a list, one after the other. Without a sort it
// reads them in the API's own order of IDs. Each page then starts after the
// last ID of the page before. So nothing is lost or read twice while resources
// are created or deleted. IDs are never compared here, because their order is
// known only to the API.
type walk[T any] struct {
	client *Client
	// question and progress belong to the walk as a whole.
	question question
	progress *progress
	// path is the path of the list. kind is what the list contains, in the plural
	// ("customers").
	path, kind string
	// filter holds the parameters of each request, except those for paging.
	filter url.Values
	sort   []string
	// limit is the largest number of resources to yield. 0 means no limit.
	limit int
	// unbounded removes the bound of [MaxUnlimited].
	unbounded bool
	// bare leaves paging and sorting out of the requests. The API may refuse them
	// if the answer is a single resource.
	bare bool
	// decode reads a page with up to size resources.
	decode func(body []byte, size int) (*page[T], *Error)
	// check returns an error for a resource that must not be returned.
	check func(T, Claims) *Error

	// seen holds the IDs of the resources that were read so far.
	seen map[string]bool
	// outcome may be read after the last page.
	outcome
}

// An outcome describes a list that was read.
type outcome struct {
	// Total is the number of matches. It may be larger than Count if there is a
	// limit.
	Total int
	// Count is the number of resources that were yielded.
	Count int
	// Changed is set if resources may be missing. The list has changed while it
	// was read by page number, or the API counts more matches than it sent.
	Changed bool
	// Unordered is set if the API does not list by ID as expected. The list was
	// then read by page number.
	Unordered bool
}

// pages yields the resources page by page. An error ends the list, and the
// pages before it are not a valid result.
func (w *walk[T]) pages(ctx context.Context) iter.Seq2[[]T, error] {
	w.seen = map[string]bool{}
	return func(yield func([]T, error) bool) {
		var err error
		if len(w.sort) > 0 {
			err = w.byNumber(ctx, w.tieBroken(), yield)
		} else {
			err = w.byID(ctx, yield)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// fetch reads one page with further parameters and checks it.
func (w *walk[T]) fetch(ctx context.Context, more url.Values, sort []string, size int) (*page[T], error) {
	return w.fetchOf(ctx, more, sort, size, size)
}

// fetchOf is like fetch, but accepts up to most resources.
func (w *walk[T]) fetchOf(ctx context.Context, more url.Values, sort []string, size, most int) (*page[T], error) {
	query := url.Values{}
	if !w.bare {
		query = listQuery(parts{all: true}, "", sort, size)
	}
	maps.Copy(query, w.filter)
	maps.Copy(query, more)
	p, err := fetchPage(ctx, w.client, w.progress, &request{path: w.path, query: query}, most, w.decode, w.check)
	if err != nil {
		return nil, w.fail(ctx, err)
	}
	return p, nil
}

// fetchPage sends one request for a page.
func fetchPage[T any](
	ctx context.Context, c *Client, p *progress, r *request, size int,
	decode func([]byte, int) (*page[T], *Error), check func(T, Claims) *Error,
) (*page[T], error) {
	got, err := c.road(ctx, p, func() *request { return r })
	if err != nil {
		return nil, err
	}
	fetched, failure := decode(got.body, size)
	if failure != nil {
		return nil, failure
	}
	sent := make(map[string]T, len(fetched.items))
	for _, read := range fetched.items {
		if read.err != nil {
			return nil, read.err
		}
		if other, twice := sent[read.id]; twice && !reflect.DeepEqual(other, read.value) {
			return nil, malformed("the answer holds %q twice, with different content", Redact(read.id))
		}
		sent[read.id] = read.value
		if failure := check(read.value, p.standing().claims); failure != nil {
			return nil, failure
		}
	}
	return fetched, nil
}

// fail makes the error of the reader that asked for the list.
func (w *walk[T]) fail(ctx context.Context, err error) *Error {
	return w.question.failure(ctx, err, w.progress)
}

// begin takes the number of matches from the first page. It fails if there are
// too many for a list without a limit.
func (w *walk[T]) begin(ctx context.Context, first *page[T]) error {
	w.Total = max(first.total, len(first.items))
	return w.bound(ctx, w.Total)
}

func (w *walk[T]) bound(ctx context.Context, n int) error {
	if w.limit == 0 && !w.unbounded && n > MaxUnlimited {
		return w.fail(ctx, &Error{Class: ErrTooMany, Count: n})
	}
	return nil
}

// size returns the size of the next page. It is not larger than what the limit
// leaves.
func (w *walk[T]) size() int {
	if w.limit == 0 {
		return MaxPageSize
	}
	return min(MaxPageSize, w.limit-w.Count)
}

// take returns the resources of a page that are new and within the limit. It
// also returns how many were read before.
func (w *walk[T]) take(p *page[T]) (fresh []T, repeated int) {
	for _, read := range p.items {
		if w.seen[read.id] {
			repeated++
			continue
		}
		w.seen[read.id] = true
		if w.limit == 0 || w.Count < w.limit {
			w.Count++
			fresh = append(fresh, read.value)
		}
	}
	return fresh, repeated
}

// full tells whether the limit is reached.
func (w *walk[T]) full() bool { return w.limit > 0 && w.Count >= w.limit }

// after returns the parameter that starts a page after an ID.
func after(id string) url.Values { return url.Values{filterKey("id_gt"): {id}} }

// byID reads the list in the order of the IDs.
func (w *walk[T]) byID(ctx context.Context, yield func([]T, error) bool) error {
	var start url.Values
	for {
		size := w.size()
		p, err := w.fetch(ctx, start, []string{"id"}, size)
		switch {
		case err != nil && start != nil && refusesFilter(err):
			// The first page was served, so the API refuses the filter id_gt.
			w.Unordered = true
			return w.byNumber(ctx, []string{"id"}, yield)
		case err != nil:
			return err
		}
		if start == nil {
			if err := w.begin(ctx, p); err != nil {
				return err
			}
		}
		fresh, repeated := w.take(p)
		if repeated > 0 {
			if start == nil {
				return w.fail(ctx, malformed("the answer holds a resource twice"))
			}
			// The page does not start after the ID, as it should.
			w.Unordered = true
		}
		if len(fresh) > 0 && !yield(fresh, nil) {
			return nil
		}
		switch {
		case w.full():
			return nil
		case w.Unordered:
			return w.byNumber(ctx, []string{"id"}, yield)
		case !p.more(size):
			return w.finish(ctx, yield)
		}
		if err := w.bound(ctx, w.Count); err != nil {
			return err
		}
		start = after(p.items[len(p.items)-1].id)
	}
}

// refusesFilter tells whether the API may have refused a parameter of the
// request.
func refusesFilter(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == ErrBadRequest && e.Status == http.StatusBadRequest
}

// finish ends a walk by ID. If it read fewer resources than matched at first, a
// new count tells why: they were deleted meanwhile, or the walk has missed
// them.
func (w *walk[T]) finish(ctx context.Context, yield func([]T, error) bool) error {
	if w.Count >= w.Total {
		w.Total = w.Count
		return nil
	}
	now, err := w.fetch(ctx, nil, []string{"id"}, 1)
	if err != nil {
		return err
	}
	if now.total <= w.Count {
		w.Total = w.Count
		return nil
	}
	// They still exist, or the count is wrong. If they exist, id_gt does not
	// follow the order of sort=id. The list is read again by page number, and new
	// resources are yielded.
	w.Unordered = true
	return w.byNumber(ctx, []string{"id"}, yield)
}

// tieBroken returns the sort with the ID at the end. So the order is the same
// on each page, even if resources are equal in the attributes of the sort.
func (w *walk[T]) tieBroken() []string {
	if slices.Contains(w.sort, "id") || slices.Contains(w.sort, "-id") {
		return w.sort
	}
	return append(slices.Clone(w.sort), "id")
}

// byNumber reads the list by page number.
func (w *walk[T]) byNumber(ctx context.Context, sort []string, yield func([]T, error) bool) error {
	// All pages must have the same size, since it decides where page n begins.
	size := MaxPageSize
	if w.limit > 0 && !w.Unordered {
		size = min(size, w.limit)
	}
	read := map[string]bool{}
	for number := 1; ; number++ {
		var more url.Values
		if number > 1 {
			more = url.Values{"page[number]": {strconv.Itoa(number)}}
		}
		p, err := w.fetch(ctx, more, sort, size)
		switch {
		case err != nil && number > 1 && isNotFound(err):
			// The list has become shorter, so this page does not exist any more.
			w.end(true)
			return nil
		case err != nil:
			return err
		}
		if number == 1 {
			if err := w.begin(ctx, p); err != nil {
				return err
			}
		}
		before := len(read)
		for _, i := range p.items {
			// While pages are read, a resource may move from one page to the next.
			w.Changed = w.Changed || read[i.id]
			read[i.id] = true
		}
		fresh, _ := w.take(p)
		if p.total >= 0 && p.total != w.Total {
			w.Changed, w.Total = true, p.total
		}
		if len(fresh) > 0 && !yield(fresh, nil) {
			return nil
		}
		switch {
		case w.full():
			return nil
		case p.last(number, size), len(read) == before && p.total >= 0 && (number-1)*size >= p.total:
			// In the second case the list has become shorter, and the API sends its last
			// page again.
			w.end(p.total >= 0 && w.Count != w.Total)
			return nil
		case len(read) == before:
			return w.fail(ctx, malformed("page %d repeats the %s of the pages before", number, w.kind))
		}
		if err := w.bound(ctx, w.Count); err != nil {
			return err
		}
	}
}

// end ends a walk by page number.
func (w *walk[T]) end(changed bool) {
	w.Changed = w.Changed || changed
	w.Total = max(w.Total, w.Count)
}

// isNotFound tells whether the API itself says that there is no such page.
func isNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == ErrNotFound && e.Code() != ""
}

// more tells whether more resources follow after a page of the given size, in a
// list that is read by ID. record_count must not be lower than the number of
// resources on the page. If it is, it is ignored, and the list ends with a page
// that is not full.
func (p *page[T]) more(size int) bool {
	switch {
	case len(p.items) == 0:
		return false
	case p.next, p.total > len(p.items):
		return true
	case p.total == len(p.items):
		return false
	}
	return len(p.items) >= size
}

// last tells whether a page is the last one, in a list that is read by page
// number. Like in more, a record_count that is too low is ignored.
func (p *page[T]) last(number, size int) bool {
	switch {
	case len(p.items) == 0:
		return true
	case p.next:
		return false
	case number == 1 && p.total == len(p.items):
		return true // also if the page is larger than was asked for
	case p.total >= (number-1)*size+len(p.items):
		return number*size >= p.total
	}
	return len(p.items) < size
}

// count asks only for the number of matches, with one request.
func (w *walk[T]) count(ctx context.Context) (int, error) {
	// The request asks for one resource, because the API may not accept a size of
	// 0. A server that ignores the size may still send a whole page.
	p, err := w.fetchOf(ctx, nil, []string{"id"}, 1, MaxPageSize)
	switch {
	case err != nil:
		return 0, err
	case p.total < 0:
		return 0, w.fail(ctx, malformed("the answer does not say how many %s match", w.kind))
	case p.total < len(p.items):
		return 0, w.fail(ctx, malformed("the answer counts %d %s and holds %d", p.total, w.kind, len(p.items)))
	}
	return p.total, nil
}
