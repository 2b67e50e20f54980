package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// interruptGrace is how long a read may take to end after an interrupt. Most
// reads end at once, with an error that names the request. A read that is
// decoding or encoding a large answer does not notice the interrupt.
const interruptGrace = time.Second

// interruptible calls a function. If the context ends, it waits for the
// function for [interruptGrace] and then returns with ended false. The function
// then runs on in the background, and its result is ignored.
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

// interrupted is the error for a read that did not end after an interrupt.
func interrupted() []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError,
		Summary:  "Read canceled",
		Detail:   "The read was interrupted while the provider processed a large answer.\n\nNothing was changed. Run again.",
	}}
}
