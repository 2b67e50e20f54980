package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
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
	saw     string
}

func holds(format string, args ...any) verdict { return verdict{held, fmt.Sprintf(format, args...)} }
func refutes(format string, args ...any) verdict {
	return verdict{refuted, fmt.Sprintf(format, args...)}
}
func tellsNot(format string, args ...any) verdict {
	return verdict{untold, fmt.Sprintf(format, args...)}
}

// maxRequests is the largest number of requests that a probe may send. The
// requests for the facts are not counted.
const maxRequests = 3

// prober asks about one assumption.
type prober struct {
	// needs are the assumptions that must hold before this one can be checked, and
	// customers is how many customers there must be.
	needs     []string
	customers int
	// requests are what is asked. When they depend on the organization, ask lists
	// them instead, or says what is missing for them.
	requests []request
	ask      func(org *organization) (requests []request, missing string)
	// refusal is the outcome when a request is refused. When it is empty, judge
	// decides.
	refusal outcome
	// judge decides from the answers. Requests without an answer do not come here.
	judge func(org *organization, answers []*answer) verdict
	// unauthorized says that the probe itself judges a 401 or 403. For other
	// probes these only show that the token lacks a permission.
	unauthorized bool
}

// result is what the report says about an assumption.
type result struct {
	assumption emulator.Assumption
	verdict    verdict
	exchanges  []exchange
}

// exchange is one request with its answer, without personal data.
type exchange struct {
	Request string `json:"request"`
	Status  int    `json:"status"`
	Code    string `json:"code,omitempty"`
}

// ask checks every assumption. If the time is over meanwhile, the others can't be
// told, and cut says so. It fails only when there is nothing to report.
func ask(ctx context.Context, org *organization, o options) (results []result, cut, err error) {
	if err := org.learn(ctx, o); err != nil {
		return nil, nil, fmt.Errorf("asking for customers: %w", err)
	}
	burst, cut := org.fillTheBurst(ctx, o.limits)
	found := map[string]outcome{}
	for _, assumption := range emulator.Assumptions() {
		r := result{assumption: assumption, verdict: tellsNot("more time (-timeout)")}
		p, known := probes[assumption.Name]
		switch {
		case known && cut == nil:
			r.verdict, r.exchanges, cut = org.run(ctx, p, found)
		case !known:
			r.verdict, r.exchanges = burst.verdict(assumption.Name, found)
		}
		found[assumption.Name] = r.verdict.outcome
		results = append(results, r)
	}
	if cut == nil {
		cut = burst.watchTheWindow(ctx, org, results)
	}
	if cut != nil && !errors.As(cut, new(overdue)) && !errors.Is(cut, ratelimit.ErrFutile) {
		return nil, nil, cut // somebody has interrupted it
	}
	return results, cut, nil
}

// run checks one assumption.
func (org *organization) run(ctx context.Context, p prober, found map[string]outcome) (verdict, []exchange, error) {
	for _, need := range p.needs {
		if found[need] != held {
			return tellsNot("proof that %s holds", need), nil, nil
		}
	}
	if len(org.facts.list) < p.customers {
		return tellsNot("at least %d customers", p.customers), nil, nil
	}
	requests := p.requests
	if p.ask != nil {
		var missing string
		if requests, missing = p.ask(org); missing != "" {
			return tellsNot("%s", missing), nil, nil
		}
	}
	var answers []*answer
	var exchanges []exchange
	for _, r := range requests {
		a, err := org.answer(ctx, r)
		if err != nil {
			return tellsNot("more time (-timeout)"), nil, err
		}
		answers = append(answers, a)
		exchanges = append(exchanges, exchange{r.shown(org.facts), a.status, a.code()})
		switch {
		case a.status == 0:
			return tellsNot("an answer to %s: the connection failed", r.shown(org.facts)), exchanges, nil
		case a.status == http.StatusOK && r.grant == "" && len(a.doc.Data) == 0:
			return tellsNot("an answer to %s that is a document", r.shown(org.facts)), exchanges, nil
		case a.status != http.StatusOK && !a.refused(), a.status == http.StatusTooManyRequests:
			return tellsNot("an answer to %s other than %d", r.shown(org.facts), a.status), exchanges, nil
		case !p.unauthorized && (a.status == http.StatusUnauthorized || a.status == http.StatusForbidden):
			return tellsNot("the permission for %s: it was answered with %s", r.shown(org.facts),
				a.summary()), exchanges, nil
		case a.refused() && p.refusal == refuted:
			return refutes("refused: %s", a.summary()), exchanges, nil
		case a.refused() && p.refusal == untold:
			return tellsNot("an answer to %s: it was refused with %s", r.shown(org.facts), a.summary()), exchanges, nil
		}
	}
	return p.judge(org, answers), exchanges, nil
}

// answer asks the API or the token endpoint. The requests for the facts were
// already answered, so they are not sent again.
func (org *organization) answer(ctx context.Context, r request) (*answer, error) {
	switch {
	case r.grant != "":
		return org.grant(ctx, r.grant)
	case r.shown(nil) == firstPage.shown(nil):
		return org.facts.first, nil
	case r.shown(nil) == includedPage.shown(nil):
		return org.facts.included, nil
	default:
		return org.get(ctx, r)
	}
}

// served makes a judge that expects all requests to be served. A prober with it
// says what a refusal means.
func served(saw string) func(*organization, []*answer) verdict {
	return func(*organization, []*answer) verdict { return holds("%s", saw) }
}

// probes are the probes by the name of their assumption. Those that have to fill
// the burst window are not among them. They are in burst.go.
var probes = merged(filterProbes, listProbes, relatedProbes, tokenProbes, formProbes)

func merged(groups ...map[string]prober) map[string]prober {
	all := map[string]prober{}
	for _, group := range groups {
		maps.Copy(all, group)
	}
	return all
}
