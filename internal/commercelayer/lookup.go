package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// A found is the result of a look-up: a customer, or the error of its readers.
type found struct {
	customer *Customer
	err      *Error
}

// A gatherer answers readers by ID or by e-mail address.
type gatherer = gather.Gatherer[string, found, *progress]

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
// of key and want the same parts.
type lookupKind struct {
	key  *key
	part parts
}

// lookups holds all look-ups that were used so far.
type lookups struct {
	reads   atomic.Int64
	refused map[*key]*atomic.Bool

	mu   sync.Mutex
	used map[lookupKind]*lookup
}

func newLookups() *lookups {
	return &lookups{
		refused: map[*key]*atomic.Bool{idKey: {}, emailKey: {}},
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
	fetch := func(ctx context.Context, p *progress, closeGroup func() []string) (map[string]found, error) {
		return c.fetch(ctx, p, l, closeGroup)
	}
	l.together = gather.New(gather.Config[string, found, *progress]{
		Size: MaxPageSize, Price: c.api.limiter.Price, Progress: c.newProgress, Fetch: fetch,
	})
	l.alone = gather.New(gather.Config[string, found, *progress]{Size: 1, Progress: c.newProgress, Fetch: fetch})
	c.lookups.used[kind] = l
	return l
}

// travels matches the IDs that can stand in a comma-separated list. All known
// IDs are letters and digits.
var travels = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Customer reads the customer with the ID. Calls at the same time share
// requests. They also share the result, so it must not be changed. The error is
// an [*Error].
func (c *Client) Customer(ctx context.Context, id string, s Selection) (*Customer, error) {
	c.lookups.reads.Add(1)
	return c.lookup(lookupKind{idKey, s.parts()}).find(ctx, ask(customerPath(id)), id, travels.MatchString(id))
}

// CustomerByEmail reads the customer with the e-mail address. Calls at the same
// time share requests. They also share the result, so it must not be changed.
// The error is an [*Error]. If several customers have the address, it is
// [ErrAmbiguous] and lists their IDs.
func (c *Client) CustomerByEmail(ctx context.Context, email string, s Selection) (*Customer, error) {
	c.lookups.reads.Add(1)
	return c.lookup(lookupKind{emailKey, s.parts()}).find(ctx, ask(customersPath), email, CheckListed(email) == nil)
}

// find looks a key up. If withOthers is set, it first tries a request that
// several readers share.
func (l *lookup) find(ctx context.Context, q question, key string, withOthers bool) (*Customer, error) {
	if withOthers && !l.refused.Load() {
		got, p, err := l.together.Get(ctx, key)
		if !errors.Is(err, gather.ErrMissing) {
			return q.result(ctx, got, p, err)
		}
	}
	got, p, err := l.alone.Get(ctx, key)
	return q.result(ctx, got, p, err)
}

// result returns the customer, or the error of this reader.
func (q question) result(ctx context.Context, got found, p *progress, err error) (*Customer, error) {
	switch {
	case err != nil:
		return nil, q.failure(ctx, err, p)
	case got.err != nil:
		return nil, q.failure(ctx, got.err, p)
	}
	return got.customer, nil
}

// request returns the request for several keys. A look-up by address always
// asks for the addresses, because the answer is compared with them.
func (l *lookup) request(keys ...string) *request {
	query := listQuery(inOrderOfIDs, MaxPageSize)
	l.asked().query(query, customersType)
	for name, value := range l.key.among(keys) {
		query[name] = value
	}
	return &request{path: customersPath, query: query}
}

func (l *lookup) asked() parts {
	if l.key == emailKey {
		return l.part.with("email")
	}
	return l.part
}

// requestAlone returns the request for one key.
func (l *lookup) requestAlone(key string) *request {
	if l.key == idKey {
		return singleRequest(key, l.part)
	}
	r := l.request()
	r.query.Del(filterKey("email_in"))
	r.query.Set(filterKey("email_eq"), key)
	return r
}

const customersPath = "/api/customers"

// customerPath returns the path of a customer. The ID may hold any characters.
func customerPath(id string) string {
	return customersPath + "/" + url.PathEscape(id)
}

// singleRequest returns the documented request for one customer.
func singleRequest(id string, part parts) *request {
	query := url.Values{}
	part.query(query, customersType)
	return &request{path: customerPath(id), query: query}
}

// fetch fetches the customers of all readers that have joined until the place
// is given out.
func (c *Client) fetch(
	ctx context.Context, p *progress, l *lookup, closeGroup func() []string,
) (map[string]found, error) {
	var keys []string
	got, err := c.road(ctx, p, func() *request {
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
		return nil, c.expectation(l.part, nil).listError(err)
	case err != nil:
		return nil, err
	case len(keys) == 1 && l.key == idKey:
		return map[string]found{keys[0]: c.readOne(ctx, p, got, keys[0], l.part)}, nil
	case len(keys) == 1:
		return map[string]found{keys[0]: c.readEmail(ctx, p, l, got, keys[0])}, nil
	}
	return c.share(ctx, p, l, got, keys)
}

// expectation says what a look-up asks for.
func (c *Client) expectation(part parts, by *key, keys ...string) expectation {
	return expectation{
		noun: "customer", nouns: "customers", ofType: customersType, part: part, by: by, keys: keys, mode: c.mode,
		same: sameCustomer(part),
	}
}

// readOne reads the answer to the request for one customer by ID.
func (c *Client) readOne(ctx context.Context, p *progress, got *answer, id string, part parts) found {
	document, failure := decodeOne(got.body)
	if failure != nil {
		return found{err: failure}
	}
	v := newVerdict(c.expectation(part, nil))
	token := p.standing().claims
	one := v.judge(document, token)[0]
	switch {
	case one.err != nil && one.err.Class != ErrWrongMode:
		return found{err: one.err}
	case one.id != id:
		return found{err: mismatch("the answer holds the customer " + inQuotes(one.id))}
	case one.err != nil:
		return found{err: one.err}
	}
	return c.give(ctx, v, readCustomers(document, part), one.resource, token)
}

// give makes the customer of a reader.
func (c *Client) give(
	ctx context.Context, v *verdict, read *customerReader, r *jsonapi.Resource, token Claims,
) found {
	v.seen[r.Identifier] = true
	v.lookForIncluded(read.document)
	v.close()
	customer, failure := read.customer(r)
	if failure != nil {
		return found{err: failure}
	}
	c.noteOrganization(ctx, orEmpty(r.OrganizationID), token)
	customer.Findings = v.findings
	return found{customer: customer}
}

// readEmail reads the answer to the look-up of one address. If the page is not
// the whole list, it reads on.
func (c *Client) readEmail(ctx context.Context, p *progress, l *lookup, got *answer, email string) found {
	v := newVerdict(c.expectation(l.asked(), emailKey, email))
	var own, others []*Customer
	first := l.requestAlone(email)
	query := url.Values{}
	for name, value := range first.query {
		if name != "sort" && name != "page[size]" {
			query[name] = value
		}
	}
	g := &pager{
		client: c, question: ask(customersPath), progress: p, verdict: v, budget: c.newBudget(),
		path: customersPath, query: query, most: MaxPageSize,
		send: func(ctx context.Context, r *request) (*answer, error) {
			if got != nil {
				first := got
				got = nil
				return first, nil
			}
			return c.road(ctx, p, func() *request { return r })
		},
		hand: func(document *jsonapi.Document, fresh []*jsonapi.Resource) (bool, *Error) {
			read := readCustomers(document, l.part)
			for _, r := range fresh {
				customer, failure := read.customer(r)
				if failure != nil {
					return false, failure
				}
				if emailKey.of(r) == email {
					own = append(own, customer)
				} else {
					others = append(others, customer) // in another case or Unicode form
				}
			}
			return len(own) < 2, nil
		},
	}
	if err := g.pages(ctx); err != nil {
		var failure *Error
		errors.As(err, &failure)
		return found{err: failure}
	}
	if len(own) == 0 {
		own = others
	}
	lacking := v.findings.Of(FindingIncomplete)
	switch {
	case len(own) == 0 && lacking != nil:
		return found{err: malformed("the answer counts %d customers and holds none", lacking.Counted)}
	case len(own) == 0:
		return found{err: &Error{Class: ErrNotFound, Status: http.StatusOK}}
	case len(own) > 1, lacking != nil && lacking.Counted-lacking.Read > v.doubled:
		return found{err: ambiguous(own, v.total)}
	}
	own[0].Findings = v.findings
	return found{customer: own[0]}
}

func ambiguous(customers []*Customer, count int) *Error {
	e := &Error{Class: ErrAmbiguous, Count: max(count, len(customers))}
	for _, customer := range customers {
		e.IDs = append(e.IDs, Redact(customer.ID))
	}
	return e
}

// share reads the answer to a request that several readers share, and never
// pages, because the other readers would have to wait. A key has no value
// unless its customer was certainly found. Then it gets a request of its own.
func (c *Client) share(
	ctx context.Context, p *progress, l *lookup, got *answer, keys []string,
) (map[string]found, error) {
	document, failure := decodeDocument(got.body, MaxPageSize)
	if failure == nil && document.Kind != jsonapi.Many {
		failure = malformed("the document holds no list of customers")
	}
	if failure != nil {
		return nil, failure
	}
	v := newVerdict(c.expectation(l.asked(), l.key, keys...))
	token := p.standing().claims
	list := v.judge(document, token)
	// Several customers may have one address, so the page must be whole.
	whole := document.Total == distinct(document) && !document.Next
	for i := range list {
		one := &list[i]
		if one.err == nil {
			one.err = v.place(one.resource)
		}
		switch {
		case one.err == nil, one.err.Class == ErrWrongMode:
		case one.err.Class == ErrFilterIgnored:
			c.goAlone(ctx, l) // the page answers nothing
			return nil, nil
		case one.err.Class == ErrMismatch && one.resource.Type == customersType:
			return nil, one.err
		default:
			whole = false // this customer can't be read
		}
	}
	values := map[string]found{}
	read := readCustomers(document, l.part)
	for _, asked := range keys {
		one := l.match(list, asked, keys)
		switch {
		case one == nil, l.key == emailKey && !whole:
		case one.err == nil:
			if got := c.give(ctx, v, read, one.resource, token); got.err == nil {
				values[asked] = got
			}
		case one.err.Class == ErrWrongMode:
			values[asked] = found{err: one.err}
		}
	}
	return values, nil
}

// match returns the only resource with a key. One with the key in another case
// or Unicode form counts if nobody has asked for that form: the API may have
// sent it only for that one.
func (l *lookup) match(list []judged, asked string, keys []string) *judged {
	var exact, folded []*judged
	contested := false
	for i := range list {
		if list[i].resource == nil {
			continue
		}
		switch value := l.key.of(list[i].resource); {
		case value == asked:
			exact = append(exact, &list[i])
		case l.key.fold(value) == l.key.fold(asked):
			folded = append(folded, &list[i])
			contested = contested || slices.Contains(keys, value)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0]
	case len(exact) == 0 && len(folded) == 1 && !contested:
		return folded[0]
	}
	return nil
}

// refusesList tells whether an error shows that the API refuses the list. A
// single read may then still work. It does not count errors that a single read
// would have, too, or that may pass.
func refusesList(e *Error) bool {
	if slices.Contains([]string{"INVALID_INCLUDE", "INVALID_FIELD"}, e.Code()) {
		return false
	}
	return e.Class == ErrBadRequest && e.Status != http.StatusLocked || e.Class == ErrNoList || forbids(e)
}

// forbids tells whether a request was refused because of who sent it.
func forbids(e *Error) bool { return e.Class == ErrPermission || e.Class == ErrBlocked }

// listFailed decides what happens to keys after the request for all of them has
// failed. If the API refuses to list customers, it often refuses to read them,
// too. If it fails with 500, one record may be the reason, or the whole API. So
// some of the keys are asked for alone. If they fail as well, all readers get
// the error of the list, and no more requests are wasted on it.
func (c *Client) listFailed(ctx context.Context, err error, l *lookup, keys []string) (map[string]found, error) {
	err = c.expectation(l.part, nil).listError(err)
	var failure *Error
	if !errors.As(err, &failure) || failure.TokenRequest {
		return nil, err
	}
	witnesses := 0
	fails := forbids
	switch {
	case forbids(failure):
		witnesses = 1
	case breaks(failure):
		witnesses, fails = 2, breaks
	case !refusesList(failure):
		return nil, err
	}
	answered := map[string]found{}
	for _, one := range keys[:witnesses] {
		got, _, err := l.alone.Get(ctx, one)
		var own *Error
		if err != nil && !errors.As(err, &own) {
			return nil, err
		}
		if own != nil {
			got = found{err: own}
		}
		answered[one] = got
		if own == nil || !fails(own) {
			witnesses = 0 // the API answers for a single customer
			break
		}
	}
	if witnesses > 0 {
		return nil, failure
	}
	if !breaks(failure) {
		c.goAlone(ctx, l)
	}
	return answered, nil
}

// breaks tells whether the API failed with an error that may belong to one
// record.
func breaks(e *Error) bool {
	return e.Class == ErrServer && e.Status < http.StatusBadGateway && !e.TokenRequest
}

// goAlone stops one kind of list request for the rest of the run.
func (c *Client) goAlone(ctx context.Context, l *lookup) {
	if !l.refused.Swap(true) {
		c.notice(ctx, l.key.notice)
	}
}
