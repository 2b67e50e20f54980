package provider

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

func refineNotFound(t *explanation, f failure) {
	t.attribute = either(f.related == "", f.attribute, "customer_id")
	switch {
	case t.attribute == "email":
		t.what = "There is no {one} with the e-mail address {value}{where}."
		t.advice = "Check the address, including upper and lower case. If it is right, the access token may belong to " +
			"another organization or another mode (test or live) than the {one}. " +
			"To read a customer who may not exist, use `commercelayer_customers` with `emails`: its list is then empty."
	case f.Code() == "":
		t.advice += " " + otherHost
	}
	elsewhere(t, f)
}

// elsewhere names the host instead of the organization if the access token is of
// another one.
func elsewhere(t *explanation, f failure) {
	if mismatch := otherOrganization(f.Error); mismatch != "" {
		t.what = strings.Replace(t.what, "{where}", " at {host}", 1) + " " + mismatch
	}
}

func refineInvalidToken(t *explanation, f failure) {
	silent := f.Code() == ""
	if silent {
		t.what = "The request for {subject} was refused{where}, and the answer does not say why. " +
			"Either the API did not accept the access token, or something on the way refused the request."
	}
	if f.credentials {
		t.advice = "The provider requested the token itself, with the client credentials. Check that `domain` of the " +
			"provider names the organization of the application. " +
			"Check also that the application still exists."
	} else if f.expired(t) {
		return
	}
	if silent {
		t.advice += onTheWay
	}
	t.what += f.clockNote()
	if mismatch := otherOrganization(f.Error); mismatch != "" {
		t.summary = "Access token of another organization"
		t.what, t.advice = mismatch, "Use credentials of the organization that `domain` of the provider names. Or leave "+
			"that setting out: the provider then uses the organization that the token names."
	}
}

// clockTolerance is how far this machine's clock may be off without a word.
const clockTolerance = time.Minute

// clockNote returns a sentence if the clock of this machine is off, by the time
// that the server told. Whoever compares the token's expiry with that clock is
// led astray.
func (f failure) clockNote() string {
	ahead := time.Since(f.Date)
	if f.Date.IsZero() || ahead.Abs() < clockTolerance {
		return ""
	}
	return fmt.Sprintf(" The clock of this machine is %s %s the server's.",
		humanDuration(ahead.Abs()), either(ahead > 0, "ahead of", "behind"))
}

// expired explains a refusal by the expiry time in the token's claims. The
// server's clock counts, if its answer told the time. If the token has expired,
// that is the reason, whatever error the API answers with. It returns false if
// the token has not expired.
func (f failure) expired(t *explanation) bool {
	at, now := f.Token.ExpiresAt, time.Now()
	if !f.Date.IsZero() {
		now = f.Date
	}
	if at.IsZero() || now.Before(at) {
		return false
	}
	t.summary = "Access token expired"
	t.what = fmt.Sprintf("The access token expired %s ago, at %s.%s",
		humanDuration(now.Sub(at)), at.UTC().Format(time.RFC3339), f.clockNote())
	t.advice = refusedAdvice + " and renews them before they expire."
	return true
}

func refinePermission(t *explanation, f failure) {
	if !f.credentials && f.expired(t) {
		return
	}
	if f.related != "" {
		t.advice = strings.Replace(t.advice, "may read {many}", "may read {many} and what they are related to", 1)
	}
	switch kind := f.Token.Kind; kind {
	case commercelayer.KindSalesChannel:
		t.what = "The access token belongs to a sales channel, and sales channels can't read {many}."
		t.advice = "Use the credentials of an integration whose role is `read_only`."
	case "", commercelayer.KindIntegration:
	default:
		t.what += fmt.Sprintf(" It belongs to an application of the kind `%s`.", kind)
	}
	if mismatch := otherOrganization(f.Error); mismatch != "" {
		t.what += " " + mismatch
	}
	t.what += f.clockNote()
}

// refineBlocked names an access token that has expired. Something that checks tokens
// may stand in front of the API.
func refineBlocked(t *explanation, f failure) {
	expiry := *t
	if f.Status == 401 && !f.credentials && f.expired(&expiry) {
		t.what = strings.Replace(t.what, maybeValid, expiry.what, 1)
		t.advice = expiry.advice + " " + t.advice
	}
}

func refineFilterIgnored(t *explanation, f failure) {
	t.attribute = f.attribute
	switch {
	case f.list && f.Count == 0 && f.keyed():
		t.advice = fmt.Sprintf("The API does not select {many} by a list in `%s`. ", f.attribute) + oneByOne
	case f.list:
		// The provider has found a customer that does not match the filter.
		t.attribute = attrFilter
	default:
		t.advice = "Something between this machine and the API may drop the query or mix up answers, or the API may have " +
			"changed. Run again. If the error persists, please report it."
	}
}

func refineRefused(t *explanation, f failure) {
	if f.TooLong() {
		refineTooLong(t, f)
		return
	}
	t.attribute = f.attribute
	if len(f.API) == 0 {
		t.what = "The request for {subject} was refused{where}, and the answer does not say why in a form that the " +
			"provider knows. Either the API refused it, or something on the way."
		t.advice = "Check that `domain` of the provider names the host of your organization." + onTheWay
	}
	switch code := f.Code(); {
	case strings.Contains(code, "INCLUDE"):
		t.attribute, t.summary = "include", "Unknown relationship"
		t.advice = "Check the names in `include`. The first name of each value must be a key of the attribute " +
			"`relationships`. A name after a dot must be a relationship of the resource before the dot."
	case strings.Contains(code, "FIELD"):
		t.attribute, t.summary = "fields", "Unknown field"
		t.advice = "Check the names in `fields`. They must be attributes or relationships of the API. Older organizations " +
			"have fewer of them."
	case f.list && strings.Contains(code, "SORT"):
		t.attribute, t.summary = "sort", "Unknown sort key"
		t.advice = "Check the attributes in `sort`."
	case f.list && f.keyed() && refusesFilter(f.Error) && !f.aboutFilter(f.Error):
		t.summary = "Filter refused"
		t.advice = fmt.Sprintf("The API refuses to select {many} by the list in `%s`. ", f.attribute) + oneByOne
	case f.list && refusesFilter(f.Error):
		t.attribute, t.summary = attrFilter, "Filter refused"
		t.advice = "Check the attributes, the matchers and the values in `filter`. The API can't filter by every attribute."
	case f.list:
		t.attribute = ""
	}
}

// refusesFilter tells whether the API refused a filter.
func refusesFilter(e *commercelayer.Error) bool {
	return strings.Contains(e.Code(), "FILTER") || e.Code() == "PARAM_NOT_ALLOWED"
}

// shortLine is a length in bytes that every server accepts of the first line of a
// request.
const shortLine = 2000

// refineTooLong explains that a request is too long. Either the API refused it,
// or the provider did not send it.
func refineTooLong(t *explanation, f failure) {
	t.summary, t.what = "Request too long", "The request for {subject} is too long{reason}."
	t.advice = "List fewer names in `include` and in `fields`."
	switch {
	case f.Length < shortLine:
		t.what = "A server refused the request for {subject} as too long, although it is short."
		t.advice = "The access token may be longer than a server on the way accepts. " + answersInstead
	case f.filtered, f.related != "":
		t.attribute, t.advice = attrFilter, "Shorten `filter`, or split it over several data sources."
	case f.list && !f.keyed():
		t.attribute = attrFilter
		t.advice = "To read {many} by many IDs or e-mail addresses, use `ids` or `emails` instead of `filter`. " +
			"They take lists of any length, which the provider splits over several requests. " +
			"Otherwise shorten `filter`, or split it over several data sources."
	}
}

// refineTimeout tells a deadline from request_timeout, and what came before it.
func refineTimeout(t *explanation, f failure) {
	switch {
	case f.Reason != "":
		t.what = "The deadline of the read passed before the request for {wanted} was sent{reason}."
	case f.Status >= 500:
		t.what = "Until the deadline of the read, the request for {wanted} was answered with a server error."
		t.advice = strings.Replace(outage, "`max_retries` of the provider", "`timeouts { read }`", 1)
	case f.Cause == nil:
		t.what = "The deadline of the read passed before there was a complete answer to the request for {wanted}."
	}
}

func refineServerError(t *explanation, f failure) {
	switch {
	case f.Misdirected():
		t.summary, t.advice = "Answer of another server", answersInstead
		t.what = "The server that answered the request for {wanted} does not serve the host {host}."
	case !f.Retryable():
		t.what = strings.Replace(t.what, ", in every attempt", ", and would do so in every attempt", 1)
		t.advice = "The status says that the server can't serve such a request. " + answersInstead
	}
}

func refineTLS(t *explanation, f failure) {
	if f.TokenRequest {
		t.what = strings.Replace(t.what, "access token was", "client credentials were", 1)
	}
	if _, other := errors.AsType[x509.HostnameError](f.Cause); other {
		t.advice = answersInstead + " Verification can't be turned off."
	}
	if f.Reason != "" {
		t.summary, t.what = "TLS connection refused", "The server at {host} refused the TLS connection{reason}."
		t.advice = "The API itself speaks TLS, and wants no client certificate. " + answersInstead + " Only a server on " +
			"this machine can do without TLS, with a URL that begins with `http://`."
	}
}

func refineResultTooLarge(t *explanation, f failure) {
	large := &resultTooLargeError{
		bytes: commercelayer.MaxResultBytes, bound: maxResult,
		list: either(f.related == "", f.noun.many, "resources"), count: f.Count,
	}
	if !f.list {
		large.list = ""
	}
	t.what, t.advice, _ = strings.Cut(large.detail(), "\n\n")
}

func refineTooMany(t *explanation, f failure) {
	count, most := thousands(f.Count), thousands(commercelayer.MaxUnlimited)
	t.what = count + " {many} match{where}. Without `limit` at most " + most + " are read."
	if f.related != "" {
		t.summary = "Too many related resources"
		t.what = "The request for {subject} has " + count + " matches. Without `limit` at most " + most + " are read."
	}
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
