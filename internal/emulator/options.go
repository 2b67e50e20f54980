package emulator

import "time"

// Option changes how New makes an emulator.
type Option func(*Emulator)

// NotFoundForm is one of the three bodies that a 404 was recorded with.
type NotFoundForm int

// The forms of a 404, newest recording first.
const (
	// NotFoundObject is a single error object with a numeric status, written
	// by the gateway with Retry-After: 0 (recorded July 2025). The default.
	NotFoundObject NotFoundForm = iota
	// NotFoundArray is an array of errors with string statuses (documented,
	// recorded October 2024).
	NotFoundArray
	// NotFoundHTML is a page of the cache in front (recorded 2022 and 2023).
	NotFoundHTML
)

// WithOrganization sets the organization's slug and id, which tokens and
// resources name. The default is "yourdomain", "oRgAnIzAtN".
func WithOrganization(slug, id string) Option {
	return func(e *Emulator) { e.slug, e.organizationID = slug, id }
}

// WithLive puts the emulator in live mode, the default is test mode: the
// seeded customers, DefaultToken and the default application are live ones and
// the limits are those of live mode.
func WithLive() Option {
	return func(e *Emulator) { e.live = true }
}

// WithLimits enforces the documented limits of the emulator's mode. Without it
// nothing is refused, and the rate headers announce a limit nobody reaches.
func WithLimits() Option {
	return func(e *Emulator) { e.enforce = true }
}

// WithLimitsOf enforces other limits than the documented ones.
func WithLimitsOf(l Limits) Option {
	return func(e *Emulator) { e.limits, e.enforce = l, true }
}

// WithClock replaces time.Now for the windows, the tokens, the log, Fault.Until
// and created_at. Delays run by the real clock.
func WithClock(now func() time.Time) Option {
	return func(e *Emulator) { e.now = now }
}

// WithLatency holds each answer back for d, or until the client leaves or the
// emulator is closed.
func WithLatency(d time.Duration) Option {
	return func(e *Emulator) { e.latency = d }
}

// WithCustomers adds n generated customers to the seeded two. The first of them
// has 60 orders.
func WithCustomers(n int) Option {
	return func(e *Emulator) { e.generate = n }
}

// WithNotFoundForm chooses the body of a 404.
func WithNotFoundForm(form NotFoundForm) Option {
	return func(e *Emulator) { e.notFound = form }
}

// WithoutCollection refuses to list customers with the given HTTP status, as a
// role might that may only retrieve; single customers stay readable. No such
// role was seen: this is for testing fallbacks.
func WithoutCollection(status int) Option {
	return func(e *Emulator) { e.noCollection = status }
}

// WithData serves these customers instead of the seeded and generated ones.
func WithData(d *Data) Option {
	return func(e *Emulator) { e.data = d }
}
