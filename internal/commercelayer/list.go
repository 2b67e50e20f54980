package commercelayer

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
)

const (
	// MaxUnlimited is how many customers a query without a limit may match.
	MaxUnlimited = 10_000
	// maxRequestLine bounds a request line, in bytes: the API documents no bound,
	// and servers and proxies commonly take 8 KB.
	maxRequestLine = 4096
	// chunksAtOnce is how many chunks of a long list of IDs are asked for at the
	// same time.
	chunksAtOnce = 4
)

// A Query says which customers to list. At most one of IDs and Emails may be
// set, and neither goes with Sort.
type Query struct {
	// Filter maps predicates, such as status_eq, to values (see [CheckPredicate]).
	Filter map[string]string
	// IDs and Emails select customers by one key. The result is in their order;
	// what is unknown is left out, and what is doubled is asked for once.
	IDs, Emails []string
	// Sort lists attributes, with a leading hyphen for descending order. Without
	// it the result is in the API's own order of IDs.
	Sort []string
	// Limit bounds the number of customers; 0 means no limit up to [MaxUnlimited].
	Limit   int
	Include []string
}

// A List is the result of a query.
type List struct {
	// Customers is empty if they were handed on one by one.
	Customers []*Customer
	// Count is the number of customers read.
	Count int
	// Total is the number of matches, of which a limit may have left some out.
	Total int
	// Changed is set if customers may be missing: they came or went while they
	// were read by page number, or the API counts more than it gave.
	Changed bool
}

// Customers lists the customers that match. By default it walks by ID and never
// by page number, so that no customer is lost or doubled while others come and
// go. IDs are opaque: their order is the API's and never worked out here.
func (c *Client) Customers(ctx context.Context, q Query) (*List, error) {
	var customers []*Customer
	list, err := c.EachCustomer(ctx, q, func(customer *Customer) { customers = append(customers, customer) })
	if err != nil {
		return nil, err
	}
	list.Customers = customers
	return list, nil
}

// EachCustomer does what [Client.Customers] does and hands the customers to a
// function as they come, in order, so that thousands need not be held. Those
// handed on before an error are void.
func (c *Client) EachCustomer(ctx context.Context, q Query, each func(*Customer)) (*List, error) {
	w := &walk{client: c, query: q, limit: q.Limit, each: each}
	var list *List
	var err error
	switch {
	case q.IDs != nil:
		list, err = w.byKeys(ctx, "id_in", q.IDs, func(id string) string { return id },
			func(customer *Customer) *string { return &customer.ID })
	case q.Emails != nil:
		// Whether the API tells upper from lower case is not documented: addresses
		// are sent as written, and compared without case.
		list, err = w.byKeys(ctx, "email_in", q.Emails, strings.ToLower,
			func(customer *Customer) *string { return customer.Email })
	case len(q.Sort) > 0:
		list, err = w.byPage(ctx)
	default:
		list, err = w.byID(ctx, w.filter())
	}
	var e *Error
	if err != nil && ctx.Err() != nil && !errors.As(err, &e) {
		err = newExchange("GET", &url.URL{Path: customersPath}).interrupted(ctx)
	}
	return list, err
}

// walk reads the pages of a query.
type walk struct {
	client *Client
	query  Query
	limit  int
	each   func(*Customer)
}

// add hands a customer on, unless the limit is reached.
func (w *walk) add(list *List, customer *Customer) {
	if w.limit > 0 && list.Count >= w.limit {
		return
	}
	list.Count++
	w.each(customer)
}

// filter returns the query's own filters as parameters.
func (w *walk) filter() url.Values {
	values := url.Values{}
	for predicate, value := range w.query.Filter {
		values.Set(filterKey(predicate), value)
	}
	return values
}

// page asks for one page with the given filters, and checks what came.
func (w *walk) page(ctx context.Context, filter url.Values, sort []string, number, size int) (*exchange, *page, error) {
	query := listQuery(joinInclude(w.query.Include), sort, size)
	if number > 1 {
		query.Set("page[number]", strconv.Itoa(number))
	}
	maps.Copy(query, filter)
	x, p, err := w.client.getPage(ctx, query)
	if err != nil {
		return x, nil, err
	}
	for _, item := range p.items {
		if item.err != nil {
			return x, nil, x.complete(item.err)
		}
		if err := w.client.checkCustomerMode(item.customer, x.claims()); err != nil {
			return x, nil, x.complete(err)
		}
	}
	return x, p, nil
}

// checkTotal refuses to read more than anybody would want without saying so.
func (w *walk) checkTotal(x *exchange, total int) error {
	if w.limit == 0 && total > MaxUnlimited {
		return x.describe(&Error{Kind: ErrTooMany, Count: total})
	}
	return nil
}

// size is that of the next page: no more than is still wanted.
func (w *walk) size(have int) int {
	if w.limit == 0 {
		return MaxPageSize
	}
	return min(MaxPageSize, w.limit-have)
}

// more tells whether customers follow after a page of the given size, of which
// record_count says how many matched its filters. The count is not trusted
// blindly: one that is lower than what came with it is a lie, and then only a
// page with room left ends the walk.
func (p *page) more(size int) bool {
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

// byID walks in the order of the IDs: each page starts after the last ID of the
// one before.
func (w *walk) byID(ctx context.Context, filter url.Values) (*List, error) {
	list := &List{}
	start := maps.Clone(filter)
	seen := map[string]bool{}
	for {
		size := w.size(list.Count)
		x, p, err := w.page(ctx, filter, []string{"id"}, 1, size)
		if err != nil {
			return nil, err
		}
		if len(seen) == 0 {
			list.Total = max(p.total, len(p.items))
			if err := w.checkTotal(x, list.Total); err != nil {
				return nil, err
			}
		}
		for _, item := range p.items {
			if seen[item.customer.ID] {
				return nil, x.describe(malformed("a page repeats a customer of a page before: the API did not start after the ID it was given"))
			}
			seen[item.customer.ID] = true
			w.add(list, item.customer)
		}
		switch have := list.Count; {
		case w.limit > 0 && have >= w.limit:
			return list, nil
		case !p.more(size):
			if have < list.Total {
				// Deleted meanwhile, or lost? The count of now tells.
				_, now, err := w.page(ctx, start, []string{"id"}, 1, 1)
				if err != nil {
					return nil, err
				}
				list.Changed = now.total > have
			}
			list.Total = have
			return list, nil
		default:
			if err := w.checkTotal(x, have); err != nil {
				return nil, err
			}
		}
		filter.Set(filterKey("id_gt"), p.items[len(p.items)-1].customer.ID)
	}
}

// last tells whether a page is the last one, counted by number. As above, a count
// lower than what came is not believed.
func (p *page) last(number, size int) bool {
	switch {
	case len(p.items) == 0:
		return true
	case p.next:
		return false
	case p.total >= (number-1)*size+len(p.items):
		return number*size >= p.total
	}
	return len(p.items) < size
}

// byPage walks by page number, in the order asked for. The ID breaks ties, so
// that the order is the same on each page.
func (w *walk) byPage(ctx context.Context) (*List, error) {
	sort := slices.Clone(w.query.Sort)
	if !slices.Contains(sort, "id") && !slices.Contains(sort, "-id") {
		sort = append(sort, "id")
	}
	list := &List{}
	seen := map[string]bool{}
	for number := 1; ; number++ {
		// The size may not shrink from page to page: it is what numbers count in.
		size := w.size(0)
		x, p, err := w.page(ctx, w.filter(), sort, number, size)
		if err != nil {
			return nil, err
		}
		if number == 1 {
			list.Total = max(p.total, len(p.items))
			if err := w.checkTotal(x, list.Total); err != nil {
				return nil, err
			}
		}
		before := len(seen)
		for _, item := range p.items {
			if seen[item.customer.ID] {
				list.Changed = true // it moved to this page while the one before was read
				continue
			}
			seen[item.customer.ID] = true
			w.add(list, item.customer)
		}
		if p.total >= 0 && p.total != list.Total {
			list.Changed, list.Total = true, p.total
		}
		have := list.Count
		switch {
		case w.limit > 0 && have >= w.limit:
			return list, nil
		case p.last(number, size):
			list.Changed = list.Changed || p.total >= 0 && have != list.Total
			list.Total = max(list.Total, have)
			return list, nil
		case len(seen) == before:
			return nil, x.describe(malformed("page %d repeats the customers of the pages before", number))
		}
		if err := w.checkTotal(x, have); err != nil {
			return nil, err
		}
	}
}

// byKeys asks for the customers with the given keys in chunks, some at a time,
// and puts the result into the order of the keys.
func (w *walk) byKeys(ctx context.Context, predicate string, keys []string, fold func(string) string, keyOf func(*Customer) *string) (*List, error) {
	if _, twice := w.query.Filter[predicate]; twice {
		return nil, &Error{Kind: ErrBadRequest, Reason: "the filter " + predicate + " is set beside the list that it is made of"}
	}
	keys = unique(keys, fold)
	chunks := w.chunk(predicate, keys)
	results := make([][]*Customer, len(chunks))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(chunksAtOnce)
	for i, chunk := range chunks {
		group.Go(func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = panicError(p)
				}
			}()
			filter := w.filter()
			filter.Set(filterKey(predicate), strings.Join(chunk, ","))
			chunk := &walk{client: w.client, query: w.query, each: func(c *Customer) { results[i] = append(results[i], c) }}
			_, err = chunk.byID(ctx, filter)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	byKey := map[string][]*Customer{}
	list := &List{}
	for _, result := range results {
		list.Total += len(result)
		for _, customer := range result {
			if key := keyOf(customer); key != nil {
				byKey[fold(*key)] = append(byKey[fold(*key)], customer)
			}
		}
	}
	if w.limit == 0 && list.Total > MaxUnlimited {
		return nil, &Error{Kind: ErrTooMany, Count: list.Total}
	}
	asked := 0
	for _, key := range keys {
		for _, customer := range byKey[fold(key)] {
			asked++
			w.add(list, customer)
		}
	}
	if asked != list.Total {
		return nil, malformed("the answer holds customers that were not asked for")
	}
	return list, nil
}

// chunk splits keys so that each chunk's answer fits on one page and its
// request line below the bound.
func (w *walk) chunk(predicate string, keys []string) [][]string {
	query := listQuery(joinInclude(w.query.Include), []string{"id"}, MaxPageSize)
	maps.Copy(query, w.filter())
	query.Set(filterKey(predicate), "")
	fixed := len("GET "+customersPath+"? HTTP/1.1\r\n") + len(query.Encode())
	var chunks [][]string
	var chunk []string
	size := fixed
	for _, key := range keys {
		length := len(url.QueryEscape(key + ","))
		if len(chunk) == MaxPageSize || len(chunk) > 0 && size+length > maxRequestLine {
			chunks, chunk, size = append(chunks, chunk), nil, fixed
		}
		chunk, size = append(chunk, key), size+length
	}
	if len(chunk) > 0 {
		chunks = append(chunks, chunk)
	}
	return chunks
}

// unique leaves out the keys that came before, in the folded form.
func unique(keys []string, fold func(string) string) []string {
	seen := make(map[string]bool, len(keys))
	var list []string
	for _, key := range keys {
		if folded := fold(key); !seen[folded] {
			seen[folded] = true
			list = append(list, key)
		}
	}
	return list
}
