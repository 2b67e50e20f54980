package emulator

// The names of the assumptions.
const (
	AssumeUnknownFilter    = "unknown-filter"
	AssumeEmptyFilter      = "empty-filter"
	AssumeKnownFilter      = "known-filter"
	AssumeIDGt             = "id-gt"
	AssumeIDGtOrder        = "id-gt-order"
	AssumeIDGtUnknown      = "id-gt-unknown"
	AssumeIDIn             = "id-in"
	AssumeEmailIn          = "email-in"
	AssumeUnknownMembers   = "unknown-members"
	AssumeURLLength        = "url-length"
	AssumeExpiredToken     = "expired-token"
	AssumeForeignToken     = "foreign-token"
	AssumeOtherMode        = "other-mode"
	AssumeRelatedToMany    = "related-to-many"
	AssumeRelatedToOne     = "related-to-one"
	AssumeRelatedUnknown   = "related-unknown"
	AssumeEmptyToMany      = "empty-to-many"
	AssumeEmptyToOne       = "empty-to-one"
	AssumeIncludedEmpty    = "included-empty"
	AssumeFields           = "fields"
	AssumeEmailEqCase      = "email-eq-case"
	AssumeEmailInCase      = "email-in-case"
	AssumeEmailContCase    = "email-cont-case"
	AssumeTokenBasic       = "token-basic"
	AssumeTokenJSON        = "token-json"
	AssumeTokenError       = "token-error"
	AssumeUnknownInclude   = "unknown-include"
	AssumeUnknownSort      = "unknown-sort"
	AssumeUnknownField     = "unknown-field"
	AssumeUnknownParameter = "unknown-parameter"
	AssumeIncludeDepth     = "include-depth"
	AssumePageSize         = "page-size"
	AssumePagePastEnd      = "page-past-end"
	AssumeEmptyListPages   = "empty-list-pages"
	AssumeDefaultOrder     = "default-order"
	AssumeSortNulls        = "sort-nulls"
	AssumeMoreFilters      = "more-filters"
	AssumeMatches          = "matches-wildcards"
	AssumeRateHeaders      = "rate-headers"
	AssumeRefusedUncounted = "refused-uncounted"
	AssumeBurstRemaining   = "burst-remaining"
	AssumeBurstEndpoint    = "burst-endpoint"
	AssumeWindowSteps      = "window-steps"
	AssumeSuccessHeaders   = "success-headers"
	AssumeNotFoundForm     = "not-found-form"
	AssumeUnauthorizedForm = "unauthorized-form"
	AssumeAccept           = "accept"
	AssumeJWTCustomClaim   = "jwt-custom-claim"
	AssumeSelf             = "self"
	AssumeServerErrors     = "server-errors"
)

// Ways that several assumptions can be wrong in.
const (
	wayIgnored = "ignored"
	wayRefused = "refused"
	wayMissing = "missing"
	wayCode    = "code"
	wayFolded  = "folded"
	wayObject  = "object"
	wayArray   = "array"
)

const (
	refusesWith400 = "it is refused with 400"
	singleReads    = "the provider notices, and asks for each customer alone: slower by up to 25 times"
)

// assumptions, by harm. In the first group a configuration could get customers
// it did not ask for, or miss some; in the second a read fails that need not;
// in the third an error says less than it could; the last costs nobody a thing.
var assumptions = []Assumption{
	{
		AssumeUnknownFilter,
		"A filter on an attribute, or with a matcher, that does not exist is refused with 400.",
		"A filter with a typing error lists every customer. The provider warns: of an attribute that it does not " +
			"know, and when as many customers match as there are without the filter.",
		[]Refutation{{wayIgnored, "the filter is ignored, as Ransack does by default"}},
	},
	{
		AssumeEmptyFilter,
		"A filter with an empty value is refused with 400.",
		"Nothing: the provider refuses an empty value itself. Sent by another client, such a filter lists every customer.",
		[]Refutation{{wayIgnored, "the filter is ignored, as Ransack does by default"}},
	},
	{
		AssumeKnownFilter,
		"A filter on a documented attribute is applied.",
		"Customers come that a filter does not fit. Where the provider can compare them with the filter, it fails; " +
			"where it can't, it warns when as many match as there are without the filter. A refused filter is an error.",
		[]Refutation{
			{wayIgnored, "filters on attributes other than `id` and `email` are ignored"},
			{wayRefused, "filters on attributes other than `id` and `email` are refused with 400"},
		},
	},
	{
		AssumeIDGt,
		"`id_gt` is applied.",
		"Long lists can't be walked by ID: the provider turns to page numbers, with a warning that customers " +
			"may be missed while the list changes.",
		[]Refutation{{wayIgnored, "`id_gt` is ignored"}, {wayRefused, refusesWith400}},
	},
	{
		AssumeIDGtOrder,
		"`id_gt` follows the order of `sort=id`.",
		"Long lists can't be walked by ID: the provider turns to page numbers, with a warning that customers " +
			"may be missed while the list changes.",
		[]Refutation{{"text", "`id_gt` compares IDs as text, `sort=id` follows the hidden number"}},
	},
	{
		AssumeIDGtUnknown,
		"`id_gt` with an ID that never was matches nobody.",
		"Nothing for lists: the provider names only IDs that the API itself sent. A filter of your own with " +
			"a wrong ID lists everybody, with a warning, or is an error.",
		[]Refutation{{wayIgnored, "the filter is ignored"}, {wayRefused, refusesWith400}},
	},
	{
		AssumeIDIn,
		"`id_in` is applied to customers.",
		"Reads by ID can't travel together: " + singleReads + ". `ids` is an error that says so.",
		[]Refutation{{wayRefused, refusesWith400}, {wayIgnored, "`id_in` is ignored"}},
	},
	{
		AssumeEmailIn,
		"`email_in` is applied to customers.",
		"Reads by e-mail address can't travel together: " + singleReads + ". `emails` is an error that says so.",
		[]Refutation{{wayRefused, refusesWith400}, {wayIgnored, "`email_in` is ignored"}},
	},
	{
		AssumeUnknownMembers,
		"A member of `id_in` or `email_in` that no customer has is left out without an error.",
		"One wrong ID or address has the list refused that it travels in: " + singleReads + ". `ids` and `emails` " +
			"with an unknown member are an error.",
		[]Refutation{{wayRefused, "the list is refused with 400"}},
	},
	{
		AssumeURLLength,
		"A URL of 7,000 characters is served.",
		"Nothing for look-ups, `ids` and `emails`: the provider keeps their URLs below 4,096 characters. A longer " +
			"`filter` of your own is an error that points to `ids` and `emails`.",
		[]Refutation{{wayRefused, "URLs above 4,096 characters are refused with 414"}},
	},
	{
		AssumeExpiredToken,
		"An expired token is answered like an unknown one: 401 `INVALID_TOKEN`.",
		"A token that ends before its time is not renewed, and the error speaks of a missing permission. The " +
			"provider renews tokens before they end, and tells by the token itself that it has expired.",
		[]Refutation{{"unauthorized", "an expired token is answered with 401 `UNAUTHORIZED`"}},
	},
	{
		AssumeForeignToken,
		"A token of another organization is answered like an unknown one, by each organization's host: 401 " +
			"`INVALID_TOKEN`.",
		"Where a token does not say whose it is, the error speaks of a customer who was not found.",
		[]Refutation{{"not-found", "a token of another organization is answered with 404"}},
	},
	{
		AssumeOtherMode,
		"A customer of the other mode is not found.",
		"A test token reads live customers by ID, or the other way round. `mode` in the provider block keeps them out.",
		[]Refutation{{"served", "a token reads customers of both modes by ID"}},
	},
	{
		AssumeRelatedToMany,
		"A to-many relationship's own endpoint has pages, filters and sorts.",
		"A list of more than 500 is an error. A shorter one is read whole, and a filter that is ignored is noticed.",
		[]Refutation{{"whole", "it answers with everything at once"}},
	},
	{
		AssumeRelatedToOne,
		"A to-one relationship's own endpoint answers `{\"data\":null}` where there is nothing.",
		"Nothing: the provider asks for the customer, which takes one more request.",
		[]Refutation{{"not-found", "it answers 404"}},
	},
	{
		AssumeRelatedUnknown,
		"A relationship that does not exist is answered with 404, like a customer who does not.",
		"Nothing: the provider asks for the customer, which takes one more request.",
		[]Refutation{{wayRefused, refusesWith400}},
	},
	{
		AssumeEmptyToMany,
		"An empty to-many relationship is `[]` once it is included.",
		"Nothing: the provider takes a missing one for an empty one.",
		[]Refutation{{wayMissing, "it has no `data`"}},
	},
	{
		AssumeEmptyToOne,
		"An empty to-one relationship is `null` once it is included.",
		"Nothing: the provider takes a missing one for an empty one.",
		[]Refutation{{wayMissing, "it has no `data`"}},
	},
	{
		AssumeFields,
		"`fields[customers]` limits what comes to what it names.",
		"`fields` keeps nothing out of what the API sends. The provider leaves out of the state what was not " +
			"asked for.",
		[]Refutation{{wayIgnored, "it is ignored"}},
	},
	{
		AssumeEmailEqCase,
		"`email_eq` tells upper from lower case.",
		"A look-up also finds an address that is written in another case. `email` keeps the spelling of the " +
			"configuration.",
		[]Refutation{{wayFolded, "it does not"}},
	},
	{
		AssumeEmailInCase,
		"`email_in` tells upper from lower case.",
		"Look-ups that travel together, and `emails`, also find addresses in another case.",
		[]Refutation{{wayFolded, "it does not"}},
	},
	{
		AssumeEmailContCase,
		"`email_cont` tells upper from lower case.",
		"A filter by part of an address finds more customers than one written with the case in mind.",
		[]Refutation{{wayFolded, "it does not"}},
	},
	{
		AssumeTokenBasic,
		"The token endpoint takes client credentials in HTTP Basic.",
		"Client credentials are refused, unless they have a character that HTTP Basic would have to encode: those " +
			"are sent as JSON first. A token still works.",
		[]Refutation{{wayRefused, "they are refused with 401"}},
	},
	{
		AssumeTokenJSON,
		"The token endpoint takes client credentials in a JSON body.",
		"Nothing: the provider sends HTTP Basic, or tries that next.",
		[]Refutation{{wayRefused, "they are refused with 401"}},
	},
	{
		AssumeTokenError,
		"The token endpoint's errors are one object.",
		"Nothing: the provider reads an array as well.",
		[]Refutation{{wayArray, "they are an array"}},
	},
	{
		AssumeUnknownInclude,
		"An unknown relationship in `include` is refused with 400 `INVALID_INCLUDE`.",
		"A typing error in `include` shows as a relationship that is not there, or the error does not point at the argument.",
		[]Refutation{{wayIgnored, "it is ignored"}, {wayCode, "the code is another"}},
	},
	{
		AssumeUnknownSort,
		"An unknown attribute in `sort` is refused with 400 `INVALID_SORT_CRITERIA`.",
		"A typing error in `sort` gives some order, without a word, or the error does not point at the argument.",
		[]Refutation{{wayIgnored, "it is ignored"}, {wayCode, "the code is another"}},
	},
	{
		AssumeUnknownField,
		"An unknown name in `fields[customers]` is refused with 400 `INVALID_FIELD`.",
		"A typing error in `fields` shows as a null, or the error does not point at the argument.",
		[]Refutation{{wayIgnored, "it is ignored"}, {wayCode, "the code is another"}},
	},
	{
		AssumeUnknownParameter,
		"An unknown query parameter is refused with 400 `PARAM_NOT_ALLOWED`.",
		"Nothing: the provider sends documented parameters only.",
		[]Refutation{{wayIgnored, "it is ignored"}, {wayCode, "the code is another"}},
	},
	{
		AssumeIncludeDepth,
		"`include` may go three levels deep and no deeper.",
		"Paths of three levels are refused, with the API's own error. The provider refuses deeper ones itself.",
		[]Refutation{{"deeper", "there is no limit"}, {"shallower", "the limit is two"}},
	},
	{
		AssumePageSize,
		"A page size above 25 is refused with 400.",
		"Nothing: the provider asks for 25.",
		[]Refutation{{"clamped", "25 are served"}, {"served", "as many as asked for are served"}},
	},
	{
		AssumePagePastEnd,
		"A page behind the last is an empty list.",
		"Nothing: a list that shrinks while it is read by page number ends there, with a warning.",
		[]Refutation{{"not-found", "it is answered with 404"}, {"last", "the last page is served"}},
	},
	{
		AssumeEmptyListPages,
		"An empty list has a `page_count` of 1.",
		"Nothing: the provider goes by `record_count`.",
		[]Refutation{{"zero", "it has 0"}},
	},
	{
		AssumeIncludedEmpty,
		"`included` is there, empty, when nothing was found to include.",
		"Nothing: the provider takes a missing one for an empty one.",
		[]Refutation{{wayMissing, "it is left out"}},
	},
	{
		AssumeDefaultOrder,
		"A list without `sort` is in the order of `sort=id`.",
		"Nothing: the provider always sends an order.",
		[]Refutation{{"newest", "it begins with the newest"}},
	},
	{
		AssumeSortNulls,
		"Nulls come last in an ascending order and first in a descending one.",
		"Customers without the attribute are at the other end of a list with `sort`.",
		[]Refutation{{"first", "nulls come first in an ascending order"}},
	},
	{
		AssumeMoreFilters,
		"`shopper_reference`, `profile_id` and `has_password` can be filtered by.",
		"A filter on them is an error.",
		[]Refutation{{wayRefused, refusesWith400}},
	},
	{
		AssumeMatches,
		"`matches` takes the wildcards `%` and `_` of SQL.",
		"A filter with wildcards finds nobody, without a word. Use `start`, `end` or `cont` instead.",
		[]Refutation{{"literal", "it compares them as they are"}},
	},
	{
		AssumeRateHeaders,
		"`X-Ratelimit-Remaining` falls by one with each request.",
		"The provider can't learn what others behind the same address use, and meets 429 more often. It waits then.",
		[]Refutation{{wayMissing, "there are no rate headers"}, {"constant", "it always says the same"}},
	},
	{
		AssumeRefusedUncounted,
		"A refused request does not count in the windows.",
		"Waiting after a 429 takes longer.",
		[]Refutation{{"counted", "refused requests count"}},
	},
	{
		AssumeBurstRemaining,
		"A refusal by the burst window says in `X-Ratelimit-Remaining` what is left of the average window.",
		"The provider believes that the longer window is full and waits up to a minute instead of ten seconds.",
		[]Refutation{{"zero", "it says 0"}},
	},
	{
		AssumeBurstEndpoint,
		"The list, single customers and their relationships are one endpoint to the burst window.",
		"Nothing: the provider counts them as one, which is stricter.",
		[]Refutation{{"apart", "each kind of path has a burst window of its own"}},
	},
	{
		AssumeWindowSteps,
		"A request leaves the average window exactly when it is 60 seconds old.",
		"Nothing: the provider waits a little longer than it had to. Recorded in 2025 are steps of ten " +
			"seconds, which is looser.",
		[]Refutation{{"steps", "requests leave at the full ten seconds, when they are 50 to 60 seconds old"}},
	},
	{
		AssumeSuccessHeaders,
		"A 200 has the media type and the headers that were recorded in 2025.",
		"Nothing, as long as the media type is JSON:API's.",
		[]Refutation{{"charset", "the media type names a charset"}, {wayMissing, "the other headers are missing"}},
	},
	{
		AssumeNotFoundForm,
		"A 404 is one object with a numeric status, as recorded in 2025.",
		"Nothing: the provider reads all three forms.",
		[]Refutation{{wayArray, "it is an array, as recorded in 2024"}, {"html", "it is a page, as recorded in 2022"}},
	},
	{
		AssumeUnauthorizedForm,
		"A 401 is an array of errors with a string as status, in JSON:API's media type with a charset.",
		"Nothing: the provider reads both forms.",
		[]Refutation{{wayObject, "it is one object with a numeric status, as plain JSON"}},
	},
	{
		AssumeAccept,
		"A request whose `Accept` does not name JSON:API's media type is refused with 406, `*/*` too.",
		"Nothing: the provider names it.",
		[]Refutation{{"any", "every request is served"}},
	},
	{
		AssumeJWTCustomClaim,
		"`jwt_custom_claim` is null for the token of an integration.",
		"`jwt_custom_claim_json` is `{}` or whatever the API sends instead of null.",
		[]Refutation{{wayObject, "it is `{}`"}, {wayMissing, "it is left out"}},
	},
	{
		AssumeSelf,
		"Every valid token may read its organization and its application.",
		"Nothing: the provider asks for neither.",
		[]Refutation{{wayRefused, "both are refused with 401 `UNAUTHORIZED`"}},
	},
	{
		AssumeServerErrors,
		"A 500 has no body, and other 5xx an HTML page.",
		"Nothing: the provider goes by the status and quotes what it can read.",
		[]Refutation{{wayObject, "they are one object, like a 429"}},
	},
}
