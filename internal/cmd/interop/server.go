package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// baseDomain is the end of each organization's host name. The name is reserved for
// examples, and the certificate of net/http/httptest is good for all hosts below it.
const baseDomain = "example.com"

// settings are what the JavaScript tests get from this command.
type settings struct {
	Domain       string            `json:"domain"`
	ClientID     string            `json:"clientId"`
	ClientSecret string            `json:"clientSecret"`
	IDs          map[string]string `json:"ids"`
	Tokens       map[string]string `json:"tokens"` // by slug, or by a name such as "expired"
}

// server serves several emulated organizations. The host of a request says which
// of them answers.
type server struct {
	settings      settings
	organizations map[string]*emulator.Emulator
}

func newServer(port int) *server {
	s := &server{
		organizations: map[string]*emulator.Emulator{},
		settings: settings{
			Domain:   fmt.Sprintf("%s:%d", baseDomain, port),
			ClientID: emulator.DefaultClientID, ClientSecret: emulator.DefaultClientSecret,
			Tokens: map[string]string{},
		},
	}
	main := s.add("yourdomain", emulator.WithCustomers(40))
	s.add("globex")
	s.add("array", emulator.WithRefuted("not-found-form:array"))
	s.add("html", emulator.WithRefuted("not-found-form:html"))
	s.add("limited", emulator.WithLimitsOf(emulator.Limits{Burst: 2}))
	s.add("broken").Inject(emulator.Fault{Answer: emulator.Status(http.StatusServiceUnavailable)})
	s.add("truncated").Inject(emulator.Fault{Answer: emulator.Truncated()})

	for name, o := range map[string]emulator.TokenOptions{
		"expired":   {TTL: -time.Hour},
		"powerless": {Kind: emulator.KindSalesChannel},
		"revocable": {Issuer: "https://auth." + s.settings.Domain},
	} {
		s.settings.Tokens[name] = main.IssueToken(o)
	}
	s.settings.IDs = map[string]string{
		"full": emulator.FullCustomerID, "seed": emulator.SeedCustomerID, "beta": emulator.BetaTagID,
		"buyer": main.CustomerIDs()[2],
	}
	return s
}

// add makes an organization and a token for it.
func (s *server) add(slug string, opts ...emulator.Option) *emulator.Emulator {
	api := emulator.New(append(opts, emulator.WithOrganization(slug, "oRgAnIzAtN"))...)
	s.organizations[slug] = api
	s.settings.Tokens[slug] = api.IssueToken(emulator.TokenOptions{})
	return api
}

// ServeHTTP lets the organization answer to which the host belongs. Requests for
// tokens have a host of their own, which belongs to the first organization.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	slug, _, _ := strings.Cut(r.Host, ".")
	if slug == "auth" {
		slug = "yourdomain"
	}
	api := s.organizations[slug]
	if api == nil {
		http.NotFound(w, r)
		return
	}
	api.ServeHTTP(w, r)
}
