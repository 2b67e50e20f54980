package provider

import (
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// An explanation is the part of a diagnostic that depends on the class of the
// error.
type explanation struct {
	// attribute is the argument that the error is about, or empty.
	attribute string
	// summary says what failed, as a noun phrase.
	summary string
	// what says in full sentences what failed. advice says what to do. Both may
	// hold the placeholders of [failure.fill].
	what, advice string
	// refine changes the explanation where it depends on more than the class. It
	// is nil if it does not.
	refine func(*explanation, failure)
}

// A failure is an error of the client, and the operation that it is about.
type failure struct {
	*commercelayer.Error
	operation
}

// explain returns the text for an error.
func explain(e *commercelayer.Error, o operation) explanation {
	f := failure{e, o}
	t, ok := wordingsOfTokenRequests[e.Class]
	if !e.TokenRequest || !ok {
		t = wordings[e.Class]
	}
	if t.refine != nil {
		t.refine(&t, f)
	}
	t.summary, t.what, t.advice = f.fill(t.summary), f.fill(t.what), f.fill(t.advice)
	return t
}

// fill replaces the placeholders of a text: those of the noun, what was asked for,
// what the failed request was to bring, the argument that selects it, the
// relationship, the organization with the mode, the client's own explanation, the
// host, and the setting that names the host.
func (f failure) fill(text string) string {
	value := f.known.Name(f.value)
	if f.attribute == "email" {
		value = maskEmail(f.value)
	}
	return strings.NewReplacer(append(f.noun.placeholders(),
		"{subject}", f.subject(), "{wanted}", either(f.TokenRequest, "an access token", f.subject()),
		"{value}", value, "{related}", f.known.Name(f.related),
		"{where}", where(f.Error), "{reason}", reason(f.Error), "{host}", f.Host,
		"{setting}", either(f.TokenRequest, attrAuthEndpoint, attrDomain),
	)...).Replace(text)
}

// wordings has the text of each class, for requests to the API. A test checks that
// no class is missing.
var wordings = map[commercelayer.Class]explanation{
	commercelayer.ErrNotFound: {
		summary: "{One} not found",
		what:    "There is no {one} with the ID \"{value}\"{where}.",
		advice: "Check the ID. If it is right, the access token may belong to another organization or another mode (test " +
			"or live) than the {one}. The API gives the same answer then.",
		refine: refineNotFound,
	},
	commercelayer.ErrNoList: {
		summary: "List of {many} not found",
		what:    "The API answered that there is no list of {many}{where}.",
		advice:  otherHost,
		refine:  elsewhere,
	},
	commercelayer.ErrNoRelationship: {
		attribute: "relationship",
		summary:   "Relationship not found",
		what:      "The {one} with the ID \"{value}\" has no relationship with the name \"{related}\"{where}.",
		advice:    "Check the name in `relationship`{reason}.",
	},
	commercelayer.ErrAmbiguous: {
		attribute: "email",
		summary:   "Several {many} found",
		advice:    "Choose one of them by its `id`, or read all of them with `commercelayer_customers` and `emails`.",
		refine: func(t *explanation, f failure) {
			t.what = thousands(f.Count) + " {many} have the e-mail address {value}: " + firstOf(f.IDs, f.Count) + "."
		},
	},
	commercelayer.ErrInvalidToken: {
		summary: "Access token not accepted",
		what:    "The API did not accept the access token of the request for {subject}{where}.",
		advice:  "The token is wrong, was revoked or belongs to another organization. " + refusedAdvice + ".",
		refine:  refineInvalidToken,
	},
	commercelayer.ErrPermission: {
		summary: "Permission missing",
		what:    "The access token is valid, but it has no permission to read {subject}{where}.",
		advice: "Use the credentials of an integration whose role is `read_only` or `admin`, or a custom role that may " +
			"read {many}. A new token of the same application does not help.",
		refine: refinePermission,
	},
	commercelayer.ErrBlocked: {
		summary: "Blocked on the way to the API",
		what: "Something on the way to the API refused the request for {subject}. The answer does not look like an answer " +
			"of the Core API{reason}. " + maybeValid,
		advice: "Look for a firewall, a proxy or an allow list of IP addresses between this machine and the API. Check " +
			"also that `domain` of the provider names the host of your organization.",
		refine: refineBlocked,
	},
	commercelayer.ErrDomainUnknown: {
		summary: "Domain missing",
		what:    domainUnknown,
		advice:  "Set `domain` in the provider block, or COMMERCELAYER_DOMAIN, to the organization's slug, such as `acme`.",
	},
	commercelayer.ErrWrongMode: {
		summary: "Wrong mode",
		what:    "The answer contradicts the access token{reason}. The answer was not used.",
		advice: "Use credentials of the mode that you mean to read. If you did, something on the way, such as a cache, " +
			"may mix up answers of the two modes.",
		refine: func(t *explanation, f failure) {
			if f.Mode != "" {
				t.what = "The provider refused to read, because its mode is set to `" + f.Mode + "`{reason}."
				t.advice = "Use credentials of the mode `" + f.Mode + "`. Or, if you mean to read the other mode, change `mode` " +
					"of the provider. Nothing was read."
			}
			if f.Reason == commercelayer.ModeUntold {
				t.advice = "The tokens of Commerce Layer and its customers name their mode. Use such a token, or leave `mode` of " +
					"the provider out. Nothing was read."
			}
		},
	},
	commercelayer.ErrBadRequest:  refused,
	commercelayer.ErrCredentials: refused,
	commercelayer.ErrFilterIgnored: {
		summary: "Filter ignored by the API",
		what:    "The API ignored the condition in the request for {subject}{reason}. The answer was not used.",
		advice: "Something between this machine and the API may drop the query, or the API may not know the filter. " +
			"Check the names of the attributes and the matchers in `filter`.",
		refine: refineFilterIgnored,
	},
	commercelayer.ErrSortIgnored: {
		attribute: "sort",
		summary:   "Sort ignored by the API",
		what:      "The API ignored the order in the request for {subject}{reason}. The answer was not used.",
		advice: "Something between this machine and the API may drop the query, such as a cache. Leave `sort` out to " +
			"read by ID. If the error persists without anything in between, please report it.",
	},
	commercelayer.ErrRateLimited: {
		summary: "Rate limit exhausted",
		what:    "The API's rate limit left no room for the request for {subject} before the deadline of the read{reason}.",
		advice: sharedLimit + " It is 25 requests in 10 seconds and 100 requests in 60 seconds for a test organization, " +
			"and twice as many for a live organization. " +
			"Raise `timeouts { read }`, run fewer plans at the same time, or read many customers with one " +
			"`commercelayer_customers`.",
	},
	commercelayer.ErrServer: {
		summary: "Server error of the API",
		what:    "The API failed to answer the request for {subject}, in every attempt.",
		advice:  outage,
		refine:  refineServerError,
	},
	commercelayer.ErrTimeout: {
		summary: "Timeout",
		what:    "There was no complete answer in time to the request for {subject}.",
		advice: "Check the network, any proxy on the way, and the API's status page. If the API is only slow, allow more " +
			"time: " + limitsOfTime,
		refine: refineTimeout,
	},
	commercelayer.ErrCanceled: {
		summary: "Read canceled",
		what:    "Reading {subject} was interrupted.",
		advice:  "Nothing was changed. Run again.",
	},
	commercelayer.ErrDNS: {
		summary: "Host not found",
		what:    "The host name {host} could not be resolved.",
		advice: "Check `domain` of the provider for typing errors. It should be the organization's slug, such as `acme`. " +
			"If it is right, check the DNS settings of this machine.",
	},
	commercelayer.ErrProxy: {
		summary: "Proxy failed",
		what:    "The proxy for {host} could not be used{reason}.",
		advice: "Check the proxy that HTTPS_PROXY names, and its user and password. If the host can be " +
			"reached without the proxy, add the host to NO_PROXY.",
	},
	commercelayer.ErrTLS: {
		summary: "TLS connection failed",
		what:    "No trusted connection to {host} could be made, so the access token was not sent.",
		advice: "Check the date of this machine and the server's certificate. If a proxy replaces the certificate with " +
			"its own, add the certificate of the proxy's authority to the system's store or to the file that SSL_CERT_FILE " +
			"names. " +
			"Verification can't be turned off.",
		refine: refineTLS,
	},
	commercelayer.ErrConnection: {
		summary: "Connection failed",
		what:    "The connection to {host} failed.",
		advice: "Check `domain` of the provider, the network and any firewall. The provider uses the proxy that " +
			"HTTPS_PROXY and NO_PROXY select: check these variables too.",
		refine: func(t *explanation, f failure) {
			if f.Status != 0 {
				t.what = "The answer of {host} could not be read to its end."
				t.advice = "Run again. If the error persists, look for a proxy, a firewall or a load balancer on the way that " +
					"cuts connections or changes answers."
			}
		},
	},
	commercelayer.ErrRedirect: {
		summary: "Redirect refused",
		what:    "The provider does not follow redirects, because it would send the access token to another address{reason}.",
		advice: "The API does not redirect. Check `{setting}` of the provider. Check also whether a proxy or a captive " +
			"portal answers instead of the API.",
		refine: func(t *explanation, f failure) {
			if f.TokenRequest {
				t.what = strings.Replace(t.what, "access token", "client credentials", 1)
			}
		},
	},
	commercelayer.ErrNotJSON:   notADocument("Answer without JSON"),
	commercelayer.ErrMediaType: notADocument("Answer of another media type"),
	commercelayer.ErrTooLarge: {
		summary: "Answer too large",
		what:    "The answer to the request for {subject} is too large, so it was not read to its end{reason}.",
		advice: "If `include` is set, name fewer relationships there. If that does not help, something other than the " +
			"Core API may be answering: check `domain` of the provider.",
	},
	commercelayer.ErrResultTooLarge: {summary: tooLargeSummary, refine: refineResultTooLarge},
	commercelayer.ErrMalformed: {
		summary: "Malformed answer",
		what: "The answer to the request for {subject} does not have the form that the API documents{reason}. The " +
			"answer was not used.",
		advice: "Run again. If the error persists, something on the way may change the answer, or the API may have " +
			"changed: please report it, with this message.",
	},
	commercelayer.ErrMismatch: {
		summary: "Answer for another resource",
		what:    "The API answered the request for {subject} with something else{reason}. The answer was not used.",
		advice: "The API, or something on the way such as a cache, may mix up answers. Run again. If the error persists, " +
			"please report it.",
		refine: func(t *explanation, f failure) { t.attribute = f.attribute },
	},
	commercelayer.ErrTooMany: {
		attribute: "filter",
		summary:   "Too many {many}",
		advice:    "Narrow `filter`, or set `limit` to the number that you want.",
		refine:    refineTooMany,
	},
	commercelayer.ErrInternal: {
		summary: "Internal error",
		what:    "Reading {subject} failed inside the provider{reason}.",
		advice:  "This is a bug of the provider: please report it, with this message and the version of the provider.",
	},
}

// refused is the text if the API refuses a request.
var refused = explanation{
	summary: "Request refused",
	what:    "The API refused the request for {subject}{where}.",
	advice:  "The API error above says why. If the configuration is right, the API may have changed: please report it.",
	refine:  refineRefused,
}

func notADocument(summary string) explanation {
	return explanation{
		summary: summary,
		what:    "The answer to the request for {subject} is not a JSON:API document{reason}.",
		advice: "Something other than the Core API seems to answer. Check `domain` of the provider. Check also whether a " +
			"proxy or a captive portal answers instead of the API.",
	}
}

// Texts that several explanations share.
const (
	// otherHost is for an answer that does not look like one of the Core API.
	otherHost = "The answer does not look like an answer of the Core API. Check that `domain` of the provider names " +
		"the host of your organization."
	// answersInstead is for an answer that comes from the wrong server.
	answersInstead = "Check `{setting}` of the provider, and look for a gateway, a proxy or the login page of a network " +
		"that answers instead."
	// refusedAdvice is for an access token that the user has set. It has no full
	// stop at its end, so that the sentence can go on.
	refusedAdvice = "Set another access token in `token` of the provider. Or set `client_id` and `client_secret`: the " +
		"provider then requests its tokens itself"
	// maybeValid is for a request that was refused by something that may know nothing
	// of the access token.
	maybeValid = "The access token may still be valid."
	// onTheWay is for a request that was refused by nobody knows whom.
	onTheWay = " If all of that is right, look for a gateway, a proxy or a firewall on the way."
	// domainUnknown says why the provider does not know the domain.
	domainUnknown = "The access token does not name its organization, so the provider does not know the domain of the API."
	// oneByOne is for an API that does not accept a list of keys.
	oneByOne = "Read the {many} one by one, with `for_each` and `commercelayer_customer`. Please also report this, " +
		"because the API should accept such a list."
	// limitsOfTime says which settings end what takes long.
	limitsOfTime = "`request_timeout` of the provider limits one attempt, and `timeouts { read }` limits the " +
		"whole read."
	outage = "This is most likely a failure at Commerce Layer. Look at its status page, and try again later. To " +
		"wait through longer outages, raise `max_retries` of the provider."
)
