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

// MaxUnlimited is how many resources a list without a limit may have.
const MaxUnlimited = 10_000

// A walk reads the pages of a list, one after the other. Without a sort it walks
// in the API's own order of IDs, each page starting after the last ID of the one
// before, so that nothing is lost or doubled while resources come and go. IDs are
// opaque: they are never compared here.
type walk[T any] struct {
	client *Client
	// question and progress are those of the walk as a whole.
	question question
	progress *progress
	// path is that of the list, kind names what it holds ("customers").
	path, kind string
	// filter holds the parameters of each request but those of paging.
	filter url.Values
	sort   []string
	// limit bounds what is handed on; 0 means no limit.
	limit int
	// unbounded lifts the bound of [MaxUnlimited].
	unbounded bool
	// bare leaves pages and order out of the requests: what answers with one
	// resource has neither, and may refuse them.
	bare bool
	// decode reads a page of so many resources.
	decode func(body []byte, size int) (*page[T], *Error)
	// check tells whether a resource may be handed on.
	check func(T, Claims) *Error

	// seen are the IDs handed on, or left out because of the limit.
	seen map[string]bool
	// The outcome, which may be read after the last page.
	outcome
}

// An outcome tells what a list came to.
type outcome struct {
	// Total is the number of matches, of which a limit may have left some out.
	Total int
	// Count is the number of resources handed on.
	Count int
	// Changed is set if resources may be missing: they came or went while they
	// were read by page number, or the API counts more than it gave.
	Changed bool
	// Unordered is set if the API does not list by ID as expected, so that the list
	// was read by page number.
	Unordered bool
}

// pages yields the resources page by page. After an error nothing follows, and
// what was handed on before is void.
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

// fetch asks for one page with further parameters, and checks what came.
func (w *walk[T]) fetch(ctx context.Context, more url.Values, sort []string, size int) (*page[T], error) {
	return w.fetchOf(ctx, more, sort, size, size)
}

// fetchOf does the same, and lets more come than were asked for.
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

// fail makes the error of the one who asked for the list.
func (w *walk[T]) fail(ctx context.Context, err error) *Error {
	return w.question.failure(ctx, err, w.progress)
}

// begin takes the number of matches from the first page, and refuses to read more
// than anybody would want without saying so.
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

// size is that of the next page: no more than is still wanted.
func (w *walk[T]) size() int {
	if w.limit == 0 {
		return MaxPageSize
	}
	return min(MaxPageSize, w.limit-w.Count)
}

// take returns the resources of a page that are new and within the limit, and
// tells how many were not new.
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

// after is the parameter that starts a page behind an ID.
func after(id string) url.Values { return url.Values{filterKey("id_gt"): {id}} }

// byID walks in the order of the IDs.
func (w *walk[T]) byID(ctx context.Context, yield func([]T, error) bool) error {
	var start url.Values
	for {
		size := w.size()
		p, err := w.fetch(ctx, start, []string{"id"}, size)
		switch {
		case err != nil && start != nil && refusesFilter(err):
			// The first page was served: what is refused is the ID to start behind.
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
			// The page does not start behind the ID that it was given.
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

// refusesFilter tells whether the API objects to a parameter of the request.
func refusesFilter(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == ErrBadRequest && e.Status == http.StatusBadRequest
}

// finish ends a walk by ID. If fewer came than matched at first, the count of now
// tells whether they were deleted meanwhile or lost on the way.
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
	// They are still there, unless the count lies: the API's order of IDs is not
	// the one by which it starts a page. What is new is handed on.
	w.Unordered = true
	return w.byNumber(ctx, []string{"id"}, yield)
}

// tieBroken is the sort with the ID behind it, so that the order is the same on
// each page.
func (w *walk[T]) tieBroken() []string {
	if slices.Contains(w.sort, "id") || slices.Contains(w.sort, "-id") {
		return w.sort
	}
	return append(slices.Clone(w.sort), "id")
}

// byNumber walks by page number.
func (w *walk[T]) byNumber(ctx context.Context, sort []string, yield func([]T, error) bool) error {
	// The size may not shrink from page to page: it is what numbers count in.
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
			// The list has become shorter: there is no such page any more.
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
			// A resource may move to this page while the one before is read.
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
			// In the second case the list has become shorter, and the API serves its
			// last page once more.
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

// end ends a walk by number.
func (w *walk[T]) end(changed bool) {
	w.Changed = w.Changed || changed
	w.Total = max(w.Total, w.Count)
}

// isNotFound tells whether the API itself says that there is no such page.
func isNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Class == ErrNotFound && e.Code() != ""
}

// more tells whether resources follow after a page of the given size, of which
// record_count says how many matched its filters. The count is not trusted
// blindly: one that is lower than what came with it is a lie, and then only a page
// with room left ends the walk.
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

// last tells whether a page is the last one, counted by number. As above, a count
// lower than what came is not believed.
func (p *page[T]) last(number, size int) bool {
	switch {
	case len(p.items) == 0:
		return true
	case p.next:
		return false
	case number == 1 && p.total == len(p.items):
		return true // however large the page is
	case p.total >= (number-1)*size+len(p.items):
		return number*size >= p.total
	}
	return len(p.items) < size
}

// count asks for the number of matches alone, in one request.
func (w *walk[T]) count(ctx context.Context) (int, error) {
	// One is asked for, since nobody knows whether the API takes zero. A server that
	// ignores what it is asked may send a page.
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
