package provider

import (
	"fmt"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// An explanation is the part of a diagnostic that depends on the class of the
// error: one text per class, all of them in this file.
type explanation struct {
	// attribute is the argument that the error is about, or empty.
	attribute string
	// summary says what failed, as a noun phrase.
	summary string
	// what says it in a sentence; advice says what to do.
	what, advice string
}

// explain finds the text for an error. The linter holds the switch complete.
func explain(e *commercelayer.Error, q question, now time.Time) explanation {
	if e.TokenRequest {
		if t, ok := explainTokenRequest(e); ok {
			return t
		}
	}
	switch e.Class {
	case commercelayer.ErrNotFound:
		return explainNotFound(e, q)
	case commercelayer.ErrNoRelationship:
		return explainNoRelationship(e, q)
	case commercelayer.ErrAmbiguous:
		return explainAmbiguous(e, q)
	case commercelayer.ErrInvalidToken:
		return explainInvalidToken(e, q, now)
	case commercelayer.ErrPermission:
		return explainPermission(e, q, now)
	case commercelayer.ErrBlocked:
		return explainBlocked(e, q)
	case commercelayer.ErrDomainUnknown:
		return explainDomainUnknown()
	case commercelayer.ErrWrongMode:
		return explainWrongMode(e)
	case commercelayer.ErrBadRequest, commercelayer.ErrCredentials:
		return explainBadRequest(e, q)
	case commercelayer.ErrFilterIgnored:
		return explainFilterIgnored(e, q)
	case commercelayer.ErrRateLimited:
		return explainRateLimited(e, q)
	case commercelayer.ErrServer:
		return explainServer(e, q)
	case commercelayer.ErrTimeout:
		return explainTimeout(e, q)
	case commercelayer.ErrCanceled:
		return explainCanceled(q)
	case commercelayer.ErrDNS:
		return explainDNS(e)
	case commercelayer.ErrProxy:
		return explainProxy(e)
	case commercelayer.ErrTLS:
		return explainTLS(e)
	case commercelayer.ErrConnection:
		return explainConnection(e)
	case commercelayer.ErrRedirect:
		return explainRedirect(e)
	case commercelayer.ErrNotJSON:
		return explainNotJSON(e, q, "Answer without JSON")
	case commercelayer.ErrMediaType:
		return explainNotJSON(e, q, "Answer of another media type")
	case commercelayer.ErrTooLarge:
		return explainTooLarge(e, q)
	case commercelayer.ErrMalformed:
		return explainMalformed(e, q)
	case commercelayer.ErrMismatch:
		return explainMismatch(e, q)
	case commercelayer.ErrTooMany:
		return explainTooMany(e, q)
	case commercelayer.ErrInternal:
	}
	return explanation{
		summary: "Internal error",
		what:    fmt.Sprintf("Reading %s failed inside the provider%s.", q.subject(), reason(e)),
		advice:  "This is a bug of the provider: please report it, with this message and the version of the provider.",
	}
}

func explainNotFound(e *commercelayer.Error, q question) explanation {
	place, mismatch := where(e), otherOrganization(e)
	if mismatch != "" {
		place, mismatch = " at "+e.Host, " "+mismatch
	}
	switch {
	case q.related != "":
		q.attribute = "customer_id"
	case q.attribute != "id" && e.Status == 404:
		return explanation{
			summary: "List of customers not found",
			what:    "The API knows no list of customers" + place + "." + mismatch,
			advice:  otherHost,
		}
	}
	t := explanation{
		attribute: q.attribute,
		summary:   "Customer not found",
		what: fmt.Sprintf(
			"There is no customer with the ID %q%s.",
			commercelayer.Redact(q.value),
			place,
		) + mismatch,
		advice: "Check the ID. If it is right, the token may be of another organization or another mode (test or live) than the customer: the API answers the same then.",
	}
	switch {
	case q.attribute == "email":
		t.what = fmt.Sprintf("There is no customer with the e-mail address %s%s.", maskEmail(q.value), place) + mismatch
		t.advice = "Check the address, also for upper and lower case. If it is right, the token may be of another organization or another mode (test or live) than the customer. " +
			"To read a customer who may not exist, use `commercelayer_customers` with `emails`: it gives an empty list."
	case e.Code() == "":
		t.advice += " " + otherHost
	}
	return t
}

// otherHost is for answers that bear no sign of the Core API.
const otherHost = "The answer does not look like one of the Core API: check that `domain` of the provider names the host of your organization."

func explainAmbiguous(e *commercelayer.Error, q question) explanation {
	return explanation{
		attribute: "email",
		summary:   "Several customers found",
		what: fmt.Sprintf(
			"%s customers have the e-mail address %s: %s.",
			thousands(e.Count),
			maskEmail(q.value),
			firstOf(e.IDs, e.Count),
		),
		advice: "Choose one of them by its `id`, or read all of them with `commercelayer_customers` and `emails`.",
	}
}

// anotherToken is the advice for a token that the provider did not request.
const anotherToken = "Set another one in `token` or COMMERCELAYER_TOKEN, or set `client_id` and `client_secret`, with which the provider requests its tokens itself"

func explainInvalidToken(e *commercelayer.Error, q question, now time.Time) explanation {
	t := explanation{
		summary: "Access token not accepted",
		what:    fmt.Sprintf("The API did not accept the access token when asked for %s%s.", q.subject(), where(e)),
		advice:  "The token is wrong, was revoked or belongs to another organization. " + anotherToken + ".",
	}
	if q.credentials {
		t.advice = "The provider requested the token itself, with the client credentials. Check that `domain` and `auth_endpoint` of the provider belong to the organization of the application, " +
			"and that the application was not deleted meanwhile."
	} else if expired, ok := explainExpiredToken(e, now); ok {
		return expired
	}
	if mismatch := otherOrganization(e); mismatch != "" {
		t.summary = "Access token of another organization"
		t.what, t.advice = mismatch, "Use credentials of the organization that `domain` names, or leave `domain` out: the token names its organization."
	}
	return t
}

// explainExpiredToken goes by the token's own claims: whichever way the API
// refuses an expired token, that is the reason.
func explainExpiredToken(e *commercelayer.Error, now time.Time) (explanation, bool) {
	at := e.Token.ExpiresAt
	if at.IsZero() || now.Before(at) {
		return explanation{}, false
	}
	return explanation{
		summary: "Access token expired",
		what: fmt.Sprintf(
			"The access token expired %s ago, at %s.",
			humanDuration(now.Sub(at)),
			at.UTC().Format(time.RFC3339),
		),
		advice: anotherToken + " and renews them in time.",
	}, true
}

func explainPermission(e *commercelayer.Error, q question, now time.Time) explanation {
	if expired, ok := explainExpiredToken(e, now); ok && !q.credentials {
		return expired
	}
	t := explanation{
		summary: "Permission missing",
		what:    fmt.Sprintf("The access token is valid, but may not read %s%s.", q.subject(), where(e)),
		advice:  "Use the credentials of an integration whose role is `read_only` or `admin`, or a custom role that may read customers. Another token of the same application does not help.",
	}
	if q.related != "" {
		t.advice = strings.Replace(t.advice, "may read customers", "may read customers and what they are related to", 1)
	}
	switch kind := e.Token.Kind; kind {
	case commercelayer.KindSalesChannel:
		t.what = "The access token is one of a sales channel, and a sales channel can't read customers."
		t.advice = "Use the credentials of an integration whose role is `read_only`."
	case "", commercelayer.KindIntegration:
	default:
		t.what += fmt.Sprintf(" It is a token of an application of the kind `%s`.", kind)
	}
	if mismatch := otherOrganization(e); mismatch != "" {
		t.what += " " + mismatch
	}
	return t
}

func explainDomainUnknown() explanation {
	return explanation{
		summary: "Domain missing",
		what:    "The access token does not name its organization, so the provider can't tell which domain to ask.",
		advice:  "Set `domain` of the provider or COMMERCELAYER_DOMAIN to the organization's slug, such as `acme`.",
	}
}

func explainWrongMode(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Wrong mode",
		what:    fmt.Sprintf("The guard `mode` allows the mode %s alone, and refused to read%s.", e.Mode, reason(e)),
		advice: fmt.Sprintf(
			"Use credentials of the mode %s. If the other mode is really meant, change `mode` of the provider, or %s. Nothing was read.",
			e.Mode,
			environment[attrMode],
		),
	}
}

// explainBlocked is for refusals that bear no sign of the API.
func explainBlocked(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Blocked on the way to the API",
		what: fmt.Sprintf(
			"Something refused the request for %s, and the answer does not look like one of the Core API%s. "+
				"It says nothing about the access token.",
			q.subject(),
			reason(e),
		),
		advice: "Look for a firewall, a proxy or an allow list of IP addresses between here and the API, and check that `domain` of the provider names the host of your organization.",
	}
}

func explainFilterIgnored(e *commercelayer.Error, q question) explanation {
	t := explanation{
		attribute: q.attribute,
		summary:   "Filter ignored by the API",
		what: fmt.Sprintf(
			"The API was asked for %s, and answered as if there were no such condition%s. Nothing of it was used.",
			q.subject(),
			reason(e),
		),
		advice: "Something between here and the API may drop the query, or the API does not know the filter. Check the names of the attributes and the matchers in `filter`.",
	}
	switch {
	case q.list && e.Count == 0 && q.keyed():
		t.advice = fmt.Sprintf("The API does not select customers by a list in `%s`. ", q.attribute) + oneByOne
	case q.list:
		// The customers were compared with the filter.
		t.attribute = attrFilter
	default:
		t.advice = "Something between here and the API may drop the query or mix answers up, or the API has changed: run again, and report it if it persists."
	}
	return t
}

// explainProxy names the proxy, without its password.
func explainProxy(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Proxy failed",
		what:    fmt.Sprintf("The proxy for %s could not be used%s.", e.Host, reason(e)),
		advice:  "Check the proxy that HTTPS_PROXY or HTTP_PROXY names, and its user and password. If the host is to be reached without it, add the host to NO_PROXY.",
	}
}

func explainBadRequest(e *commercelayer.Error, q question) explanation {
	if e.TooLong() {
		return explainTooLong(e, q)
	}
	t := explanation{
		attribute: q.attribute,
		summary:   "Request refused",
		what:      fmt.Sprintf("The API refused the request for %s%s.", q.subject(), where(e)),
		advice:    "What it objects to is said above. If the configuration is right, the API has changed: please report it.",
	}
	if len(e.API) == 0 {
		t.advice = "It did not say why. If the configuration is right, the API has changed: please report it."
	}
	switch code := e.Code(); {
	case strings.Contains(code, "INCLUDE"):
		t.attribute, t.summary = "include", "Unknown relationship"
		t.advice = "Check the names in `include`: they are those of the attribute `relationships`, and of the related resources' own."
	case strings.Contains(code, "FIELD"):
		t.attribute, t.summary = "fields", "Unknown field"
		t.advice = "Check the names in `fields`: they are those of the API's attributes and relationships, and older organizations have fewer of them."
	case q.list && strings.Contains(code, "SORT"):
		t.attribute, t.summary = "sort", "Unknown sort key"
		t.advice = "Check the attributes in `sort`."
	case q.list && q.keyed() && refusesFilter(e) && !q.aboutFilter(e):
		t.summary = "Filter refused"
		t.advice = fmt.Sprintf("The API refuses to select customers by the list in `%s`. ", q.attribute) + oneByOne
	case q.list && refusesFilter(e):
		t.attribute, t.summary = attrFilter, "Filter refused"
		t.advice = "Check the attributes, the matchers and the values in `filter`: not every attribute can be filtered by."
	case q.list:
		t.attribute = ""
	}
	return t
}

// oneByOne is the advice for lists of keys that the API does not take.
const oneByOne = "Read the customers one by one, with `for_each` and `commercelayer_customer`. Please report it, too: the API should take such a list."

// refusesFilter tells whether the API objects to a filter.
func refusesFilter(e *commercelayer.Error) bool {
	return strings.Contains(e.Code(), "FILTER") || e.Code() == "PARAM_NOT_ALLOWED"
}

// explainTooLong is for requests that the API refuses for their length, and for
// those that are not sent for it.
func explainTooLong(e *commercelayer.Error, q question) explanation {
	t := explanation{
		summary: "Request too long",
		what:    fmt.Sprintf("The request for %s is too long%s.", q.subject(), reason(e)),
		advice:  "Name fewer relationships in `include`, and fewer names in `fields`.",
	}
	switch {
	case q.filtered, q.related != "":
		t.attribute, t.advice = attrFilter, "Shorten `filter`, or split it over several data sources."
	case q.list && !q.keyed():
		t.attribute = attrFilter
		t.advice = "To read customers by many IDs or e-mail addresses, use `ids` or `emails` instead of `filter`. " +
			"They take lists of any length: the provider splits them over several requests. " +
			"Otherwise shorten `filter`, or split it over several data sources."
	}
	return t
}

func explainRateLimited(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Rate limit exhausted",
		what: fmt.Sprintf(
			"Reading %s did not get its turn under the API's rate limit before the deadline of the read%s.",
			q.subject(),
			reason(e),
		),
		advice: "Everything behind the same IP address shares the limit: 25 requests in 10 seconds and 100 in a minute for a test organization, twice that for a live one. " +
			"Raise `timeouts { read }`, run fewer plans at the same time, or read many customers with one `commercelayer_customers`.",
	}
}

func explainServer(_ *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Server error of the API",
		what:    fmt.Sprintf("The API failed when asked for %s, each time it was asked.", q.subject()),
		advice:  "This is for Commerce Layer to mend: try again later, look at its status page, or raise `max_retries` of the provider to bridge longer outages.",
	}
}

func explainTimeout(e *commercelayer.Error, q question) explanation {
	what := fmt.Sprintf("There was no complete answer in time when asking for %s.", q.subject())
	switch {
	case e.Reason != "":
		what = fmt.Sprintf("The deadline of the read passed before %s could be asked for: %s.", q.subject(), e.Reason)
	case e.Cause == nil:
		// No attempt took too long: it was ended along with the read.
		what = fmt.Sprintf(
			"The deadline of the read passed before there was a complete answer when asking for %s.",
			q.subject(),
		)
	}
	return explanation{
		summary: "Timeout",
		what:    what,
		advice: "Check the network, a proxy in between, and the API's status page. One attempt may take as long as `request_timeout` of the provider says, " +
			"the whole read as long as `timeouts { read }`.",
	}
}

func explainCanceled(q question) explanation {
	return explanation{
		summary: "Read canceled",
		what:    fmt.Sprintf("Reading %s was interrupted.", q.subject()),
		advice:  "Nothing was changed. Run again.",
	}
}

func explainDNS(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Host not found",
		what:    fmt.Sprintf("The host name %s could not be resolved.", e.Host),
		advice:  "Check `domain` of the provider, or COMMERCELAYER_DOMAIN, for typing errors (it is the organization's slug, such as `acme`), and the name servers of this machine.",
	}
}

func explainTLS(e *commercelayer.Error) explanation {
	return explanation{
		summary: "TLS connection failed",
		what: fmt.Sprintf(
			"No trusted connection to %s could be made, so %s not sent.",
			e.Host,
			whichever(e, "the access token was", "the client credentials were"),
		),
		advice: "Check the date of this machine, the server's certificate, and whether a proxy puts in its own: the certificate of the authority that signed it belongs in the system's store, or in the file that SSL_CERT_FILE names. " +
			"Verification can't be turned off.",
	}
}

func explainConnection(e *commercelayer.Error) explanation {
	t := explanation{
		summary: "Connection failed",
		what:    fmt.Sprintf("The connection to %s failed.", e.Host),
		advice:  "Check `domain` of the provider, the network, a firewall, and HTTPS_PROXY and NO_PROXY, which the provider honours.",
	}
	if e.Status != 0 {
		t.what = fmt.Sprintf("The connection to %s broke before the answer was complete.", e.Host)
		t.advice = "Run again. If it stays, look at what is in between: a proxy, a firewall, or a load balancer that cuts connections."
	}
	return t
}

func explainRedirect(e *commercelayer.Error) explanation {
	return explanation{
		summary: "Redirect refused",
		what: fmt.Sprintf(
			"Redirects are never followed, since %s would go along%s.",
			whichever(e, "the access token", "the client credentials"),
			reason(e),
		),
		advice: fmt.Sprintf(
			"The API does not redirect: check `%s` of the provider, and whether a proxy or a captive portal answers in its place.",
			whichever(e, attrDomain, attrAuthEndpoint),
		),
	}
}

func explainNotJSON(e *commercelayer.Error, q question, summary string) explanation {
	return explanation{
		summary: summary,
		what:    fmt.Sprintf("What came when asking for %s is not a JSON:API document%s.", q.subject(), reason(e)),
		advice:  "Something other than the Core API seems to answer: check `domain` of the provider, and whether a proxy or a captive portal answers in its place.",
	}
}

func explainTooLarge(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Answer too large",
		what:    fmt.Sprintf("The answer to the request for %s was not read to its end%s.", q.subject(), reason(e)),
		advice:  "Include fewer relationships. If that is not it, something other than the Core API may be answering: check `domain` of the provider.",
	}
}

func explainMalformed(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Malformed answer",
		what: fmt.Sprintf(
			"The answer to the request for %s is not the document that the API describes%s. Nothing of it was used.",
			q.subject(),
			reason(e),
		),
		advice: "Run again. If it persists, something in between changes the answer, or the API has changed: please report it, with this message.",
	}
}

func explainMismatch(e *commercelayer.Error, q question) explanation {
	return explanation{
		attribute: q.attribute,
		summary:   "Answer for another resource",
		what: fmt.Sprintf(
			"The API was asked for %s and answered with something else%s. Nothing of it was used.",
			q.subject(),
			reason(e),
		),
		advice: "Something between here and the API, such as a cache, mixes answers up, or the API did: run again, and report it if it persists.",
	}
}

func explainTooMany(e *commercelayer.Error, q question) explanation {
	t := explanation{
		attribute: "filter",
		summary:   "Too many customers",
		what: fmt.Sprintf("%s customers match%s. Without `limit` at most %s are read.",
			thousands(e.Count), where(e), thousands(commercelayer.MaxUnlimited)),
		advice: "Narrow `filter`, or set `limit` to the number that you want.",
	}
	if q.related != "" {
		t.summary = "Too many related resources"
		t.what = fmt.Sprintf("%s resources match when asking for %s. Without `limit` at most %s are read.",
			thousands(e.Count), q.subject(), thousands(commercelayer.MaxUnlimited))
	}
	return t
}

// explainTokenRequest has the texts in which a request for a token differs.
func explainTokenRequest(e *commercelayer.Error) (explanation, bool) {
	switch e.Class {
	case commercelayer.ErrCredentials:
		return explanation{
			summary: "Client credentials refused",
			what:    "The token endpoint gave no access token for the client credentials.",
			advice:  "Check `client_id` and `client_secret` of the provider, or COMMERCELAYER_CLIENT_ID and COMMERCELAYER_CLIENT_SECRET, against the application in the dashboard (both, and of the right organization), and `scope` if it is set.",
		}, true
	case commercelayer.ErrBlocked:
		return explanation{
			summary: "Blocked on the way to the token endpoint",
			what: fmt.Sprintf(
				"Something refused the request for an access token, and the answer does not look like one of the token endpoint%s. It says nothing about the client credentials.",
				reason(e),
			),
			advice: "Look for a firewall, a proxy or an allow list of IP addresses between here and the token endpoint, and check `auth_endpoint` of the provider.",
		}, true
	case commercelayer.ErrRateLimited:
		return explanation{
			summary: "Rate limit of the token endpoint exhausted",
			what:    "The token endpoint gave no access token before the deadline of the read: it allows 30 requests a minute for everything behind the same IP address.",
			advice:  "Run fewer plans at the same time, raise `timeouts { read }`, or request one token for all of them and set it in COMMERCELAYER_TOKEN.",
		}, true
	case commercelayer.ErrServer:
		return explanation{
			summary: "Server error of the token endpoint",
			what:    "The token endpoint failed each time it was asked for an access token.",
			advice:  "This is for Commerce Layer to mend: try again later, look at its status page, or raise `max_retries` of the provider to bridge longer outages.",
		}, true
	case commercelayer.ErrTimeout:
		return explanation{
			summary: "Timeout of the token endpoint",
			what:    "The token endpoint did not give an access token in time.",
			advice:  "Check the network, a proxy in between, and `auth_endpoint` of the provider.",
		}, true
	case commercelayer.ErrNotFound, commercelayer.ErrBadRequest, commercelayer.ErrMalformed,
		commercelayer.ErrNotJSON, commercelayer.ErrMediaType, commercelayer.ErrTooLarge:
		return explanation{
			summary: "Token endpoint broken",
			what:    fmt.Sprintf("What answers at %s does not behave like a token endpoint%s.", e.Host, reason(e)),
			advice:  "Check `auth_endpoint` of the provider, or COMMERCELAYER_AUTH_ENDPOINT, and whether a proxy answers in its place.",
		}, true
	case commercelayer.ErrDNS, commercelayer.ErrConnection:
		return explanation{
			summary: "Token endpoint not reached",
			what:    fmt.Sprintf("The token endpoint at %s could not be reached.", e.Host),
			advice:  "Check `auth_endpoint` of the provider, the network, a firewall, and HTTPS_PROXY and NO_PROXY, which the provider honours.",
		}, true
	default:
		return explanation{}, false
	}
}

// firstOf lists some texts of a number that may be greater.
func firstOf(list []string, count int) string {
	shown := list[:min(len(list), maxAlike)]
	text := strings.Join(shown, ", ")
	if more := count - len(shown); more > 0 {
		text += fmt.Sprintf(" and %s more", thousands(more))
	}
	return text
}

// where names the organization and the mode, as far as the token tells.
func where(e *commercelayer.Error) string {
	organization := e.Token.Slug
	if organization == "" {
		organization = e.Host
	}
	switch {
	case organization == "":
		return ""
	case e.Token.Mode != "":
		return fmt.Sprintf(" in the organization %s (%s mode)", organization, e.Token.Mode)
	}
	return fmt.Sprintf(" in the organization %s (mode unknown: the token does not tell)", organization)
}

// otherOrganization says so if the token names another one than the host does.
func otherOrganization(e *commercelayer.Error) string {
	slug, _, found := strings.Cut(e.Host, ".")
	if e.Token.Slug == "" || !found || slug == e.Token.Slug || strings.Trim(e.Host, "0123456789.:") == "" {
		return ""
	}
	return fmt.Sprintf("The access token belongs to the organization %s, and the domain is %s.", e.Token.Slug, e.Host)
}

// reason is the client's clause, to follow a sentence.
func reason(e *commercelayer.Error) string {
	if e.Reason == "" {
		return ""
	}
	return ": " + e.Reason
}

// whichever chooses between a request to the API and one for a token.
func whichever(e *commercelayer.Error, api, token string) string {
	return either(!e.TokenRequest, api, token)
}
