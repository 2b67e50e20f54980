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

// interruptible calls a function. If the context ends, it waits for the function
// for [interruptGrace] and then returns the other answer. The function then runs on
// in the background, and its result is ignored.
func interruptible[R any](ctx context.Context, canceled *R, f func() (*R, error)) (*R, error) {
	var resp *R
	var err error
	done := make(chan struct{})
	go func() {
		resp, err = f()
		close(done)
	}()
	select {
	case <-done:
		return resp, err
	case <-ctx.Done():
	}
	grace := time.NewTimer(interruptGrace)
	defer grace.Stop()
	select {
	case <-done:
		return resp, err
	case <-grace.C:
		return canceled, nil
	}
}

// interrupted is the error for a read that did not end after an interrupt.
var interrupted = []*tfprotov6.Diagnostic{errorDiagnostic("Read canceled",
	"The read was interrupted while the provider processed a large answer.\n\nNothing was changed. Run again.")}
