package provider

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// slowWait is how long the rate limit may hold a request before a warning says so.
const slowWait = 10 * time.Second

// providerData is what Configure hands to data sources and ephemeral resources.
type providerData struct {
	client *commercelayer.Client
	// credentials is set if the client requests its tokens itself.
	credentials bool
	// secrets are masked in the log.
	secrets []string
	// unknown names the attributes of the provider block whose values are not
	// known yet; client is nil if there are any.
	unknown []string
	// atRead are errors that only a read may give, since nothing else needs what
	// they are about; client is nil if there are any.
	atRead diag.Diagnostics
	// warned is set once the run has been called slow.
	warned atomic.Bool
}

// configuredData reads what Configure has handed on: nil before Configure.
func configuredData(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	d, ok := data.(*providerData)
	if !ok {
		diags.AddError("Provider misconfigured", fmt.Sprintf("The provider handed on a %T. This is a bug of the "+
			"provider: please report it.", data))
	}
	return d
}

// clientPossible tells whether everything is there that a client needs.
func (d *providerData) clientPossible() bool {
	return len(d.unknown) == 0 && !d.atRead.HasError()
}

// ready tells whether customers can be read, and else why not.
func (d *providerData) ready(diags *diag.Diagnostics) bool {
	switch {
	case d == nil:
		diags.AddError("Provider not configured", "The provider was asked to read before it was configured. This is "+
			"a bug of the provider or of the CLI: please report it.")
		return false
	case d.client != nil:
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
			fmt.Sprintf("  - `%s`, or the environment variable %s", attribute, environment[attribute]),
		)
	}
	diags.AddError("Provider configuration not known yet",
		"The provider block depends on values that are known only after apply, so nothing can be read during this "+
			"plan. Not known yet:\n\n"+
			strings.Join(lines, "\n")+"\n\n"+
			"Set them from something that is known before apply (a variable, or the environment with the attribute "+
			"left out), or apply what they depend on first, with -target.")
	return false
}

// warnIfSlow says once per run that the rate limit slowed single reads down, and
// what would be faster. Lists have a warning each, see [listWarnings].
func (d *providerData) warnIfSlow(stats commercelayer.Stats, diags *diag.Diagnostics) {
	if stats.Held < slowWait || d.warned.Swap(true) {
		return
	}
	detail := fmt.Sprintf("Reading was slowed by the rate limit of the API for %s so far. The limit is shared by "+
		"everything behind the same IP address.", humanDuration(stats.Held))
	if requests := (stats.Reads + commercelayer.MaxPageSize - 1) / commercelayer.MaxPageSize; stats.Reads > 1 {
		detail += fmt.Sprintf(" %d customers were asked for one by one: one `commercelayer_customers` with their "+
			"`ids` would need %s.", stats.Reads, requestCount(requests))
	} else {
		detail += " Fewer plans at the same time leave more of the limit for each."
	}
	diags.AddWarning("Slowed by the rate limit", detail)
}

func requestCount(n int) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
}

// recoverRead turns a panic into a diagnostic. It keeps the type of what was
// thrown and not its text, which may hold anything that was in memory.
func recoverRead(ctx context.Context, diags *diag.Diagnostics) {
	if p := recover(); p != nil {
		logNotice(ctx, fmt.Sprintf("A panic of the type %T was caught.", p))
		diags.AddError("Internal error", fmt.Sprintf("The provider met a condition that it was not written for (a "+
			"panic of the type %T). This is a bug of the provider: please report it, with the version of the "+
			"provider and what was read.", p))
	}
}

// humanDuration writes a duration for people: 350 ms, 1.5 s, 1 min 42 s, 3 h 12 min.
func humanDuration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + " s"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours())/24)
}
