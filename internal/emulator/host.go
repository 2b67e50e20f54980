package emulator

import (
	"net"
	"net/url"
	"strings"
)

// slugOf returns the slug of the organization that a host belongs to. The host of
// an organization begins with its slug (documented). IP addresses, names that end
// in localhost, and names of one or two labels have no slug. Tests use them, and
// no organization has such a host.
func slugOf(host string) string {
	name := strings.TrimSuffix(strings.ToLower((&url.URL{Host: host}).Hostname()), ".")
	slug, domain, _ := strings.Cut(name, ".")
	if net.ParseIP(name) != nil || !strings.Contains(domain, ".") || strings.HasSuffix(domain, "localhost") {
		return ""
	}
	return slug
}
