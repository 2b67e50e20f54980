package commercelayer

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"sync"
	"sync/atomic"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
)

// A lookupResult is the result of a look-up: a customer, or the error of its
// readers.
type lookupResult struct {
	customer *Customer
	err      *Error
}

// A gatherer answers readers by ID or by e-mail address.
type gatherer = gather.Gatherer[string, lookupResult, *progress]

// A lookup finds customers by one kind of key. Readers that wait at the same
// time share a list request (together). A key that the list does not certainly
// answer gets a request of its own (alone), so that the error is the API's.
type lookup struct {
	lookupKind
	// refused is set once the API has shown that it can't list customers by this
	// kind of key. It stays set.
	refused         *atomic.Bool
	together, alone *gatherer
}

// A lookupKind says which readers can share a request: they have the same kind
// of key and want the same fieldset.
type lookupKind struct {
	key    *keyKind
	fields fieldset
}

// lookups holds all look-ups that were used so far.
type lookups struct {
	reads   atomic.Int64
	refused map[*keyKind]*atomic.Bool

	mu   sync.Mutex
	used map[lookupKind]*lookup
}

func newLookups() *lookups {
	return &lookups{
		refused: map[*keyKind]*atomic.Bool{idKey: {}, emailKey: {}},
		used:    map[lookupKind]*lookup{},
	}
}

// lookup returns the look-up of a kind. It makes a new one if needed.
func (c *Client) lookup(kind lookupKind) *lookup {
	c.lookups.mu.Lock()
	defer c.lookups.mu.Unlock()
	if l := c.lookups.used[kind]; l != nil {
		return l
	}
	l := &lookup{lookupKind: kind, refused: c.lookups.refused[kind.key]}
	fetch := func(ctx context.Context, p *progress, closeGroup func() []string) (map[string]lookupResult, error) {
		return c.fetch(ctx, p, l, closeGroup)
	}
	l.together = gather.New(gather.Config[string, lookupResult, *progress]{
		Size: MaxPageSize, Price: c.api.limiter.Price, Progress: c.newProgress, Fetch: fetch,
	})
	l.alone = gather.New(gather.Config[string, lookupResult, *progress]{Size: 1, Progress: c.newProgress, Fetch: fetch})
	c.lookups.used[kind] = l
	return l
}

// batchable matches the IDs that can stand in a comma-separated list. All known
// IDs are letters and digits.
var batchable = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Customer reads the customer with the ID. Calls at the same time share
// requests. They also share the result, so it must not be changed. The error is
// an [*Error].
func (c *Client) Customer(ctx context.Context, id string, s Selection) (*Customer, error) {
	c.lookups.reads.Add(1)
	l := c.lookup(lookupKind{idKey, s.fieldset()})
	return l.find(ctx, newOperation(customerPath(id)), id, batchable.MatchString(id))
}

// CustomerByEmail reads the customer with the e-mail address. Calls at the same
// time share requests. They also share the result, so it must not be changed.
// The error is an [*Error]. If several customers have the address, it is
// [ErrAmbiguous] and lists their IDs.
func (c *Client) CustomerByEmail(ctx context.Context, email string, s Selection) (*Customer, error) {
	c.lookups.reads.Add(1)
	l := c.lookup(lookupKind{emailKey, s.fieldset()})
	return l.find(ctx, newOperation(customersPath), email, CheckListed(email) == nil)
}

// find looks a key up. If withOthers is set, it first tries a request that
// several readers share.
func (l *lookup) find(ctx context.Context, o operation, key string, withOthers bool) (*Customer, error) {
	if withOthers && !l.refused.Load() {
		got, p, err := l.together.Get(ctx, key)
		if !errors.Is(err, gather.ErrMissing) {
			return o.result(ctx, got, p, err)
		}
	}
	got, p, err := l.alone.Get(ctx, key)
	return o.result(ctx, got, p, err)
}

// result returns the customer, or the error of this reader.
func (o operation) result(ctx context.Context, got lookupResult, p *progress, err error) (*Customer, error) {
	switch {
	case err != nil:
		return nil, o.failure(ctx, err, p)
	case got.err != nil:
		return nil, o.failure(ctx, got.err, p)
	}
	return got.customer, nil
}

// request returns the request for several keys.
func (l *lookup) request(keys ...string) *request {
	return listRequest(l.query(l.key.among(keys)))
}

// query returns the parameters of a list, except those for paging. A look-up by
// address always asks for the addresses, because the answer is compared with
// them.
func (l *lookup) query(filter url.Values) url.Values {
	query := maps.Clone(filter)
	l.asked().query(query, customersType)
	return query
}

func (l *lookup) asked() fieldset {
	if l.key == emailKey {
		return l.fields.with("email")
	}
	return l.fields
}

// requestAlone returns the request for one key.
func (l *lookup) requestAlone(key string) *request {
	if l.key == idKey {
		return singleRequest(key, l.fields)
	}
	return listRequest(l.query(withAddress(key)))
}

// withAddress is the filter for one address.
func withAddress(email string) url.Values { return url.Values{filterKey("email_eq"): {email}} }

// listRequest returns the request for the first page of customers.
func listRequest(query url.Values) *request {
	maps.Copy(query, listQuery(inOrderOfIDs, MaxPageSize))
	return &request{path: customersPath, query: query}
}

const customersPath = "/api/customers"

// customerPath returns the path of a customer. The ID may hold any characters.
func customerPath(id string) string {
	return customersPath + "/" + url.PathEscape(id)
}

// singleRequest returns the documented request for one customer.
func singleRequest(id string, fields fieldset) *request {
	query := url.Values{}
	fields.query(query, customersType)
	return &request{path: customerPath(id), query: query}
}

// fetch fetches the customers of all readers that have joined until the
// reservation is granted.
func (c *Client) fetch(
	ctx context.Context, p *progress, l *lookup, closeGroup func() []string,
) (map[string]lookupResult, error) {
	var keys []string
	got, err := c.roundTrip(ctx, p, func() *request {
		keys = closeGroup()
		switch {
		case len(keys) == 0, len(keys) > 1 && l.refused.Load():
			return nil
		case len(keys) == 1:
			return l.requestAlone(keys[0])
		}
		// Addresses may be long. Those that do not fit get requests of their own.
		keys = keys[:fitting(l.request(), keys)]
		return l.request(keys...)
	})
	switch {
	case errors.Is(err, errNobody):
		return nil, nil // a reader that is left gets a request of its own
	case err != nil && len(keys) > 1:
		return c.listFailed(ctx, err, l, keys)
	case err != nil && l.key == emailKey:
		return nil, listError(err)
	case err != nil:
		return nil, err
	case len(keys) == 1 && l.key == idKey:
		return map[string]lookupResult{keys[0]: c.readOne(ctx, p, got, keys[0], l.fields)}, nil
	case len(keys) == 1:
		return map[string]lookupResult{keys[0]: c.readEmail(ctx, p, l, got, keys[0])}, nil
	}
	results, err := c.share(ctx, p, l, got, keys)
	if err != nil {
		return c.listFailed(ctx, err, l, keys)
	}
	return results, nil
}
