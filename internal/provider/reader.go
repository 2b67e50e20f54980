package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// defaultReadTimeout is how long a read may take, with all attempts and all
// waiting.
const defaultReadTimeout = 20 * time.Minute

// A reader is what a data source or an ephemeral resource reads. The two differ
// only in what becomes of the result.
type reader struct {
	// name is the name of the type without the provider's name, such as customer.
	name        string
	description string
	attributes  func() map[string]schema.Attribute
	// read reads what the arguments select. It returns the values of the computed
	// attributes, see [readResult]. It is called only with data that is ready.
	read func(*reading, context.Context) map[string]any
}

// A reading is one read of a reader.
type reading struct {
	config tfsdk.Config
	data   *providerData
	result *readResult
	diags  *diag.Diagnostics
}

// run reads, and leaves the result to the [server]. Any other server, such as the
// framework's own, has put no result into the context. Then run puts what it has
// read into the answer, which holds the arguments.
func (r *reader) run(
	ctx context.Context, config tfsdk.Config, data *providerData, answer *tftypes.Value, diags *diag.Diagnostics,
) {
	defer recoverRead(ctx, diags)
	if !data.ready(diags) {
		return
	}
	result, served := ctx.Value(resultKey{}).(*readResult)
	if !served {
		result = newReadResult(maxResult)
	}
	result.attributes = r.read(&reading{config, data, result, diags}, ctx)
	if served || result.attributes == nil {
		return
	}
	var err error
	if *answer, err = result.value(*answer); err != nil {
		diags.Append(diagnose(err, operation{}))
	}
}

// argument returns the value of an argument. It is the zero value if the argument
// is null.
func argument[T any](ctx context.Context, r *reading, name string) (value T) {
	r.diags.Append(r.config.GetAttribute(ctx, path.Root(name), &value)...)
	return value
}

// selection returns the arguments that select the parts of a customer.
func (r *reading) selection(ctx context.Context) commercelayer.Selection {
	return commercelayer.Selection{
		Include: argument[[]string](ctx, r, "include"), Fields: argument[[]string](ctx, r, "fields"),
	}
}

// filter returns the argument `filter`. The CLI validates the arguments before
// each read. Only the filter is checked here, too: if the API ignores it, everybody
// is read.
func (r *reading) filter(ctx context.Context) map[string]string {
	conditions := argument[types.Map](ctx, r, attrFilter)
	checkFilter(path.Root(attrFilter), conditions, r.diags, func(string, filter.Predicate, types.String) {})
	if r.diags.HasError() {
		return nil
	}
	return argument[map[string]string](ctx, r, attrFilter)
}

// limit returns the argument `limit`. If it is 0, only the number is asked for.
func (r *reading) limit(ctx context.Context) (limit int, count bool) {
	value := argument[types.Number](ctx, r, "limit")
	limit = wholeNumber(value)
	return limit, isKnownNumber(value) && limit == 0
}

// start returns a context for the requests, which ends at the deadline of the
// read.
func (r *reading) start(ctx context.Context) (context.Context, context.CancelFunc) {
	timeout, at := defaultReadTimeout, path.Root("timeouts").AtName("read")
	var text types.String
	r.diags.Append(r.config.GetAttribute(ctx, at, &text)...)
	if isSet(text) {
		var err error
		if timeout, err = parseDuration(text.ValueString()); err != nil {
			r.diags.AddAttributeError(at, "Invalid timeout", sentence(err))
		}
	}
	return context.WithTimeout(withLogging(ctx, r.data.masks), timeout)
}
