package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// outcome is what a probe found.
type outcome string

// The outcomes.
const (
	held    outcome = "held"
	refuted outcome = "refuted"
	untold  outcome = "can't be told"
)

// verdict is an outcome with a text. The text says what was seen. When the
// assumption can't be told, it says what the probe would need.
type verdict struct {
	outcome outcome
	text    string
}

// late is the verdict when the time is over.
var late = verdict{untold, "more time (-timeout)"}

// saw is the verdict when the same text says what was seen in both cases.
func saw(right bool, format string, args ...any) verdict {
	if right {
		return holds(format, args...)
	}
	return refutes(format, args...)
}

// states is the verdict on a statement.
func states(right bool, statement string) verdict {
	if right {
		return holds("%s", statement)
	}
	return refutes("it is not so that %s", statement)
}

func holds(format string, args ...any) verdict { return verdict{held, fmt.Sprintf(format, args...)} }
func refutes(format string, args ...any) verdict {
	return verdict{refuted, fmt.Sprintf(format, args...)}
}
func tellsNot(format string, args ...any) verdict {
	return verdict{untold, fmt.Sprintf(format, args...)}
}

// prober asks about one assumption.
type prober struct {
	// needs are the assumptions that must hold before this one can be checked, and
	// customers is how many customers there must be.
	needs     []string
	customers int
	// limits says that the flag -limits is needed. Without requests of its own,
	// the probe looks at the answers of the burst.
	limits   bool
	requests []request
	// refusal is the outcome when a request is refused. When it is empty, judge
	// decides.
	refusal outcome
	// unauthorized says that the probe itself judges a 401 or 403. For other
	// probes these only show that the token lacks a permission.
	unauthorized bool
	// judge decides from the answers. Requests without an answer do not come here.
	judge judge
}

type judge func(answers []*answer) verdict

// ask checks every assumption, and reports what it finds. If the time is over
// meanwhile, the others can't be told. It fails only when there is nothing to
// report.
func (org *organization) ask(ctx context.Context) (*report, error) {
	if err := org.learn(ctx); err != nil {
		return nil, fmt.Errorf("asking for customers: %w", err)
	}
	if org.options.limits {
		org.fillTheBurst(ctx)
	}
	if ctx.Err() != nil {
		org.burst.missing = late.text
	}
	r := org.newReport()
	probes, found := org.probes(), map[string]outcome{}
	for _, assumption := range emulator.Assumptions() {
		v, answers := org.run(ctx, probes[assumption.Name], found)
		if v == late {
			r.cut = context.Cause(ctx)
		}
		found[assumption.Name] = v.outcome
		r.add(assumption, v, answers)
	}
	r.Seconds = time.Since(org.started).Round(time.Second / 10).Seconds()
	return r, nil
}

// run checks one assumption.
func (org *organization) run(ctx context.Context, p prober, found map[string]outcome) (v verdict, answers []*answer) {
	if p.limits && !org.options.limits {
		return tellsNot("the flag -limits, which fills the burst window"), nil
	}
	for _, need := range p.needs {
		if found[need] != held {
			return tellsNot("proof that %s holds", need), nil
		}
	}
	if len(org.known[firstPage].list) < p.customers {
		return tellsNot("at least %d customers", p.customers), nil
	}
	if p.limits && org.burst.missing != "" {
		return verdict{untold, org.burst.missing}, nil
	}
	if p.limits && p.requests == nil {
		return p.judge(org.burst.answers), org.burst.answers
	}
	for _, r := range p.requests {
		if missing := org.missing(r); missing != "" {
			return verdict{untold, missing}, nil
		}
		a := org.answer(ctx, r)
		if a.err != nil && ctx.Err() != nil {
			return late, nil
		}
		answers = append(answers, a)
		if v := p.prejudge(r, a); v.outcome != "" {
			return v, answers
		}
	}
	return p.judge(answers), answers
}

// prejudge gives the verdict when an answer alone decides it. Then the other
// requests are not sent. Otherwise the verdict has no outcome.
func (p prober) prejudge(r request, a *answer) verdict {
	switch {
	case a.Status == 0:
		return tellsNot("an answer to %s: the connection failed", a.Request)
	case a.Status == http.StatusOK && r.grant == "" && len(a.Data) == 0:
		return tellsNot("an answer to %s that is a document", a.Request)
	case a.Status != http.StatusOK && !a.refused(), a.Status == http.StatusTooManyRequests:
		return tellsNot("an answer to %s other than %d", a.Request, a.Status)
	case !p.unauthorized && (a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden):
		return tellsNot("the permission for %s: it was answered with %s", a.Request, a.summary())
	case a.refused() && p.refusal == refuted:
		return refutes("refused: %s", a.summary())
	case a.refused() && p.refusal == untold:
		return tellsNot("an answer to %s: it was refused with %s", a.Request, a.summary())
	default:
		return verdict{}
	}
}
