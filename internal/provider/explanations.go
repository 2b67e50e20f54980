package provider

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// An explanation is the part of a diagnostic that depends on the class of the
// error. There is one text for each class.
type explanation struct {
	// attribute is the argument that the error is about, or empty.
	attribute string
	// summary says what failed, as a noun phrase.
	summary string
	// what says in full sentences what failed.
	what string
	// advice says what to do.
	advice string
}

// explain returns the text for an error. The linter checks that the switch has
// a case for every class.
func explain(e *commercelayer.Error, q question, now time.Time) explanation {
	if e.TokenRequest {
		if t, ok := explainTokenRequest(e); ok {
			return t
		}
	}
	switch e.Class {
	case commercelayer.ErrNotFound:
		return explainNotFound(e, q)
	case commercelayer.ErrNoList:
		return explainNoList(e)
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
	case commercelayer.ErrSortIgnored:
		return explainSortIgnored(e, q)
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
	case commercelayer.ErrResultTooLarge:
		return explainResultTooLarge(e, q)
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
	if q.related != "" {
		q.attribute = "customer_id"
	}
	t := explanation{
		attribute: q.attribute,
		summary:   "Customer not found",
		what: fmt.Sprintf(
			"There is no customer with the ID %q%s.",
			commercelayer.Redact(q.value),
			place,
		) + mismatch,
		advice: "Check the ID. If it is right, the access token may belong to another organization or another mode (test or live) than the customer. The API gives the same answer then.",
	}
	switch {
	case q.attribute == "email":
		t.what = fmt.Sprintf("There is no customer with the e-mail address %s%s.", maskEmail(q.value), place) + mismatch
		t.advice = "Check the address, including upper and lower case. If it is right, the access token may belong to another organization or another mode (test or live) than the customer. " +
			"To read a customer who may not exist, use `commercelayer_customers` with `emails`: its list is then empty."
	case e.Code() == "":
		t.advice += " " + otherHost
	}
	return t
}

func explainNoList(e *commercelayer.Error) explanation {
	place, mismatch := where(e), otherOrganization(e)
	if mismatch != "" {
		place, mismatch = " at "+e.Host, " "+mismatch
	}
	return explanation{
		summary: "List of customers not found",
		what:    "The API answered that there is no list of customers" + place + "." + mismatch,
		advice:  otherHost,
	}
}

// otherHost is the advice for an answer that does not look like one of the Core
// API.
const otherHost = "The answer does not look like an answer of the Core API. Check that `domain` of the provider names the host of your organization."

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

// refusedAdvice is the advice if the API refuses an access token that the user
// has set. It has no full stop at its end, so that the sentence can go on.
const refusedAdvice = "Set another access token in `token` of the provider. Or set `client_id` and `client_secret`: the provider then requests its tokens itself"

func explainInvalidToken(e *commercelayer.Error, q question, now time.Time) explanation {
	t := explanation{
		summary: "Access token not accepted",
		what:    fmt.Sprintf("The API did not accept the access token of the request for %s%s.", q.subject(), where(e)),
		advice:  "The token is wrong, was revoked or belongs to another organization. " + refusedAdvice + ".",
	}
	silent := e.Code() == ""
	if silent {
		t.what = fmt.Sprintf("The request for %s was refused%s, and the answer does not say why. "+
			"Either the API did not accept the access token, or something on the way refused the request.", q.subject(), where(e))
	}
	if q.credentials {
		t.advice = "The provider requested the token itself, with the client credentials. Check that `domain` of the provider names the organization of the application. " +
			"Check also that the application still exists."
	} else if expired, ok := explainExpiredToken(e, now); ok {
		return expired
	}
	if silent {
		t.advice += onTheWay
	}
	t.what += clockNote(e, now)
	if mismatch := otherOrganization(e); mismatch != "" {
		t.summary = "Access token of another organization"
		t.what, t.advice = mismatch, "Use credentials of the organization that `domain` of the provider names. Or leave that setting out: the provider then uses the organization that the token names."
	}
	return t
}

// onTheWay is the advice if it is not known who refused a request.
const onTheWay = " If all of that is right, look for a gateway, a proxy or a firewall on the way."

// clockTolerance is how far this machine's clock may be off without a word.
const clockTolerance = time.Minute

// clockNote returns a sentence if the clock of this machine is off, by the time
// that the server told. Whoever compares the token's expiry with that clock is
// led astray.
func clockNote(e *commercelayer.Error, now time.Time) string {
	ahead := now.Sub(e.Date)
	if e.Date.IsZero() || ahead.Abs() < clockTolerance {
		return ""
	}
	return fmt.Sprintf(" The clock of this machine is %s %s the server's.",
		humanDuration(ahead.Abs()), either(ahead > 0, "ahead of", "behind"))
}

// explainExpiredToken explains a refusal by the expiry time in the token's
// claims. The server's clock counts, if its answer told the time. If the token
// has expired, that is the reason, whatever error the API answers with. It
// returns false if the token has not expired.
func explainExpiredToken(e *commercelayer.Error, now time.Time) (explanation, bool) {
	at := e.Token.ExpiresAt
	note := clockNote(e, now)
	if !e.Date.IsZero() {
		now = e.Date
	}
	if at.IsZero() || now.Before(at) {
		return explanation{}, false
	}
	return explanation{
		summary: "Access token expired",
		what: fmt.Sprintf(
			"The access token expired %s ago, at %s.",
			humanDuration(now.Sub(at)),
			at.UTC().Format(time.RFC3339),
		) + note,
		advice: refusedAdvice + " and renews them before they expire.",
	}, true
}

func explainPermission(e *commercelayer.Error, q question, now time.Time) explanation {
	if expired, ok := explainExpiredToken(e, now); ok && !q.credentials {
		return expired
	}
	t := explanation{
		summary: "Permission missing",
		what:    fmt.Sprintf("The access token is valid, but it has no permission to read %s%s.", q.subject(), where(e)),
		advice:  "Use the credentials of an integration whose role is `read_only` or `admin`, or a custom role that may read customers. A new token of the same application does not help.",
	}
	if q.related != "" {
		t.advice = strings.Replace(t.advice, "may read customers", "may read customers and what they are related to", 1)
	}
	switch kind := e.Token.Kind; kind {
	case commercelayer.KindSalesChannel:
		t.what = "The access token belongs to a sales channel, and sales channels can't read customers."
		t.advice = "Use the credentials of an integration whose role is `read_only`."
	case "", commercelayer.KindIntegration:
	default:
		t.what += fmt.Sprintf(" It belongs to an application of the kind `%s`.", kind)
	}
	if mismatch := otherOrganization(e); mismatch != "" {
		t.what += " " + mismatch
	}
	t.what += clockNote(e, now)
	return t
}

// domainUnknown says why the provider does not know the domain.
const domainUnknown = "The access token does not name its organization, so the provider does not know the domain of the API."

func explainDomainUnknown() explanation {
	return explanation{
		summary: "Domain missing",
		what:    domainUnknown,
		advice:  "Set `domain` in the provider block, or COMMERCELAYER_DOMAIN, to the organization's slug, such as `acme`.",
	}
}

func explainWrongMode(e *commercelayer.Error) explanation {
	if e.Mode == "" {
		return explanation{
			summary: "Wrong mode",
			what:    fmt.Sprintf("The answer contradicts the access token%s. The answer was not used.", reason(e)),
			advice:  "Use credentials of the mode that you mean to read. If you did, something on the way, such as a cache, may mix up answers of the two modes.",
		}
	}
	return explanation{
		summary: "Wrong mode",
		what:    fmt.Sprintf("The provider refused to read, because its mode is set to `%s`%s.", e.Mode, reason(e)),
		advice: fmt.Sprintf(
			"Use credentials of the mode `%s`. Or, if you mean to read the other mode, change `mode` of the provider. Nothing was read.",
			e.Mode,
		),
	}
}

func explainFilterIgnored(e *commercelayer.Error, q question) explanation {
	t := explanation{
		attribute: q.attribute,
		summary:   "Filter ignored by the API",
		what: fmt.Sprintf(
			"The API ignored the condition in the request for %s%s. The answer was not used.",
			q.subject(),
			reason(e),
		),
		advice: "Something between this machine and the API may drop the query, or the API may not know the filter. Check the names of the attributes and the matchers in `filter`.",
	}
	switch {
	case q.list && e.Count == 0 && q.keyed():
		t.advice = fmt.Sprintf("The API does not select customers by a list in `%s`. ", q.attribute) + oneByOne
	case q.list:
		// The provider has found a customer that does not match the filter.
		t.attribute = attrFilter
	default:
		t.advice = "Something between this machine and the API may drop the query or mix up answers, or the API may have changed. Run again. If the error persists, please report it."
	}
	return t
}

func explainSortIgnored(e *commercelayer.Error, q question) explanation {
	return explanation{
		attribute: "sort",
		summary:   "Sort ignored by the API",
		what: fmt.Sprintf(
			"The API ignored the order in the request for %s%s. The answer was not used.", q.subject(), reason(e),
		),
		advice: "Something between this machine and the API may drop the query, such as a cache. Leave `sort` out to read by ID. If the error persists without anything in between, please report it.",
	}
}

func explainResultTooLarge(e *commercelayer.Error, q question) explanation {
	large := &resultTooLargeError{
		bytes: commercelayer.MaxResultBytes, bound: maxMessage - messageReserve,
		list: either(q.related == "", "customers", "resources"), count: e.Count,
	}
	if !q.list {
		large.list = ""
	}
	what, advice, _ := strings.Cut(large.detail(), "\n\n")
	return explanation{summary: tooLargeSummary, what: what, advice: advice}
}

func explainBadRequest(e *commercelayer.Error, q question) explanation {
	if e.TooLong() {
		return explainTooLong(e, q)
	}
	t := explanation{
		attribute: q.attribute,
		summary:   "Request refused",
		what:      fmt.Sprintf("The API refused the request for %s%s.", q.subject(), where(e)),
		advice:    "The API error above says why. If the configuration is right, the API may have changed: please report it.",
	}
	if len(e.API) == 0 {
		t.advice = "The API did not say why. If the configuration is right, the API may have changed: please report it."
	}
	switch code := e.Code(); {
	case strings.Contains(code, "INCLUDE"):
		t.attribute, t.summary = "include", "Unknown relationship"
		t.advice = "Check the names in `include`. The first name of each value must be a key of the attribute `relationships`. A name after a dot must be a relationship of the resource before the dot."
	case strings.Contains(code, "FIELD"):
		t.attribute, t.summary = "fields", "Unknown field"
		t.advice = "Check the names in `fields`. They must be attributes or relationships of the API. Older organizations have fewer of them."
	case q.list && strings.Contains(code, "SORT"):
		t.attribute, t.summary = "sort", "Unknown sort key"
		t.advice = "Check the attributes in `sort`."
	case q.list && q.keyed() && refusesFilter(e) && !q.aboutFilter(e):
		t.summary = "Filter refused"
		t.advice = fmt.Sprintf("The API refuses to select customers by the list in `%s`. ", q.attribute) + oneByOne
	case q.list && refusesFilter(e):
		t.attribute, t.summary = attrFilter, "Filter refused"
		t.advice = "Check the attributes, the matchers and the values in `filter`. The API can't filter by every attribute."
	case q.list:
		t.attribute = ""
	}
	return t
}

// oneByOne is the advice if the API does not accept a list of keys.
const oneByOne = "Read the customers one by one, with `for_each` and `commercelayer_customer`. Please also report this, because the API should accept such a list."

// refusesFilter tells whether the API refused a filter.
func refusesFilter(e *commercelayer.Error) bool {
	return strings.Contains(e.Code(), "FILTER") || e.Code() == "PARAM_NOT_ALLOWED"
}

// explainTooLong explains that a request is too long. Either the API refused
// it, or the provider did not send it.
func explainTooLong(e *commercelayer.Error, q question) explanation {
	t := explanation{
		summary: "Request too long",
		what:    fmt.Sprintf("The request for %s is too long%s.", q.subject(), reason(e)),
		advice:  "List fewer names in `include` and in `fields`.",
	}
	switch {
	case q.filtered, q.related != "":
		t.attribute, t.advice = attrFilter, "Shorten `filter`, or split it over several data sources."
	case q.list && !q.keyed():
		t.attribute = attrFilter
		t.advice = "To read customers by many IDs or e-mail addresses, use `ids` or `emails` instead of `filter`. " +
			"They take lists of any length, which the provider splits over several requests. " +
			"Otherwise shorten `filter`, or split it over several data sources."
	}
	return t
}

func explainRateLimited(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Rate limit exhausted",
		what: fmt.Sprintf(
			"The API's rate limit left no room for the request for %s before the deadline of the read%s.",
			q.subject(),
			reason(e),
		),
		advice: sharedLimit + " It is 25 requests in 10 seconds and 100 requests in 60 seconds for a test organization, and twice as many for a live organization. " +
			"Raise `timeouts { read }`, run fewer plans at the same time, or read many customers with one `commercelayer_customers`.",
	}
}

// outage is the advice for server errors.
const outage = "This is most likely a failure at Commerce Layer. Look at its status page, and try again later. To wait through longer outages, raise `max_retries` of the provider."

func explainServer(e *commercelayer.Error, q question) explanation {
	t := explanation{
		summary: "Server error of the API",
		what:    fmt.Sprintf("The API failed to answer the request for %s, in every attempt.", q.subject()),
		advice:  outage,
	}
	if e.Status == http.StatusMisdirectedRequest {
		t.summary = "Answer of another server"
		t.what = fmt.Sprintf("The server that answered the request for %s does not serve the host %s.", q.subject(), e.Host)
		t.advice = otherHost
	}
	return t
}

func explainTimeout(e *commercelayer.Error, q question) explanation {
	what := fmt.Sprintf("There was no complete answer in time to the request for %s.", q.subject())
	switch {
	case e.Reason != "":
		what = fmt.Sprintf("The deadline of the read passed before the request for %s was sent: %s.", q.subject(), e.Reason)
	case e.Cause == nil:
		// The deadline of the read ended the attempt, and not request_timeout.
		what = fmt.Sprintf(
			"The deadline of the read passed before there was a complete answer to the request for %s.",
			q.subject(),
		)
	}
	return explanation{
		summary: "Timeout",
		what:    what,
		advice: "Check the network, any proxy on the way, and the API's status page. If the API is only slow, allow more time: `request_timeout` of the provider limits one attempt, " +
			"and `timeouts { read }` limits the whole read.",
	}
}

func explainCanceled(q question) explanation {
	return explanation{
		summary: "Read canceled",
		what:    fmt.Sprintf("Reading %s was interrupted.", q.subject()),
		advice:  "Nothing was changed. Run again.",
	}
}

func explainNotJSON(e *commercelayer.Error, q question, summary string) explanation {
	return explanation{
		summary: summary,
		what:    fmt.Sprintf("The answer to the request for %s is not a JSON:API document%s.", q.subject(), reason(e)),
		advice:  "Something other than the Core API seems to answer. Check `domain` of the provider. Check also whether a proxy or a captive portal answers instead of the API.",
	}
}

func explainTooLarge(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Answer too large",
		what:    fmt.Sprintf("The answer to the request for %s is too large, so it was not read to its end%s.", q.subject(), reason(e)),
		advice:  "Name fewer relationships in `include`. If that does not help, something other than the Core API may be answering: check `domain` of the provider.",
	}
}

func explainMalformed(e *commercelayer.Error, q question) explanation {
	return explanation{
		summary: "Malformed answer",
		what: fmt.Sprintf(
			"The answer to the request for %s does not have the form that the API documents%s. The answer was not used.",
			q.subject(),
			reason(e),
		),
		advice: "Run again. If the error persists, something on the way may change the answer, or the API may have changed: please report it, with this message.",
	}
}

func explainMismatch(e *commercelayer.Error, q question) explanation {
	return explanation{
		attribute: q.attribute,
		summary:   "Answer for another resource",
		what: fmt.Sprintf(
			"The API answered the request for %s with something else%s. The answer was not used.",
			q.subject(),
			reason(e),
		),
		advice: "The API, or something on the way such as a cache, may mix up answers. Run again. If the error persists, please report it.",
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
		t.what = fmt.Sprintf("The request for %[2]s has %[1]s matches. Without `limit` at most %[3]s are read.",
			thousands(e.Count), q.subject(), thousands(commercelayer.MaxUnlimited))
	}
	return t
}

// firstOf joins the first texts of a list. The count is the number of all
// texts, of which the list may hold only a part.
func firstOf(list []string, count int) string {
	shown := list[:min(len(list), maxAlike)]
	text := strings.Join(shown, ", ")
	if more := count - len(shown); more > 0 {
		text += fmt.Sprintf(" and %s more", thousands(more))
	}
	return text
}

// where names the organization and the mode for the end of a sentence. It takes
// them from the claims of the token, if the token has any.
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
	return fmt.Sprintf(" in the organization %s (mode unknown: the token does not name it)", organization)
}

// otherOrganization returns a sentence if the token belongs to another
// organization than the host. It returns "" if both are the same, or if that is
// not known.
func otherOrganization(e *commercelayer.Error) string {
	slug, _, found := strings.Cut(e.Host, ".")
	if e.Token.Slug == "" || !found || slug == e.Token.Slug || strings.Trim(e.Host, "0123456789.:") == "" {
		return ""
	}
	return fmt.Sprintf("The access token belongs to the organization %s, but the domain is %s.", e.Token.Slug, e.Host)
}

// reason returns the client's own explanation of the error, after a colon. It
// returns "" if there is no explanation.
func reason(e *commercelayer.Error) string {
	if e.Reason == "" {
		return ""
	}
	return ": " + e.Reason
}

// whichever returns one text for a request to the API, and another for a
// request for a token.
func whichever(e *commercelayer.Error, api, token string) string {
	return either(!e.TokenRequest, api, token)
}
