package commercelayer

import (
	"context"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

const (
	// maxRequestLine is the longest request line in bytes that is made from a list
	// of keys. The API documents no bound. Servers and proxies usually accept 8
	// KB.
	maxRequestLine = 4096
	// chunksAtOnce is how many chunks of a long list of keys are read at the same
	// time.
	chunksAtOnce = 4
)

// A Query says which customers to list. IDs, Emails and Sort exclude each
// other, because the result can follow only one order.
type Query struct {
	// Filter maps predicates, such as status_eq, to values (see [filter.Parse]
	// and [filter.Predicate.CheckValue]).
	Filter map[string]string
	// IDs and Emails select customers by a key. Each may have any length. The
	// result is in their order. Unknown keys are left out, and a key that appears
	// twice is read once.
	IDs, Emails []string
	// Sort names attributes, with a leading hyphen for descending order. Without
	// it the result is in the API's own order of IDs.
	Sort []string
	// Limit is the largest number of customers to return. 0 means no limit. Then
	// more than [MaxUnlimited] matches are an error.
	Limit int
	// Count asks only for the number of matches, without any customer.
	Count bool
	Selection
}

// A Listing holds the results of a query. Its fields may be read after the last
// page.
type Listing struct {
	client   *Client
	query    Query
	question question
	outcome
	held heldTime
	// Waited is how long the rate limit held the requests of the list.
	Waited time.Duration
	// Doubt is set if the API may have ignored the filter.
	Doubt *Doubt
}

// Customers returns the listing of a query. It sends nothing yet. The filter
// must not have empty values (see [filter.Predicate.CheckValue]).
func (c *Client) Customers(q Query) *Listing { return &Listing{client: c, query: q} }

// Pages yields the customers page by page, so that a long list need not be in
// memory at once. The error is an [*Error]. It ends the list, and the pages
// before it are not a valid result.
func (l *Listing) Pages(ctx context.Context) iter.Seq2[[]*Customer, error] {
	l.question = ask(customersPath)
	switch {
	case l.query.Count:
		return l.count(ctx)
	case l.query.IDs != nil:
		return l.byKeys(ctx, idKey, unique(l.query.IDs))
	case l.query.Emails != nil:
		return l.byKeys(ctx, emailKey, unique(l.query.Emails))
	}
	return l.whole(ctx)
}

// All returns the customers of all pages.
func (l *Listing) All(ctx context.Context) ([]*Customer, error) {
	var all []*Customer
	for customers, err := range l.Pages(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, customers...)
	}
	return all, nil
}

// walk returns a walk with the query's filter and further parameters.
func (l *Listing) walk(more url.Values) *walk[*Customer] {
	c, part := l.client, l.query.parts()
	asked := part
	for _, name := range comparedAttributes(l.query.Filter) {
		asked = asked.with(name)
	}
	if l.query.Emails != nil {
		asked = asked.with("email")
	}
	parameters := url.Values{}
	asked.query(parameters, customersType)
	for predicate, value := range l.query.Filter {
		parameters.Set(filterKey(predicate), value)
	}
	maps.Copy(parameters, more)
	p := c.newProgress()
	p.held = &l.held
	return &walk[*Customer]{
		client: c, question: l.question, progress: p, path: customersPath, kind: "customers",
		filter: parameters, sort: l.query.Sort, limit: l.query.Limit,
		decode: func(body []byte, size int) (*page[*Customer], *Error) { return decodePage(body, size, asked) },
		check:  func(customer *Customer, token Claims) *Error { return c.checkMode(customer.Mode, token) },
	}
}

// whole reads all customers that match the filter.
func (l *Listing) whole(ctx context.Context) iter.Seq2[[]*Customer, error] {
	return func(yield func([]*Customer, error) bool) {
		w := l.walk(nil)
		if err := w.checkLength(ctx); err != nil {
			yield(nil, err)
			return
		}
		suspicion := l.suspect(w)
		for customers, err := range w.pages(ctx) {
			if err == nil {
				err = suspicion.look(ctx, customers)
			}
			l.outcome, l.Waited, l.Doubt = w.outcome, l.held.total(), suspicion.doubt
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(l.pruned(customers), nil) {
				return
			}
		}
		l.outcome, l.Waited = w.outcome, l.held.total()
	}
}

// count asks only for the number of matches. A long list of keys takes one
// request per chunk.
func (l *Listing) count(ctx context.Context) iter.Seq2[[]*Customer, error] {
	return func(yield func([]*Customer, error) bool) {
		walks, err := l.countWalks(ctx)
		for _, part := range walks {
			if err != nil {
				break
			}
			var n int
			n, err = part.walk.count(ctx)
			l.Total, l.Waited = l.Total+n, l.held.total()
			if err == nil && l.query.IDs != nil && n > part.keys {
				err = part.walk.fail(ctx, &Error{Class: ErrFilterIgnored, Reason: "the answer counts more customers " +
					"than were asked for"})
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// A countWalk is one request of a count. keys is how many keys it asks for, or
// 0.
type countWalk struct {
	walk *walk[*Customer]
	keys int
}

func (l *Listing) countWalks(ctx context.Context) ([]countWalk, error) {
	by, keys := idKey, unique(l.query.IDs)
	switch {
	case l.query.IDs != nil:
	case l.query.Emails != nil:
		by, keys = emailKey, unique(l.query.Emails)
	default:
		w := l.walk(nil)
		return []countWalk{{walk: w}}, w.checkLength(ctx)
	}
	if err := l.checkKeys(ctx, by); err != nil {
		return nil, err
	}
	var walks []countWalk
	for _, part := range l.chunks(by, keys) {
		walks = append(walks, countWalk{l.walk(by.among(part.keys)), len(part.keys)})
	}
	return walks, nil
}

// pruned removes the attributes that were asked for only because of a check.
func (l *Listing) pruned(customers []*Customer) []*Customer {
	part := l.query.parts()
	for _, customer := range customers {
		part.prune(customer)
	}
	return customers
}

// A key is the attribute by which long lists select customers.
type key struct {
	predicate string
	// of returns the attribute of a customer.
	of func(*Customer) string
	// fold makes values equal that the API may treat as equal.
	fold func(string) string
}

var (
	idKey    = key{"id_in", func(c *Customer) string { return c.ID }, func(id string) string { return id }}
	emailKey = key{"email_in", func(c *Customer) string { return orEmpty(c.Email) }, filter.FoldAddress}
)

// among returns the filter that selects customers by keys.
func (k key) among(keys []string) url.Values {
	return url.Values{filterKey(k.predicate): {strings.Join(keys, ",")}}
}

// checkKeys refuses a filter with the same predicate as the keys, and a filter
// that leaves no room for keys in the request line.
func (l *Listing) checkKeys(ctx context.Context, by key) error {
	if _, twice := l.query.Filter[by.predicate]; twice {
		return &Error{Class: ErrBadRequest, Reason: "the filter " + by.predicate + " and the list of keys select by " +
			"the same key, so only one of them can be set"}
	}
	return l.walk(nil).checkLength(ctx)
}

// A chunk holds the keys of one request, and later its result.
type chunk struct {
	keys      []string
	customers []*Customer
	doubt     *Doubt
	failed    bool
	done      chan struct{}
}

// byKeys reads the customers with the given keys in chunks. It reads several
// chunks at the same time, and yields the customers in the order of the keys.
func (l *Listing) byKeys(ctx context.Context, by key, keys []string) iter.Seq2[[]*Customer, error] {
	return func(yield func([]*Customer, error) bool) {
		if err := l.checkKeys(ctx, by); err != nil {
			yield(nil, err)
			return
		}
		chunks := l.chunks(by, keys)
		reads, cancel := context.WithCancel(ctx)
		var reading sync.WaitGroup
		defer reading.Wait()
		defer cancel()
		var failure error
		reading.Go(func() { failure = l.read(reads, by, chunks) })
		handed := map[string]bool{}
		for _, part := range chunks {
			<-part.done
			l.Waited = l.held.total()
			if part.doubt != nil {
				l.Doubt = part.doubt
			}
			if part.failed {
				reading.Wait() // sets failure: the first one, which has ended all other chunks
				yield(nil, failure)
				return
			}
			var customers []*Customer
			for _, customer := range part.inOrder(by) {
				if handed[customer.ID] {
					continue
				}
				handed[customer.ID] = true
				l.Total++
				if l.query.Limit == 0 || l.Count < l.query.Limit {
					l.Count++
					customers = append(customers, customer)
				}
			}
			if len(customers) > 0 && !yield(l.pruned(customers), nil) {
				return
			}
		}
	}
}

// read reads the chunks, several at the same time. The first failure ends them
// all.
func (l *Listing) read(ctx context.Context, by key, chunks []*chunk) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(chunksAtOnce)
	for i, part := range chunks {
		group.Go(func() error {
			defer close(part.done)
			err := l.client.guarded(l.question, func() error { return l.readChunk(ctx, by, part, i == 0) })
			part.failed = err != nil
			return err
		})
	}
	return group.Wait()
}

// readChunk reads all customers with the keys of a chunk. It fails if a
// customer was not asked for.
func (l *Listing) readChunk(ctx context.Context, by key, part *chunk, first bool) error {
	w := l.walk(by.among(part.keys))
	w.sort, w.limit, w.unbounded = nil, 0, true
	suspicion := l.suspect(w)
	suspicion.countsToo = first // one count is enough for all chunks
	asked := map[string]bool{}
	for _, one := range part.keys {
		asked[by.fold(one)] = true
	}
	for customers, err := range w.pages(ctx) {
		if err == nil {
			err = suspicion.look(ctx, customers)
		}
		part.doubt = suspicion.doubt
		if err != nil {
			return err
		}
		for _, customer := range customers {
			if !asked[by.fold(by.of(customer))] {
				return w.fail(ctx, &Error{Class: ErrFilterIgnored, Reason: "the answer holds customers that were not " +
					"asked for"})
			}
		}
		part.customers = append(part.customers, customers...)
	}
	return nil
}

// inOrder returns the customers in the order of the keys. A customer belongs to
// the key that is exactly its value. A customer without such a key belongs to a
// key in another case or form.
func (c *chunk) inOrder(by key) []*Customer {
	exact, folded := map[string][]*Customer{}, map[string][]*Customer{}
	for _, customer := range c.customers {
		value := by.of(customer)
		exact[value] = append(exact[value], customer)
		folded[by.fold(value)] = append(folded[by.fold(value)], customer)
	}
	var ordered []*Customer
	for _, one := range c.keys {
		if own := exact[one]; len(own) > 0 {
			ordered = append(ordered, own...)
			continue
		}
		for _, customer := range folded[by.fold(one)] {
			if !slices.Contains(c.keys, by.of(customer)) {
				ordered = append(ordered, customer)
			}
		}
	}
	return ordered
}

// chunks splits the keys. The answer to a chunk fits on one page, and its
// request line is no longer than maxRequestLine.
func (l *Listing) chunks(by key, keys []string) []*chunk {
	w := l.walk(url.Values{filterKey(by.predicate): {""}})
	query := listQuery(parts{all: true}, "", []string{"id"}, MaxPageSize)
	maps.Copy(query, w.filter)
	empty := &request{path: customersPath, query: query}
	var chunks []*chunk
	for len(keys) > 0 {
		n := fitting(empty, keys[:min(len(keys), MaxPageSize)])
		chunks = append(chunks, &chunk{keys: keys[:n], done: make(chan struct{})})
		keys = keys[n:]
	}
	return chunks
}

// fitting returns how many of the keys fit into a request line. It is at least
// one.
func fitting(empty *request, keys []string) int {
	size := requestLine(empty)
	for n, one := range keys {
		size += len(url.QueryEscape(one + ","))
		if n > 0 && size > maxRequestLine {
			return n
		}
	}
	return len(keys)
}

// unique removes values that have appeared before.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	var kept []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
