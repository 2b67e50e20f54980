package provider

import (
	"fmt"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// explainBlocked explains a refusal that does not look like one of the API.
func explainBlocked(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Blocked on the way to the API",
		what: fmt.Sprintf(
			"Something on the way to the API refused the request for %s. The answer does not look like an answer of the Core API%s. "+
				"The access token may still be valid.",
			q.subject(),
			reason(e),
		),
		advice: "Look for a firewall, a proxy or an allow list of IP addresses between this machine and the API. Check also that `domain` of the provider names the host of your organization.",
	}
}

// explainProxy explains a failure of the proxy. The reason names the proxy,
// without its password.
func explainProxy(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Proxy failed",
		what:    fmt.Sprintf("The proxy for %s could not be used%s.", e.Host, reason(e)),
		advice:  "Check the proxy that HTTPS_PROXY or HTTP_PROXY names, and its user and password. If the host can be reached without the proxy, add the host to NO_PROXY.",
	}
}

func explainDNS(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Host not found",
		what:    fmt.Sprintf("The host name %s could not be resolved.", e.Host),
		advice:  "Check `domain` of the provider for typing errors. It should be the organization's slug, such as `acme`. If it is right, check the DNS settings of this machine.",
	}
}

func explainTLS(e *commercelayer.Error) explanation {
	if e.Reason != "" {
		return explanation{
			summary: "TLS connection refused",
			what:    fmt.Sprintf("The server at %s refused the TLS connection%s.", e.Host, reason(e)),
			advice: fmt.Sprintf(
				"The API itself accepts connections without a client certificate. Check `%s` of the provider, and look for a gateway or a proxy that answers instead of the API.",
				whichever(e, attrDomain, attrAuthEndpoint),
			),
		}
	}
	return explanation{
		summary: "TLS connection failed",
		what: fmt.Sprintf(
			"No trusted connection to %s could be made, so %s not sent.",
			e.Host,
			whichever(e, "the access token was", "the client credentials were"),
		),
		advice: "Check the date of this machine and the server's certificate. If a proxy replaces the certificate with its own, add the certificate of the proxy's authority to the system's store or to the file that SSL_CERT_FILE names. " +
			"Verification can't be turned off.",
	}
}

func explainConnection(e *commercelayer.Error) explanation {
	t := explanation{
		summary: "Connection failed",
		what:    fmt.Sprintf("The connection to %s failed.", e.Host),
		advice:  "Check `domain` of the provider, the network and any firewall. The provider uses the proxy that HTTPS_PROXY and NO_PROXY select: check these variables too.",
	}
	if e.Status != 0 {
		t.what = fmt.Sprintf("The connection to %s broke before the answer was complete.", e.Host)
		t.advice = "Run again. If the error persists, look for a proxy, a firewall or a load balancer on the way that cuts connections."
	}
	return t
}

func explainRedirect(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Redirect refused",
		what: fmt.Sprintf(
			"The provider does not follow redirects, because it would send %s to another address%s.",
			whichever(e, "the access token", "the client credentials"),
			reason(e),
		),
		advice: fmt.Sprintf(
			"The API does not redirect. Check `%s` of the provider. Check also whether a proxy or a captive portal answers instead of the API.",
			whichever(e, attrDomain, attrAuthEndpoint),
		),
	}
}
