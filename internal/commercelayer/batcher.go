package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	// MaxPageSize is the largest page (documented), in customers, and so the most
	// IDs that one list request is certain to answer.
	MaxPageSize = 25
	// linger is how long a batch waits for one more reader, and lingerMax for
	// all: Terraform starts its reads in waves of a few milliseconds, and a
	// request takes many times that.
	linger    = 2 * time.Millisecond
	lingerMax = 15 * time.Millisecond
	// lingerAmongMany replaces linger once several readers have waited at once:
	// there may be more of them than have been seen.
	lingerAmongMany = 5 * time.Millisecond
	// holdMin and holdMax bound how long a batch with room waits for the one under
	// way: the readers that this one answers are the next to ask. Within them it
	// waits for one and a half times what the last one took, since two batches
	// that take turns would stay two to the end.
	holdMin = 100 * time.Millisecond
	holdMax = time.Second
	// regather and regatherMax replace linger and lingerMax as long as fewer
	// readers wait than have at once before: the CLI has so many reads under way
	// at a time and starts the next when one is done, which takes it a while.
	regather    = 75 * time.Millisecond
	regatherMax = 250 * time.Millisecond
	// scarcityStretch is how many times longer a batch gathers when the rate
	// limit is all but used up: a request that is not sent saves the readers to
	// come a wait of more than half a second.
	scarcityStretch = 10
)

// travels tells which IDs can share a request: those that a comma-separated
// list can't be confused by. All that have been seen are letters and digits.
var travels = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// batcher answers readers by ID. A lone reader has a request of its own;
// readers that wait together share list requests, readers of the same customer
// share its answer. Nothing is kept once they have it.
type batcher struct {
	client *Client
	notice func(context.Context, string)

	mu    sync.Mutex
	calls map[callKey]*call
	// open are the batches that still take readers, by include.
	open map[string]*batch
	// sending counts the batches that are under way; idle is closed when there
	// is none left.
	sending int
	idle    chan struct{}
	// took is how long the last batch was under way.
	took time.Duration
	// peak is how many calls have been under way at once, until fewer came.
	peak int
	// singly is set for good when the API has refused to list customers.
	singly bool
	reads  int
}

// callKey is what readers must have in common to share an answer.
type callKey struct{ id, include string }

// A call is one customer that one or more readers wait for. Its fields are
// guarded by the batcher's lock; customer and err may be read once done is closed.
type call struct {
	key      callKey
	batch    *batch
	ctx      context.Context
	cancel   context.CancelFunc
	exchange *exchange
	readers  int
	done     chan struct{}
	customer *Customer
	err      error
}

// A batch is what may become one list request.
type batch struct {
	include string
	ctx     context.Context
	cancel  context.CancelFunc
	// calls are those that have readers, until the batch is sealed.
	calls []*call
	// waiting counts the calls that have readers.
	waiting  int
	exchange *exchange
	full     chan struct{}
	joined   chan struct{}
}

func newBatcher(c *Client, notice func(context.Context, string)) *batcher {
	return &batcher{client: c, notice: notice, calls: map[callKey]*call{}, open: map[string]*batch{}, idle: make(chan struct{})}
}

func (b *batcher) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reads
}

// get returns the customer with the ID, once one of the requests has it.
func (b *batcher) get(ctx context.Context, id, include string) (*Customer, error) {
	b.mu.Lock()
	b.reads++
	key := callKey{id, include}
	c := b.calls[key]
	if c == nil {
		c = b.add(ctx, key)
	}
	c.readers++
	b.mu.Unlock()

	select {
	case <-c.done:
		return c.customer, c.err
	case <-ctx.Done():
		return nil, b.leave(c).interrupted(ctx)
	}
}

// add makes a call and puts it into a batch, which it starts if there is none.
func (b *batcher) add(ctx context.Context, key callKey) *call {
	c := &call{key: key, done: make(chan struct{})}
	b.calls[key] = c
	t := b.open[key.include]
	alone := b.singly || !travels.MatchString(key.id)
	if t == nil || alone {
		t = &batch{include: key.include, exchange: customerExchange(key.id), full: make(chan struct{}), joined: make(chan struct{}, 1)}
		t.ctx, t.cancel = context.WithCancel(context.WithoutCancel(ctx))
		if alone {
			close(t.full)
		} else {
			b.open[key.include] = t
		}
		go b.run(t)
	}
	c.batch, c.exchange = t, t.exchange
	c.ctx, c.cancel = context.WithCancel(t.ctx)
	t.calls = append(t.calls, c)
	t.waiting++
	b.peak = max(b.peak, len(b.calls))
	if !alone && len(t.calls) == MaxPageSize {
		delete(b.open, key.include)
		close(t.full)
	}
	select {
	case t.joined <- struct{}{}:
	default:
	}
	return c
}

// leave takes a reader away from a call. A call without readers is dropped, a
// batch without calls is given up.
func (b *batcher) leave(c *call) *exchange {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-c.done: // finish has dropped it
		return c.exchange
	default:
	}
	if c.readers--; c.readers == 0 {
		b.drop(c)
	}
	return c.exchange
}

// drop ends what is done for a call.
func (b *batcher) drop(c *call) {
	if b.calls[c.key] == c {
		delete(b.calls, c.key)
	}
	c.cancel()
	if c.batch.waiting--; c.batch.waiting == 0 {
		c.batch.cancel()
		if b.open[c.batch.include] == c.batch {
			delete(b.open, c.batch.include)
		}
	}
}

// finish hands a call's result to its readers. Only the first result counts.
func (b *batcher) finish(c *call, customer *Customer, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-c.done:
		return
	default:
	}
	if err != nil {
		customer = nil
	}
	c.customer, c.err = customer, err
	close(c.done)
	if c.readers > 0 {
		b.drop(c)
	}
}

// run brings a batch from its first reader to its last result.
func (b *batcher) run(t *batch) {
	var calls []*call
	defer func() {
		if p := recover(); p != nil {
			if calls == nil {
				calls = b.seal(t)
			}
			b.finishAll(calls, panicError(p))
		}
	}()
	b.gather(t)
	// The token comes first: it tells the limits.
	if _, _, err := b.client.authorize(t.ctx); err != nil {
		b.finishAll(b.seal(t), err)
		return
	}
	dequeue := t.exchange.queue()
	p, _, err := b.client.governor.reserve(t.ctx)
	dequeue()
	// Until here readers could join: those who wait together travel together.
	calls = b.seal(t)
	if err != nil {
		return // nobody waits any more
	}
	if len(calls) == 0 {
		p.cancel()
		return
	}
	b.under(1)
	sent := time.Now()
	defer func() {
		b.under(-1)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.took = time.Since(sent)
	}()
	b.send(t, calls, p)
}

// gather waits while more readers may come.
func (b *batcher) gather(t *batch) {
	b.lull(t)
	b.mu.Lock()
	sending, idle, took := b.sending, b.idle, b.took
	b.mu.Unlock()
	if sending == 0 {
		return
	}
	hold := time.NewTimer(min(max(holdMin, took*3/2), holdMax))
	defer hold.Stop()
	select {
	case <-idle:
		b.lull(t)
	case <-hold.C:
	case <-t.full:
	case <-t.ctx.Done():
	}
}

// lull returns when no reader has joined for a while.
func (b *batcher) lull(t *batch) {
	start := time.Now()
	for {
		wait := b.patience(time.Since(start))
		pause := time.NewTimer(wait)
		select {
		case <-t.joined:
			pause.Stop()
			continue
		case <-pause.C:
			b.settle()
		case <-t.full:
		case <-t.ctx.Done():
		}
		pause.Stop()
		return
	}
}

// patience tells how much longer to wait for one more reader.
func (b *batcher) patience(waited time.Duration) time.Duration {
	scarcity := b.client.governor.scarcity(time.Now())
	b.mu.Lock()
	defer b.mu.Unlock()
	stretch := 1 + scarcityStretch*scarcity*scarcity
	longest := time.Duration(stretch*float64(regatherMax)) - waited
	switch {
	case len(b.calls) < b.peak:
		return min(time.Duration(stretch*float64(regather)), longest)
	case b.peak > 1:
		return min(lingerAmongMany, longest)
	}
	return min(linger, lingerMax-waited)
}

// settle takes it that fewer readers come than before, halfway each time: on a
// busy machine they may just be late.
func (b *batcher) settle() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.peak = (b.peak + len(b.calls)) / 2
}

// seal closes a batch to further readers and returns the calls still wanted.
func (b *batcher) seal(t *batch) []*call {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[t.include] == t {
		delete(b.open, t.include)
	}
	var wanted []*call
	for _, c := range t.calls {
		if c.readers > 0 {
			wanted = append(wanted, c)
		}
	}
	return wanted
}

// under counts the batches under way.
func (b *batcher) under(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sending += n; b.sending == 0 {
		close(b.idle)
		b.idle = make(chan struct{})
	}
}

// send asks for the customers of a batch, starting with the place p.
func (b *batcher) send(t *batch, calls []*call, p *place) {
	if len(calls) == 1 || b.isSingly() {
		b.sendSingly(calls, p)
		return
	}
	found, err := b.list(t, calls, p)
	if err == nil {
		var missing []*call
		for _, c := range calls {
			if customer := found[c.key.id]; customer != nil {
				b.finish(c, customer, t.exchange.complete(b.client.checkCustomerMode(customer, t.exchange.claims())))
			} else {
				missing = append(missing, c)
			}
		}
		// Asked for alone, so that the error is the API's own.
		b.sendSingly(missing, nil)
		return
	}
	if !refusesCollection(err) {
		b.finishAll(calls, err)
		return
	}
	if errors.Is(err, ErrPermission) {
		// Where customers may not be listed they may seldom be read. One read
		// tells, and saves the others from spending the limit on the same error.
		b.sendSingly(calls[:1], nil)
		if errors.Is(calls[0].err, ErrPermission) {
			b.finishAll(calls, calls[0].err)
			return
		}
		calls = calls[1:]
	}
	b.goSingly(t.ctx)
	b.sendSingly(calls, nil)
}

// refusesCollection tells errors of listing from errors that a single read
// would have as well.
func refusesCollection(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Code() == "INVALID_INCLUDE" {
		return false
	}
	return errors.Is(e, ErrBadRequest) || errors.Is(e, ErrPermission) || errors.Is(e, ErrNotFound)
}

func (b *batcher) isSingly() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.singly
}

// goSingly gives up on list requests for the rest of the run.
func (b *batcher) goSingly(ctx context.Context) {
	b.mu.Lock()
	first := !b.singly
	b.singly = true
	b.mu.Unlock()
	if first {
		b.notice(ctx, "The API refuses to list customers. From here on each is read alone, which takes one request per customer.")
	}
}

// list asks for the customers of several calls at once. Those that the answer
// lacks, or holds in a form that can't be read, are missing from the result.
func (b *batcher) list(t *batch, calls []*call, p *place) (map[string]*Customer, error) {
	ids := make([]string, len(calls))
	for i, c := range calls {
		ids[i] = c.key.id
	}
	query := listQuery(t.include, []string{"id"}, MaxPageSize)
	query.Set(filterKey("id_in"), strings.Join(ids, ","))
	x := t.exchange
	x.mu.Lock()
	x.path, x.reserved = customersPath, p
	x.mu.Unlock()
	defer x.giveBack()
	body, err := b.client.get(t.ctx, x, customersPath, query)
	if err != nil {
		return nil, err
	}
	page, err := decodePage(body)
	if err != nil {
		return nil, x.complete(err)
	}
	found := make(map[string]*Customer, len(page.items))
	for _, item := range page.items {
		if item.err == nil {
			found[item.customer.ID] = item.customer
		}
	}
	return found, nil
}

// sendSingly asks for each customer alone, the first with the place p, if any.
func (b *batcher) sendSingly(calls []*call, p *place) {
	var group sync.WaitGroup
	for _, c := range calls {
		x := customerExchange(c.key.id)
		x.reserved, p = p, nil
		b.mu.Lock()
		if c.exchange == c.batch.exchange {
			x.waited, x.started = c.exchange.totalWaited(), c.exchange.started
		}
		c.exchange = x
		b.mu.Unlock()
		group.Go(func() {
			defer x.giveBack()
			defer func() {
				if p := recover(); p != nil {
					b.finish(c, nil, panicError(p))
				}
			}()
			customer, err := b.client.getCustomer(c.ctx, x, c.key)
			b.finish(c, customer, err)
		})
	}
	group.Wait()
}

func customerExchange(id string) *exchange {
	x := newExchange(http.MethodGet, &url.URL{})
	x.path = Redact(customerPath(id))
	return x
}

// finishAll hands each reader an error of its own.
func (b *batcher) finishAll(calls []*call, err error) {
	for _, c := range calls {
		if e, ok := errors.AsType[*Error](err); ok {
			own := *e
			err = &own
		}
		b.finish(c, nil, err)
	}
}
