package commercelayer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

const (
	// chunksAtOnce is how many chunks of a long list of keys are read at the same
	// time.
	chunksAtOnce = 4
	// maxProbes is how many keys of a chunk are asked for alone if the API counts
	// more customers than it sends.
	maxProbes = 3
)

// A chunk holds the keys of one request, and later its result.
type chunk struct {
	keys []string
	// customers are those that were found, and values what they have as keys.
	customers []*Customer
	values    []string
	// total is the number of matches, for a count.
	total  int
	pager  *pager
	failed bool
	done   chan struct{}
}

// byKeys reads the customers with the given keys in chunks. It reads several
// chunks at the same time, and yields the customers in the order of the keys.
func (l *Listing) byKeys(
	ctx context.Context, by *keyKind, keys []string, yield func([]*Customer, error) bool,
) error {
	if err := l.checkKeys(ctx, by); err != nil {
		return err
	}
	chunks := l.chunks(by, keys)
	reads, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	var failure error
	reading.Go(func() { failure = l.read(reads, by, chunks) })
	whole, handed, yielded := l.pager(nil, nil).verdict, map[string]bool{}, 0
	asked := make(map[string]bool, len(keys))
	for _, one := range keys {
		asked[one] = true
	}
	for _, c := range chunks {
		<-c.done
		if c.failed {
			reading.Wait() // sets failure: the first one, which has ended all other chunks
			return failure
		}
		fresh := c.inOrder(by, asked, handed)
		if failure := whole.merge(c.pager.verdict); failure != nil {
			return c.pager.fail(ctx, failure)
		}
		l.Findings = whole.findings
		l.Total += len(fresh) + c.total
		if l.query.Limit > 0 {
			fresh = fresh[:min(len(fresh), l.query.Limit-yielded)]
		}
		yielded += len(fresh)
		if len(fresh) > 0 && !yield(fresh, nil) {
			return errStopped
		}
	}
	return nil
}

// checkKeys refuses a filter with the same predicate as the keys, and a filter
// that leaves no room for keys in the request line.
func (l *Listing) checkKeys(ctx context.Context, by *keyKind) error {
	predicate := by.attribute + "_in"
	if _, twice := l.query.Filter[predicate]; twice {
		return &Error{Class: ErrBadRequest, Reason: "the filter " + predicate + " and the list of keys select by " +
			"the same key, so only one of them can be set"}
	}
	return l.pager(nil, nil).checkLength(ctx)
}

// read reads the chunks, several at the same time. The first failure ends them
// all.
func (l *Listing) read(ctx context.Context, by *keyKind, chunks []*chunk) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(chunksAtOnce)
	controlled := new(sync.Map)
	for _, c := range chunks {
		group.Go(func() error {
			defer close(c.done)
			err := l.client.guarded(l.operation, func() error { return l.readChunk(ctx, by, c, controlled) })
			c.failed = err != nil
			return err
		})
	}
	return group.Wait()
}

// readChunk reads or counts the customers with the keys of a chunk.
func (l *Listing) readChunk(ctx context.Context, by *keyKind, c *chunk, controlled *sync.Map) (err error) {
	g := l.pager(by, c.keys)
	g.controlled = controlled // one request about a predicate is enough for all chunks
	c.pager = g
	if l.query.Count {
		c.total, err = g.count(ctx)
		if err == nil && by == idKey && c.total > len(c.keys) {
			err = g.fail(ctx, &Error{Class: ErrFilterIgnored, Reason: "the answer counts more customers than were " +
				"asked for"})
		}
		return err
	}
	found := map[string]bool{}
	g.yield = func(document *jsonapi.Document, fresh []*jsonapi.Resource) (bool, *Error) {
		customers, failure := l.customers(document, fresh)
		for i, customer := range customers {
			c.customers = append(c.customers, customer)
			c.values = append(c.values, by.of(fresh[i]))
			found[by.fold(by.of(fresh[i]))] = true
		}
		return true, failure
	}
	if err := g.pages(ctx); err != nil {
		return err
	}
	if g.verdict.findings.Of(FindingIncomplete) == nil || len(l.query.Filter) > 0 {
		return nil // a customer with one of the keys need not match the filter
	}
	lacking := slices.DeleteFunc(slices.Clone(c.keys), func(one string) bool { return found[by.fold(one)] })
	return l.probe(ctx, g, by, lacking[:min(len(lacking), maxProbes)])
}

// probe asks for some keys alone, after the API has counted more customers with
// the keys of a chunk than it has sent. It fails if one of them exists.
func (l *Listing) probe(ctx context.Context, g *pager, by *keyKind, keys []string) error {
	look := l.client.lookup(lookupKind{by, fieldset{fields: "id"}})
	for _, one := range keys {
		_, err := look.find(ctx, l.operation, one, false)
		switch {
		case err == nil, errors.Is(err, ErrAmbiguous):
			return g.fail(ctx, malformed("the answer leaves out a customer who was asked for and exists"))
		case !errors.Is(err, ErrNotFound):
			return err
		}
	}
	return nil
}

// inOrder returns the customers in the order of the keys, without those who
// were handed on before. A customer belongs to the key that is exactly its
// value, in whatever chunk. A customer without such a key belongs to a key in
// another case or form, because the API has sent him for it.
func (c *chunk) inOrder(by *keyKind, asked, handed map[string]bool) []*Customer {
	exact, folded := map[string][]*Customer{}, map[string][]*Customer{}
	for i, customer := range c.customers {
		if handed[customer.ID] {
			continue
		}
		value := c.values[i]
		exact[value] = append(exact[value], customer)
		if !asked[value] {
			folded[by.fold(value)] = append(folded[by.fold(value)], customer)
		}
	}
	var ordered []*Customer
	for _, one := range c.keys {
		own := slices.Concat(exact[one], folded[by.fold(one)])
		delete(folded, by.fold(one))
		for _, customer := range own {
			handed[customer.ID] = true
		}
		ordered = append(ordered, own...)
	}
	return ordered
}

// chunks splits the keys. The answer to a chunk fits on one page, and its
// request line is no longer than maxRequestLine.
func (l *Listing) chunks(by *keyKind, keys []string) []*chunk {
	empty := listRequest(l.pager(by, nil).query)
	alike := func(a, b string) int { return strings.Compare(by.fold(a), by.fold(b)) }
	if l.query.Count {
		keys = slices.SortedStableFunc(slices.Values(keys), alike)
	}
	var chunks []*chunk
	for len(keys) > 0 {
		n := fitting(empty, keys[:min(len(keys), MaxPageSize)])
		// Counts do not tell whether two of them have counted the same customer. So keys
		// that the API may treat as equal are counted together.
		for l.query.Count && 1 < n && n < len(keys) && alike(keys[n-1], keys[n]) == 0 {
			n--
		}
		chunks = append(chunks, &chunk{keys: keys[:n], done: make(chan struct{})})
		keys = keys[n:]
	}
	return chunks
}
