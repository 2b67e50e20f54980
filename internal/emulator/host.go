package emulator

import (
	"net"
	"strings"
)

// owns says whether a host is the organization's: its slug below a domain
// (documented). Loopback addresses are the emulator's own, and so are names of
// one or two labels: no organization has them.
func (e *Emulator) owns(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	if net.ParseIP(host) != nil {
		return true
	}
	slug, domain, _ := strings.Cut(host, ".")
	if !strings.Contains(domain, ".") || strings.HasSuffix(strings.ToLower(domain), "localhost") {
		return true
	}
	return strings.EqualFold(slug, e.slug)
}
