package provider

import (
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// wordingsOfTokenRequests has the texts for requests for a token. A class that is
// missing here has the text of [wordings].
var wordingsOfTokenRequests = map[commercelayer.Class]explanation{
	commercelayer.ErrCredentials: {
		summary: "Client credentials refused",
		what:    "The token endpoint refused the client credentials.",
		advice: "Compare `client_id` and `client_secret` of the provider with the application in the dashboard of the " +
			"right organization. If `scope` is set, check it too.",
		refine: func(t *explanation, f failure) {
			switch {
			case len(f.API) == 0:
				t.what = "The request for an access token was refused, and the answer does not say why. Either the token " +
					"endpoint refused the client credentials, or something on the way refused the request."
				t.advice += onTheWay
			case f.RefusedScope():
				t.summary, t.what = "Scope refused", "The token endpoint refused the scope of the access token."
				t.advice = "Check `scope` of the provider, and that the application may have it."
			}
		},
	},
	commercelayer.ErrBlocked: {
		summary: "Blocked on the way to the token endpoint",
		what: "Something on the way to the token endpoint refused the request for an access token. The answer does not " +
			"look like an answer of the token endpoint{reason}. The client credentials may be correct.",
		advice: "Look for a firewall, a proxy or an allow list of IP addresses between this machine and the token " +
			"endpoint. Check also `auth_endpoint` of the provider.",
	},
	commercelayer.ErrRateLimited: {
		summary: "Rate limit of the token endpoint exhausted",
		what: "The token endpoint gave no access token before the deadline of the read. It allows 30 requests a minute " +
			"for all clients behind the same IP address.",
		advice: "Run fewer plans at the same time, or raise `timeouts { read }`. Or request one token for all plans, and " +
			"set it in COMMERCELAYER_TOKEN.",
	},
	commercelayer.ErrServer: {
		summary: "Server error of the token endpoint",
		what:    "The token endpoint failed to answer the request for an access token, in every attempt.",
		advice:  outage,
		refine:  refineServerError,
	},
	commercelayer.ErrTimeout: {
		summary: "Timeout of the token endpoint",
		what:    "The token endpoint did not give an access token in time.",
		advice: "Check the network, any proxy on the way, and `auth_endpoint` of the provider. If the endpoint " +
			"is only slow, allow more time: " + limitsOfTime,
		refine: refineTimeout,
	},
	commercelayer.ErrNotFound:   brokenEndpoint,
	commercelayer.ErrBadRequest: brokenEndpoint,
	commercelayer.ErrMalformed:  brokenEndpoint,
	commercelayer.ErrNotJSON:    brokenEndpoint,
	commercelayer.ErrMediaType:  brokenEndpoint,
	commercelayer.ErrTooLarge:   brokenEndpoint,
	commercelayer.ErrDNS:        unreachedEndpoint,
	commercelayer.ErrConnection: unreachedEndpoint,
}

var brokenEndpoint = explanation{
	summary: "Token endpoint broken",
	what:    "The server at {host} does not answer as a token endpoint does{reason}.",
	advice:  "Check `auth_endpoint` of the provider. Check also whether a proxy answers instead of the token endpoint.",
}

var unreachedEndpoint = explanation{
	summary: "Token endpoint not reached",
	what:    "The token endpoint at {host} could not be reached.",
	advice: "Check `auth_endpoint` of the provider, the network and any firewall. The provider uses the proxy that " +
		"HTTPS_PROXY and NO_PROXY select: check these variables too.",
}
