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
)

const (
	// maxRequestLine bounds the request lines that are made up of keys, in bytes:
	// the API documents no bound, and servers and proxies commonly take 8 KB.
	maxRequestLine = 4096
	// chunksAtOnce is how many chunks of a long list of keys are asked for at the
	// same time.
	chunksAtOnce = 4
)

// A Query says which customers to list. At most one of IDs and Emails may be set,
// and neither goes with Sort.
type Query struct {
	// Filter maps predicates, such as status_eq, to values (see [CheckPredicate]).
	Filter map[string]string
	// IDs and Emails select customers by one key, as many as there are. The result
	// is in their order; what is unknown is left out, and what is there twice is
	// asked for once.
	IDs, Emails []string
	// Sort lists attributes, with a leading hyphen for descending order. Without
	// it the result is in the API's own order of IDs.
	Sort []string
	// Limit bounds the number of customers; 0 means no limit up to [MaxUnlimited].
	Limit int
	// Count reads no customer, and gives their number alone in one request.
	Count bool
	Selection
}

// A Listing is the customers of a query. Its outcome may be read once its pages
// have come to their end.
type Listing struct {
	client   *Client
	query    Query
	question question
	outcome
	held heldTime
	// Waited is the time in which the rate limit held the list up.
	Waited time.Duration
	// Doubt tells that the API may have ignored the filter, or nil.
	Doubt *Doubt
}

// Customers returns the listing of a query. It asks for nothing yet. Filters with
// empty values must not be in the query (see [CheckFilter]).
func (c *Client) Customers(q Query) *Listing { return &Listing{client: c, query: q} }

// Pages yields the customers page by page, so that thousands need not be held. The
// error is an [*Error]. After one nothing follows, and what came before is void.
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

// All reads the customers of all pages.
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

// walk returns a walk with the query's filters and those given.
func (l *Listing) walk(more url.Values) *walk[*Customer] {
	c, part := l.client, l.query.parts()
	asked := part
	for _, name := range comparedAttributes(l.query.Filter) {
		asked = asked.with(name)
	}
	if l.query.Emails != nil {
		asked = asked.with("email")
	}
	filter := url.Values{}
	asked.query(filter, customersType)
	for predicate, value := range l.query.Filter {
		filter.Set(filterKey(predicate), value)
	}
	maps.Copy(filter, more)
	p := c.newProgress()
	p.held = &l.held
	return &walk[*Customer]{
		client: c, question: l.question, progress: p, path: customersPath, kind: "customers",
		filter: filter, sort: l.query.Sort, limit: l.query.Limit,
		decode: func(body []byte, size int) (*page[*Customer], *Error) { return decodePage(body, size, asked) },
		check:  func(customer *Customer, token Claims) *Error { return c.checkMode(customer.Mode, token) },
	}
}

// whole reads all that match.
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

// count asks for the number alone. A long list of keys takes a request for each
// chunk of it.
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

// A countWalk is a part of a count: a walk by so many keys, or by none.
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

// pruned takes away what was only asked for to be checked.
func (l *Listing) pruned(customers []*Customer) []*Customer {
	part := l.query.parts()
	for _, customer := range customers {
		part.prune(customer)
	}
	return customers
}

// A key is what long lists select customers by.
type key struct {
	predicate string
	// of returns a customer's own value.
	of func(*Customer) string
	// fold makes one text of values that may be the same to the API.
	fold func(string) string
}

var (
	idKey    = key{"id_in", func(c *Customer) string { return c.ID }, func(id string) string { return id }}
	emailKey = key{"email_in", func(c *Customer) string { return orEmpty(c.Email) }, foldAddress}
)

// among is the filter that selects customers by keys.
func (k key) among(keys []string) url.Values {
	return url.Values{filterKey(k.predicate): {strings.Join(keys, ",")}}
}

// checkKeys refuses a filter that would take the place of the keys, and one that
// leaves no room for them.
func (l *Listing) checkKeys(ctx context.Context, by key) error {
	if _, twice := l.query.Filter[by.predicate]; twice {
		return &Error{Class: ErrBadRequest, Reason: "the filter " + by.predicate + " is set beside the list that it " +
			"is made of"}
	}
	return l.walk(nil).checkLength(ctx)
}

// A chunk is the keys of one request, and then what it was answered with.
type chunk struct {
	keys      []string
	customers []*Customer
	doubt     *Doubt
	failed    bool
	done      chan struct{}
}

// byKeys asks for the customers with the given keys in chunks, some at a time, and
// yields them in the order of the keys.
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
				reading.Wait() // the first failure is the reason of all others
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

// read asks for the chunks, some at a time. The first failure ends the others.
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

// readChunk reads all customers with the keys of a chunk. Each answer is checked
// against its own question.
func (l *Listing) readChunk(ctx context.Context, by key, part *chunk, first bool) error {
	w := l.walk(by.among(part.keys))
	w.sort, w.limit, w.unbounded = nil, 0, true
	suspicion := l.suspect(w)
	suspicion.countsToo = first // one count tells for all chunks
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

// inOrder returns the customers in the order of the keys. A key that a customer
// has as it is written is that customer's; others match without case.
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

// chunks splits keys so that each chunk's answer fits on one page and its request
// line below the bound.
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

// fitting tells how many of the keys fit into a request line, at least one.
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

// unique leaves out what came before.
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
