package provider

import (
	"fmt"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// explainTokenRequest returns the text for an error of a request for a token.
// It returns false for classes whose text is the same as for a request to the
// API.
func explainTokenRequest(e *commercelayer.Error) (explanation, bool) {
	switch e.Class {
	case commercelayer.ErrCredentials:
		t := explanation{
			summary: "Client credentials refused",
			what:    "The token endpoint refused the client credentials.",
			advice:  "Compare `client_id` and `client_secret` of the provider with the application in the dashboard of the right organization. If `scope` is set, check it too.",
		}
		if len(e.API) == 0 {
			t.what = "The request for an access token was refused, and the answer does not say why. Either the token endpoint refused the client credentials, or something on the way refused the request."
			t.advice += onTheWay
		}
		return t, true
	case commercelayer.ErrBlocked:
		return explanation{
			summary: "Blocked on the way to the token endpoint",
			what: fmt.Sprintf(
				"Something on the way to the token endpoint refused the request for an access token. The answer does not look like an answer of the token endpoint%s. The client credentials may be correct.",
				reason(e),
			),
			advice: "Look for a firewall, a proxy or an allow list of IP addresses between this machine and the token endpoint. Check also `auth_endpoint` of the provider.",
		}, true
	case commercelayer.ErrRateLimited:
		return explanation{
			summary: "Rate limit of the token endpoint exhausted",
			what:    "The token endpoint gave no access token before the deadline of the read. It allows 30 requests a minute for all clients behind the same IP address.",
			advice:  "Run fewer plans at the same time, or raise `timeouts { read }`. Or request one token for all plans, and set it in COMMERCELAYER_TOKEN.",
		}, true
	case commercelayer.ErrServer:
		return explanation{
			summary: "Server error of the token endpoint",
			what:    "The token endpoint failed to answer the request for an access token, in every attempt.",
			advice:  outage,
		}, true
	case commercelayer.ErrTimeout:
		return explanation{
			summary: "Timeout of the token endpoint",
			what:    "The token endpoint did not give an access token in time.",
			advice:  "Check the network, any proxy on the way, and `auth_endpoint` of the provider.",
		}, true
	case commercelayer.ErrNotFound, commercelayer.ErrBadRequest, commercelayer.ErrMalformed,
		commercelayer.ErrNotJSON, commercelayer.ErrMediaType, commercelayer.ErrTooLarge:
		return explanation{
			summary: "Token endpoint broken",
			what:    fmt.Sprintf("The server at %s does not answer as a token endpoint does%s.", e.Host, reason(e)),
			advice:  "Check `auth_endpoint` of the provider. Check also whether a proxy answers instead of the token endpoint.",
		}, true
	case commercelayer.ErrDNS, commercelayer.ErrConnection:
		return explanation{
			summary: "Token endpoint not reached",
			what:    fmt.Sprintf("The token endpoint at %s could not be reached.", e.Host),
			advice:  "Check `auth_endpoint` of the provider, the network and any firewall. The provider uses the proxy that HTTPS_PROXY and NO_PROXY select: check these variables too.",
		}, true
	default:
		return explanation{}, false
	}
}
