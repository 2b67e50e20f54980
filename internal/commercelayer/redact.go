package commercelayer

import "github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"

// Redact returns what may be shown of a name or a short text from outside, if it
// can't contain a known secret (see [redact.Name]).
func Redact(s string) string { return redact.Name(s, redact.Secrets{}) }
