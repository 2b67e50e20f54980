package provider

import (
	"cmp"
	"fmt"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// madeByUsers has configurations and environments, and errors that tell the user to change
// something in them.
var madeByUsers = []struct {
	config, env string
	err         error
}{
	// The token endpoint is derived from the domain, or set, or that of Commerce Layer.
	{clientOfAcme, "", failedToken(commercelayer.ErrDNS)},
	{"", clientOfAcme, failedToken(commercelayer.ErrConnection)},
	{"client_id=i client_secret=s " + ownEndpoint, "domain=acme", failedToken(commercelayer.ErrNotJSON)},
	{clientOfAcme, ownEndpoint, failedToken(commercelayer.ErrTimeout)},
	{"client_id=i client_secret=s", "", failedToken(commercelayer.ErrDNS)},

	{"", clientOfAcme, failed(commercelayer.ErrDNS, byID)},
	{"token=t domain=acme", "domain=other", failed(commercelayer.ErrConnection, byID)},
	{"token=t", "", failed(commercelayer.ErrNotJSON, byID)},

	{"", "token=t domain=acme", failed(commercelayer.ErrInvalidToken, byID)},
	{"token=t domain=acme", "", failed(commercelayer.ErrInvalidToken, byID)},
	{"", clientOfAcme, failedToken(commercelayer.ErrCredentials)},
	{clientOfAcme, "", failedToken(commercelayer.ErrCredentials)},
	{clientOfAcme, "", failedToken(commercelayer.ErrCredentials, scopeRefused)},
	{clientOfAcme + " scope=market:all", "", failedToken(commercelayer.ErrCredentials, scopeRefused)},
	{clientOfAcme, "mode=test", failed(commercelayer.ErrWrongMode, byID, guarded)},
}

const (
	clientOfAcme = "domain=acme.commercelayer.com client_id=i client_secret=s"
	ownEndpoint  = "auth_endpoint=https://auth.example.com/oauth/token"
)

// settingsInErrors returns errors whose texts name a setting as the user made it.
// They are in testdata/diagnostics.txt, too.
func settingsInErrors() []notice {
	var list []notice
	for _, tt := range madeByUsers {
		s, _ := settingsOf(tt.config).configuration().resolve(settingsOf(tt.env).lookup)
		asked := byID
		asked.provenance = s.provenance
		name := fmt.Sprintf("provider block: %s; environment: %s", cmp.Or(tt.config, "nothing"), cmp.Or(tt.env, "nothing"))
		list = append(list, notice{name, diagnose(tt.err, asked)})
	}
	return list
}
