package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// slowWait is how long the rate limit may slow reads down before there is a
// warning.
const slowWait = 10 * time.Second

// providerData is what Configure passes to data sources and ephemeral
// resources.
type providerData struct {
	settings
	// client is nil if settings are unknown, or if there are errors to report at a
	// read.
	client *commercelayer.Client
	// masks are for the log. They are made once, because compiling one takes
	// longer than writing a line of the log.
	masks []*regexp.Regexp
	// first reports the warnings about the environment at the first read. Each read
	// reports the errors, so that a run without reads succeeds.
	first sync.Once
	// warned is set after the warning about slow reads.
	warned atomic.Bool
	// told holds the kinds of findings that a warning has told already, if one
	// warning in a run is enough.
	told sync.Map
}

// clientPossible tells whether all settings are there that a client needs.
func (d *providerData) clientPossible() bool {
	return len(d.unknown) == 0 && !d.atRead.HasError()
}

// ready tells whether the provider can read. If not, it adds errors that say
// why.
func (d *providerData) ready(diags *diag.Diagnostics) bool {
	switch {
	case d == nil:
		diags.AddError("Provider not configured", "The provider was asked to read before it was configured. This is "+
			"a bug of the provider or of the CLI: please report it.")
		return false
	case d.client != nil:
		d.first.Do(func() { diags.Append(d.atRead...) })
		return true
	}
	diags.Append(d.atRead...)
	if len(d.unknown) == 0 {
		return false
	}
	var lines []string
	for _, attribute := range d.unknown {
		lines = append(
			lines,
			fmt.Sprintf("  - `%s`, or the environment variable %s", attribute, variable(attribute)),
		)
	}
	diags.AddError("Provider configuration not known yet",
		"The provider block depends on values that are known only after apply, so nothing can be read during this "+
			"plan. These values are not known yet:\n\n"+
			strings.Join(lines, "\n")+"\n\n"+
			"Set them to values that are known before apply, such as variables. Or leave the attributes out and set "+
			"the environment variables. Or first apply the resources that the values come from, with -target.")
	return false
}

// warnIfSlow warns that the rate limit slows the reading of single customers,
// and says what is faster. It warns only once in a run, and has no figures of
// the run, because most of it may still come. Each list has a warning of its
// own, see [warnIfListSlow].
func (d *providerData) warnIfSlow(stats commercelayer.Stats, diags *diag.Diagnostics) {
	if stats.Held < slowWait || d.warned.Swap(true) {
		return
	}
	advice := "If fewer plans run at the same time, each has more of the limit."
	if stats.Reads > 1 {
		advice = fmt.Sprintf("This run reads customers one by one. One `commercelayer_customers` with their `ids` or "+
			"`emails` needs only one request for %d of them.", commercelayer.MaxPageSize)
	}
	diags.AddWarning("Slowed by the rate limit", fmt.Sprintf("The API's rate limit has held up reads of this run for "+
		"more than %s. %s %s", humanDuration(slowWait), sharedLimit, advice))
}

// warnIfListSlow warns that the rate limit slowed the reading of a list.
func warnIfListSlow(waited time.Duration, diags *diag.Diagnostics) {
	if waited < slowWait {
		return
	}
	diags.AddWarning("Slowed by the rate limit", fmt.Sprintf(
		"The API's rate limit slowed the reading of the customers by %s. "+sharedLimit+
			" One request reads up to %d customers. A narrower `filter` or a `limit` needs fewer requests. If fewer "+
			"plans run at the same time, each has more of the limit.",
		humanDuration(waited), commercelayer.MaxPageSize))
}

// sharedLimit says whose requests count for the rate limit.
const sharedLimit = "All clients behind the same IP address share the limit."

// recoverRead turns a panic into a diagnostic. The log has the type of the
// panic's value, and not its text: the text may contain a secret.
func recoverRead(ctx context.Context, diags *diag.Diagnostics) {
	if p := recover(); p != nil {
		logNotice(ctx, fmt.Sprintf("A panic of the type %T was caught.", p))
		diags.AddError("Internal error", "The provider failed while reading: a panic was caught. "+
			"This is a bug of the provider: please report it, with the version of the provider and the configuration "+
			"of this read, without secrets.")
	}
}
