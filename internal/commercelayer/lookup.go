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

// MaxPageSize is the largest page (documented), in customers, and so the most keys
// that one list request is certain to answer.
const MaxPageSize = 25

// leastPatience is how long readers who have just been answered are waited for at
// least. The CLI starts the next read when one is done, and on a busy machine that
// takes it a while. Letting requests overlap instead, where the limit leaves room,
// was measured: it takes four times as many and is no faster.
const leastPatience = 100 * time.Millisecond

// patience tells how long one more reader is worth waiting for.
func (c *Client) patience() time.Duration { return max(leastPatience, c.api.limiter.Price()) }

// A found is what a look-up came to: a customer, or why there is none to hand on.
type found struct {
	customer *Customer
	err      *Error
}

// A gatherer answers readers by ID or by e-mail address.
type gatherer = gather.Gatherer[string, found, *progress]

// A lookup is the way in which customers are looked up by one key. Readers that
// wait together share a list request; what a list can't answer is asked for
// alone, so that its error is the API's own.
type lookup struct {
	together, alone *gatherer
}

// lookups holds the look-ups that have been used. Readers can share a request if
// they ask by the same key for the same parts.
type lookups struct {
	// idsAlone and emailsAlone are set for the rest of the run once the API has
	// shown that it can't list customers by that key.
	idsAlone, emailsAlone atomic.Bool
	reads                 atomic.Int64

	mu            sync.Mutex
	byID, byEmail map[parts]*lookup
}

// of returns the look-up for some parts, and makes it if it is new.
func (l *lookups) of(kind map[parts]*lookup, part parts, newLookup func(parts) *lookup) *lookup {
	l.mu.Lock()
	defer l.mu.Unlock()
	if kind[part] == nil {
		kind[part] = newLookup(part)
	}
	return kind[part]
}

// newLookup returns a look-up with its two fetches.
func (c *Client) newLookup(together, alone gather.Fetch[string, found, *progress]) *lookup {
	return &lookup{
		together: gather.New(gather.Config[string, found, *progress]{
			Size: MaxPageSize, Patience: c.patience, Progress: c.newProgress, Fetch: together,
		}),
		alone: gather.New(gather.Config[string, found, *progress]{Size: 1, Progress: c.newProgress, Fetch: alone}),
	}
}

// fetchAlone asks for one key alone.
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

// find looks a key up, with others if it can travel with them.
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

// result hands the customer on, or makes the reader's own error.
func (q question) result(ctx context.Context, got found, p *progress, err error) (*Customer, error) {
	switch {
	case err != nil:
		return nil, q.failure(ctx, err, p)
	case got.err != nil:
		return nil, q.failure(ctx, got.err, p)
	}
	return got.customer, nil
}

// refusesList tells errors of listing, which will stay, from errors that a single
// read would have as well and from those that pass.
func refusesList(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.TokenRequest ||
		slices.Contains([]string{"INVALID_INCLUDE", "INVALID_FIELD"}, e.Code()) {
		return false
	}
	return e.Class == ErrBadRequest && e.Status != http.StatusLocked || e.Class == ErrNotFound || forbids(e)
}

// forbids tells whether a request was refused for the one who asks, or the way in
// which it was asked.
func forbids(e *Error) bool { return e.Class == ErrPermission || e.Class == ErrBlocked }

// listRefused decides what becomes of keys whose list was refused. Where customers
// may not be listed they may seldom be read: one read tells, and saves the others
// from spending the limit on the same error.
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

// goAlone gives up on one kind of list requests for the rest of the run.
func (c *Client) goAlone(ctx context.Context, alone *atomic.Bool, notice string) {
	if !alone.Swap(true) {
		c.notice(ctx, notice)
	}
}
