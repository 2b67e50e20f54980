package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// burst holds what was seen while the burst window was filled. This happens
// before the probes, because the window of a minute has to be empty.
type burst struct {
	at      time.Time // when the first request of the burst was sent
	sent    int       // how many requests of the burst were accepted
	missing string    // what is missing to judge the answers, if anything is
	// answers are the last of the burst that was accepted, the refusal, that of
	// another endpoint at the same time, and one after a pause.
	answers []*answer
}

// burstPause is long enough for the burst window of ten seconds to be empty. The
// additional second is for clocks that differ.
const burstPause = 11 * time.Second

const emptyBurst = "the burst window to be empty"

// fillTheBurst sends requests until one is refused, and looks at the refusal.
// After a pause it looks whether the refused requests were counted. Its requests
// are not paced, because pacing would avoid the refusal.
func (org *organization) fillTheBurst(ctx context.Context) {
	b := &org.burst
	if b.missing = org.missing(request{path: oneCustomer}); b.missing != "" {
		return
	}
	org.sleep(ctx, emptyBurst, org.untilFive())
	b.at, org.accepted = time.Now(), 0
	var accepted, refusal *answer
	for refusal == nil && b.sent < commercelayer.LimitsOf(org.told).Burst+3 {
		switch a := org.send(ctx, request{path: onePage}); a.Status {
		case http.StatusOK:
			accepted = a
			b.sent++
		case http.StatusTooManyRequests:
			refusal = a
		default:
			b.missing = "an answer other than " + a.summary()
			return
		}
	}
	switch {
	case refusal == nil:
		b.missing = fmt.Sprintf("a refusal: %d requests were served within %s", b.sent, time.Since(b.at).Round(time.Second))
		return
	case accepted == nil:
		b.missing = "a burst window that other programs do not fill"
		return
	}
	other := org.send(ctx, request{path: oneCustomer})
	org.sleep(ctx, emptyBurst, burstPause)
	b.answers = []*answer{accepted, refusal, other, org.send(ctx, request{path: onePage})}
	org.sleep(ctx, emptyBurst, burstPause)
}

// untilFive is how long to wait before the burst. Then the burst window is empty,
// and the last digit of the server's seconds is five. At this moment a window
// that moves in steps of ten seconds differs most from one that moves steadily.
func (org *organization) untilFive() time.Duration {
	now := time.Now()
	if date, err := http.ParseTime(org.known[firstPage].header.Get("Date")); err == nil && !org.emulated {
		now = date.Add(time.Second / 2)
	}
	then := now.Add(burstPause)
	five := then.Truncate(10 * time.Second).Add(5 * time.Second)
	if five.Before(then) {
		five = five.Add(10 * time.Second)
	}
	return five.Sub(now)
}

// judgeRemaining compares two numbers of remaining requests: the one in the last
// accepted answer and the one in the refusal.
func judgeRemaining(a []*answer) verdict {
	left, ok := a[0].remaining()
	says, alsoOK := a[1].remaining()
	switch {
	case !ok || !alsoOK || left == 0:
		return tellsNot("the header with a number above 0")
	case says > left:
		return tellsNot("a minute without other requests: it says %d where %d were left", says, left)
	default:
		return saw(says > 0, "it says %d where %d are left", says, left)
	}
}

// judgeCost compares the numbers of remaining requests before and after the
// refusals.
func judgeCost(a []*answer) verdict {
	left, ok := a[0].remaining()
	now, alsoOK := a[3].remaining()
	if !ok || !alsoOK || a[3].Status != http.StatusOK {
		return tellsNot("the header of a request that is served: %s", a[3].summary())
	}
	refusals, accepted := 1, 1
	switch a[2].Status {
	case http.StatusTooManyRequests:
		refusals++
	case http.StatusOK:
		accepted++
	}
	seen := fmt.Sprintf("%d were left before, %d after %d refusals and %d that were served", left, now, refusals, accepted)
	if used := left - now; used != accepted && used != accepted+refusals {
		return tellsNot("a minute without other requests: %s", seen)
	}
	return saw(left-now == accepted, "%s", seen)
}

// judgeSteps looks at an answer 58 seconds after the burst. It compares the number
// of counted requests with the number of requests sent. It is smaller when the
// requests of the burst are no longer counted.
func (org *organization) judgeSteps(a []*answer) verdict {
	left, ok := a[0].remaining()
	if !ok || a[0].refused() {
		return tellsNot("the header of a request that is served: %s", a[0].summary())
	}
	// The requests after the burst are counted in both cases.
	counted := commercelayer.LimitsOf(org.told).Average - left
	seen := fmt.Sprintf("%d count, of %d that were sent in the last 58 seconds", counted, org.accepted)
	if counted > org.accepted+org.burst.sent/2 {
		return tellsNot("a minute without other requests: %s", seen)
	}
	return saw(counted >= org.accepted-org.burst.sent/2, "%s", seen)
}
