package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/gather"
)

// MaxPageSize is how many customers a page may have (documented). So it is also
// how many keys one list request can ask for.
const MaxPageSize = 25

// leastPatience is the shortest time that a group waits for readers that were
// just answered. The CLI starts the next read after one has ended, which takes
// a while on a busy machine. Sending more requests instead, where the limit
// allows it, was measured: it takes four times as many requests and is no
// faster.
const leastPatience = 100 * time.Millisecond

// patience returns how long a group should wait for one more reader.
func (c *Client) patience() time.Duration { return max(leastPatience, c.api.limiter.Price()) }

// A found is the result of a look-up: a customer, or the error of its readers.
type found struct {
	customer *Customer
	err      *Error
}

// A gatherer answers readers by ID or by e-mail address.
type gatherer = gather.Gatherer[string, found, *progress]

// A lookup finds customers by one kind of key, an ID or an e-mail address.
// Readers that wait at the same time share a list request (together). A key
// that the list can't answer gets a request of its own (alone), so that the
// error is the API's.
type lookup struct {
	together, alone *gatherer
}

// lookups holds all look-ups that were used so far. Readers can share a request
// if they have the same kind of key and want the same parts.
type lookups struct {
	// idsAlone and emailsAlone are set once the API has shown that it can't list
	// customers by that kind of key. They stay set.
	idsAlone, emailsAlone atomic.Bool
	reads                 atomic.Int64

	mu            sync.Mutex
	byID, byEmail map[parts]*lookup
}

// of returns the look-up for the given parts. It makes a new one if needed.
func (l *lookups) of(kind map[parts]*lookup, part parts, newLookup func(parts) *lookup) *lookup {
	l.mu.Lock()
	defer l.mu.Unlock()
	if kind[part] == nil {
		kind[part] = newLookup(part)
	}
	return kind[part]
}

// newLookup returns a look-up with its two kinds of fetches.
func (c *Client) newLookup(together, alone gather.Fetch[string, found, *progress]) *lookup {
	return &lookup{
		together: gather.New(gather.Config[string, found, *progress]{
			Size: MaxPageSize, Patience: c.patience, Progress: c.newProgress, Fetch: together,
		}),
		alone: gather.New(gather.Config[string, found, *progress]{Size: 1, Progress: c.newProgress, Fetch: alone}),
	}
}

// fetchAlone fetches one key with a request of its own.
func (c *Client) fetchAlone(
	ctx context.Context, p *progress, closeGroup func() []string,
	makeUp func(key string) *request, read func(got *answer, key string) found,
) (map[string]found, error) {
	var key string
	got, err := c.road(ctx, p, func() *request {
		keys := closeGroup()
		if len(keys) == 0 {
			return nil
		}
		key = keys[0]
		return makeUp(key)
	})
	if err != nil {
		return nil, err
	}
	return map[string]found{key: read(got, key)}, nil
}

// find looks a key up. If withOthers is set, it first tries a request that
// several readers share.
func (l *lookup) find(ctx context.Context, q question, key string, withOthers bool) (*Customer, error) {
	if withOthers {
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

// refusesList tells whether an error shows that the API refuses the list. A
// single read may then still work. It does not count errors that a single read
// would have, too, or that may pass.
func refusesList(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.TokenRequest ||
		slices.Contains([]string{"INVALID_INCLUDE", "INVALID_FIELD"}, e.Code()) {
		return false
	}
	return e.Class == ErrBadRequest && e.Status != http.StatusLocked || e.Class == ErrNotFound || forbids(e)
}

// forbids tells whether a request was refused because of who sent it.
func forbids(e *Error) bool { return e.Class == ErrPermission || e.Class == ErrBlocked }

// listRefused decides what happens to keys after the API has refused their
// list. If the client may not list customers, it often may not read them
// either. So one customer is read first. If this read is refused as well, all
// readers get the error of the list, and no more requests are wasted on the
// same error.
func (c *Client) listRefused(
	ctx context.Context,
	err error,
	l *lookup,
	keys []string,
	alone *atomic.Bool,
	notice string,
) (map[string]found, error) {
	var refusal *Error
	if !refusesList(err) || !errors.As(err, &refusal) {
		return nil, err
	}
	answered := map[string]found{}
	if forbids(refusal) {
		first, _, err := l.alone.Get(ctx, keys[0])
		var e *Error
		if errors.As(err, &e) && forbids(e) {
			return nil, refusal
		}
		if err == nil {
			answered[keys[0]] = first
		}
	}
	c.goAlone(ctx, alone, notice)
	return answered, nil
}

// goAlone stops one kind of list request for the rest of the run.
func (c *Client) goAlone(ctx context.Context, alone *atomic.Bool, notice string) {
	if !alone.Swap(true) {
		c.notice(ctx, notice)
	}
}
