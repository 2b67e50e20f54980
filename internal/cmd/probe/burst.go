package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// burst holds what was seen while the burst window was filled. This happens
// before the other probes, because the window of a minute has to be empty.
type burst struct {
	asked     bool // -limits is given
	found     map[string]verdict
	exchanges []exchange
	at        time.Time // when the first request of the burst was sent
	sent      int       // how many requests of the burst were accepted
	blind     bool      // the rate headers can't be used
}

// burstPause is long enough for the burst window of ten seconds to be empty. The
// additional second is for clocks that differ.
const burstPause = 11 * time.Second

// fillTheBurst sends requests until one is refused, and looks at the refusal.
// After a pause it looks whether the refused requests were counted. Its requests
// are not paced, because pacing would avoid the refusal.
func (org *organization) fillTheBurst(ctx context.Context, asked bool) (*burst, error) {
	b := &burst{asked: asked, found: map[string]verdict{}}
	if !asked {
		return b, nil
	}
	if len(org.facts.list) == 0 {
		b.all("at least one customer")
		return b, nil
	}
	if err := org.sleep(ctx, emptyBurst, b.untilFive(org)); err != nil {
		return b, err
	}
	before, refused, err := b.fill(ctx, org)
	if err != nil || refused == nil {
		return b, err
	}
	single := get(customersPath+"/"+org.facts.ids()[0], "fields[customers]", "status")
	other := b.send(ctx, org, single)
	refusals, accepted := 1, 0
	switch other.status {
	case http.StatusTooManyRequests:
		refusals++
		b.found[emulator.AssumeBurstEndpoint] = holds("a single customer is refused as well")
	case http.StatusOK:
		accepted++
		b.found[emulator.AssumeBurstEndpoint] = refutes("a single customer is served while the list is refused")
	default:
		b.found[emulator.AssumeBurstEndpoint] = tellsNot("an answer other than %s", other.summary())
	}
	b.found[emulator.AssumeBurstRemaining] = judgeRemaining(before, refused)
	if err := org.sleep(ctx, emptyBurst, burstPause); err != nil {
		return b, err
	}
	after := b.send(ctx, org, list.one())
	b.found[emulator.AssumeRefusedUncounted] = judgeCost(before, after, accepted+1, refusals)
	return b, org.sleep(ctx, emptyBurst, burstPause)
}

const emptyBurst = "the burst window to be empty"

// untilFive is how long to wait before the burst. Then the burst window is empty,
// and the last digit of the server's seconds is five. At this moment a window
// that moves in steps of ten seconds differs most from one that moves steadily.
func (b *burst) untilFive(org *organization) time.Duration {
	now := time.Now()
	if date, err := http.ParseTime(org.facts.first.header.Get("Date")); err == nil && !org.emulated {
		now = date.Add(time.Second / 2)
	}
	then := now.Add(burstPause)
	five := then.Truncate(10 * time.Second).Add(5 * time.Second)
	if five.Before(then) {
		five = five.Add(10 * time.Second)
	}
	return five.Sub(now)
}

// fill sends requests until one is refused. It returns the last accepted answer
// and the refusal. Both are nil when there is no verdict to make.
func (b *burst) fill(ctx context.Context, org *organization) (last, refused *answer, err error) {
	b.at = time.Now()
	limit := org.limits().Burst
	for range limit + 3 {
		a := b.send(ctx, org, list.one())
		switch {
		case ctx.Err() != nil:
			return nil, nil, fmt.Errorf("filling the burst window: %w", context.Cause(ctx))
		case a.status == http.StatusTooManyRequests:
			if last == nil {
				b.all("a burst window that other programs do not fill")
				return nil, nil, nil
			}
			return last, a, nil
		case a.status != http.StatusOK:
			b.all("an answer other than " + a.summary())
			return nil, nil, nil
		}
		last = a
		b.sent++
	}
	b.all(fmt.Sprintf("a refusal: %d requests were served within %s", b.sent, time.Since(b.at).Round(time.Second)))
	return nil, nil, nil
}

// send sends a request without pacing, and keeps it for the report.
func (b *burst) send(ctx context.Context, org *organization, r request) *answer {
	a := org.send(ctx, r)
	b.exchanges = append(b.exchanges, exchange{r.shown(org.facts), a.status, a.code()})
	return a
}

// all sets the same verdict for all assumptions about the burst window: what the
// probe would need.
func (b *burst) all(missing string) {
	for _, name := range []string{
		emulator.AssumeBurstEndpoint, emulator.AssumeBurstRemaining, emulator.AssumeRefusedUncounted,
		emulator.AssumeWindowSteps,
	} {
		b.found[name] = tellsNot("%s", missing)
	}
}

// verdict is the verdict about an assumption, with the last requests of the burst
// as proof.
func (b *burst) verdict(name string, found map[string]outcome) (verdict, []exchange) {
	v, ok := b.found[name]
	switch {
	case !b.asked:
		return tellsNot("the flag -limits, which fills the burst window"), nil
	case name != emulator.AssumeBurstEndpoint && found[emulator.AssumeRateHeaders] != held:
		b.blind = true
		return tellsNot("proof that %s holds", emulator.AssumeRateHeaders), nil
	case !ok:
		return tellsNot("more time (-timeout)"), nil
	default:
		return v, b.exchanges[max(0, len(b.exchanges)-4):]
	}
}

// judgeRemaining compares two numbers of remaining requests: the one in the last
// accepted answer and the one in the refusal.
func judgeRemaining(before, refused *answer) verdict {
	left, ok := before.remaining()
	says, alsoOK := refused.remaining()
	switch {
	case !ok || !alsoOK || left == 0:
		return tellsNot("the header with a number above 0")
	case says == 0:
		return refutes("it says 0 where %d are left", left)
	case says > left:
		return tellsNot("a minute without other requests: it says %d where %d were left", says, left)
	default:
		return holds("it says %d where %d are left", says, left)
	}
}

// judgeCost compares the numbers of remaining requests before and after the
// refusals.
func judgeCost(before, after *answer, accepted, refusals int) verdict {
	left, ok := before.remaining()
	now, alsoOK := after.remaining()
	if !ok || !alsoOK || after.status != http.StatusOK {
		return tellsNot("the header of a request that is served: %s", after.summary())
	}
	switch left - now {
	case accepted:
		return holds("%d were left before, %d after %d refusals and %d that were served", left, now, refusals, accepted)
	case accepted + refusals:
		return refutes("%d were left before, %d after %d refusals and %d that were served", left, now, refusals,
			accepted)
	default:
		return tellsNot("a minute without other requests: %d were left before, %d after", left, now)
	}
}

// watchTheWindow waits until the burst is 58 seconds old. Then it looks whether
// the API still counts the requests of the burst. It writes the verdict into the
// results.
func (b *burst) watchTheWindow(ctx context.Context, org *organization, results []result) error {
	if b.sent == 0 || b.blind {
		return nil
	}
	if err := org.sleep(ctx, "the end of a minute", 58*time.Second-time.Since(b.at)); err != nil {
		return err
	}
	a := org.send(ctx, list.one())
	for i := range results {
		if results[i].assumption.Name == emulator.AssumeWindowSteps {
			results[i].verdict = b.judgeSteps(org, a)
			results[i].exchanges = []exchange{{list.one().shown(org.facts), a.status, a.code()}}
		}
	}
	return nil
}

// judgeSteps compares the number of counted requests with the number of requests
// sent. It is smaller when the requests of the burst are no longer counted.
func (b *burst) judgeSteps(org *organization, a *answer) verdict {
	left, ok := a.remaining()
	if !ok || a.status != http.StatusOK {
		return tellsNot("the header of a request that is served: %s", a.summary())
	}
	// The requests after the burst are counted in both cases.
	counted := org.limits().Average - left
	switch since := org.sentSince(b.at); {
	case counted < since-b.sent/2:
		return refutes("%d count, of %d that were sent in the last 58 seconds", counted, since)
	case counted <= since+b.sent/2:
		return holds("%d count, of %d that were sent in the last 58 seconds", counted, since)
	default:
		return tellsNot("a minute without other requests: %d count, and %d were sent", counted, since)
	}
}
