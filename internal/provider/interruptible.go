package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// interruptGrace is how long a read may take to end after an interrupt. Most end
// at once, with an error that tells what was asked. A large answer that is being
// decoded or encoded does not look up.
const interruptGrace = time.Second

// interruptible calls a function, and gives up on it a while after the context
// has ended. The function then comes to its end by itself, and nobody looks at
// its result.
func interruptible[R any](ctx context.Context, f func() (*R, error)) (resp *R, ended bool, err error) {
	type result struct {
		resp *R
		err  error
	}
	results := make(chan result, 1)
	go func() {
		resp, err := f()
		results <- result{resp, err}
	}()
	select {
	case r := <-results:
		return r.resp, true, r.err
	case <-ctx.Done():
	}
	grace := time.NewTimer(interruptGrace)
	defer grace.Stop()
	select {
	case r := <-results:
		return r.resp, true, r.err
	case <-grace.C:
		return nil, false, nil
	}
}

// interrupted is the error of a read that was given up on.
func interrupted() []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError,
		Summary:  "Read canceled",
		Detail:   "The read was interrupted while it was busy with a large answer.\n\nNothing was changed. Run again.",
	}}
}
