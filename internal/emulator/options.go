package emulator

import "time"

// Option changes how New makes an emulator.
type Option func(*Emulator)

// WithOrganization sets the slug and the ID of the organization. Tokens and
// resources contain them. The default is "yourdomain", "oRgAnIzAtN".
func WithOrganization(slug, id string) Option {
	return func(e *Emulator) { e.slug, e.organizationID = slug, id }
}

// WithLive puts the emulator into live mode instead of test mode. Then the
// seeded customers, DefaultToken and the default application belong to live
// mode, and the limits are those of live mode.
func WithLive() Option {
	return func(e *Emulator) { e.live = true }
}

// WithLimits enforces the documented limits of the emulator's mode. Without it
// no request is refused, and the rate headers have a limit that no client
// reaches.
func WithLimits() Option {
	return func(e *Emulator) { e.enforce = true }
}

// WithLimitsOf enforces other limits than the documented ones.
func WithLimitsOf(l Limits) Option {
	return func(e *Emulator) { e.limits, e.enforce = l, true }
}

// WithLatency delays each answer by d. The delay ends early if the client
// closes the connection or the emulator is closed.
func WithLatency(d time.Duration) Option {
	return func(e *Emulator) { e.latency = d }
}

// WithCustomers adds n generated customers to the two seeded ones. The first
// generated customer has 60 orders.
func WithCustomers(n int) Option {
	return func(e *Emulator) { e.generate = n }
}

// WithData serves the customers of d instead of the seeded and generated ones.
func WithData(d *Data) Option {
	return func(e *Emulator) { e.data = d }
}
