package emulator

import (
	"net"
	"strings"
)

// owns tells whether a host belongs to the organization. The host of an
// organization begins with its slug (documented). IP addresses, names that end
// in localhost, and names of one or two labels belong to any emulator, because
// tests use them and no organization has such a host.
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
