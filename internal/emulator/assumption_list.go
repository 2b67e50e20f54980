package emulator

// Ways in which several assumptions can be wrong.
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
	singleReads    = "The provider notices it and asks for each customer alone, which takes up to 25 times as long."
)

// The assumptions, with their names as options, reports and comments have them.
// Those that do most harm if they are wrong come first:
//
//   - A configuration gets customers that it did not ask for, or misses some.
//   - A read fails although it could succeed.
//   - An error says less than it could.
//   - Users of the provider notice nothing.
var (
	AssumeUnknownFilter = assume("unknown-filter",
		"A filter with an unknown attribute or an unknown matcher is refused with 400.",
		"A filter with a typing error lists all customers. The provider warns about an attribute that it does not "+
			"know. It also asks again with a value that nobody has. If the API still finds customers, the read fails.",
		Refutation{wayIgnored, "the filter is ignored, as Ransack does by default"})

	AssumeEmptyFilter = assume("empty-filter",
		"A filter with an empty value is refused with 400.",
		"Nothing changes, because the provider itself refuses an empty value. If another client sends such a filter, "+
			"the API lists all customers.",
		Refutation{wayIgnored, "the filter is ignored, as Ransack does by default"})

	AssumeKnownFilter = assume("known-filter",
		"A filter on a documented attribute is applied.",
		"The API sends customers that do not match the filter. The provider asks again with a value that nobody has. "+
			"If the API still finds customers, the read fails. Where there is no such value, it warns when the filter "+
			"matches as many customers as there are without it. A refused filter is an error.",
		Refutation{wayIgnored, "filters on attributes other than `id` and `email` are ignored"},
		Refutation{wayRefused, "filters on attributes other than `id` and `email` are refused with 400"})

	AssumeFilterControl = assume("filter-control",
		"A filter with a value that no customer has matches nobody.",
		"A filter that no customer matches lists all customers. The provider takes the filter for one that is ignored, "+
			"and the read fails.",
		Refutation{"all", "a filter that matches nobody is ignored, unless it is on `id`"})

	AssumePageSizeObeyed = assume("page-size-obeyed",
		"A page has as many customers as were asked for, unless the list ends.",
		"Nothing is lost, but lists and look-ups that share a request take more requests.",
		Refutation{"ten", "a page has ten customers, whatever was asked for"})

	AssumeSortObeyed = assume("sort-obeyed",
		"A list is in the order of its `sort`.",
		"A list with `sort` is in an arbitrary order, and with `limit` it has the wrong customers. If its "+
			"first key is `created_at`, the read fails. For other times and numbers there is a warning.",
		Refutation{wayIgnored, "`sort` is ignored"})

	AssumeIncludeObeyed = assume("include-obeyed",
		"The answer has the resources and the linkage that `include` asks for.",
		"The `data` of relationships is null, and `included` is empty. A warning says so once in a run.",
		Refutation{wayIgnored, "`include` is ignored"})

	AssumeIDGt = assume("id-gt",
		"`id_gt` is applied.",
		"Long lists can't be read in steps by ID. The provider reads them by page number instead, and warns that "+
			"it can miss customers while the list changes.",
		Refutation{wayIgnored, "`id_gt` is ignored"},
		Refutation{wayRefused, refusesWith400})

	AssumeIDGtOrder = assume("id-gt-order",
		"`id_gt` follows the order of `sort=id`.",
		"Long lists can't be read in steps by ID. The provider reads them by page number instead, and warns that "+
			"it can miss customers while the list changes.",
		Refutation{"text", "`id_gt` compares IDs as text, but `sort=id` follows the hidden number of the ID"})

	AssumeIDGtUnknown = assume("id-gt-unknown",
		"`id_gt` with an ID that never existed matches no customer.",
		"Nothing changes for lists, because the provider uses only IDs that the API sent. If your own `filter` has "+
			"a wrong ID, the result is all customers with a warning, or an error.",
		Refutation{wayIgnored, "the filter is ignored"},
		Refutation{wayRefused, refusesWith400})

	AssumeIDIn = assume("id-in",
		"`id_in` is applied to customers.",
		"Reads by ID can't share a request. "+singleReads+" `ids` fails with an error that says so.",
		Refutation{wayRefused, refusesWith400},
		Refutation{wayIgnored, "`id_in` is ignored"})

	AssumeEmailIn = assume("email-in",
		"`email_in` is applied to customers.",
		"Reads by e-mail address can't share a request. "+singleReads+" `emails` fails with an error that says so.",
		Refutation{wayRefused, refusesWith400},
		Refutation{wayIgnored, "`email_in` is ignored"})

	AssumeUnknownMembers = assume("unknown-members",
		"If no customer has one of the values of `id_in` or `email_in`, that value is left out without an error.",
		"One wrong ID or address makes the API refuse the whole request that it is in. "+singleReads+" `ids` and "+
			"`emails` with an unknown value are an error.",
		Refutation{wayRefused, "the request is refused with 400"})

	AssumeURLLength = assume("url-length",
		"A URL of 7,000 characters is served.",
		"Nothing changes for look-ups, `ids` and `emails`, because the provider keeps their URLs below 4,096 "+
			"characters. A longer `filter` of your own is an error that recommends `ids` and `emails`.",
		Refutation{wayRefused, "URLs above 4,096 characters are refused with 414"})

	AssumeExpiredToken = assume("expired-token",
		"An expired token is answered like an unknown one: 401 `INVALID_TOKEN`.",
		"A token that stops working before its expiry is not renewed, and the error names a missing permission. "+
			"Usually the provider renews a token before it expires, or reads in the token itself that it has expired.",
		Refutation{"unauthorized", "an expired token is answered with 401 `UNAUTHORIZED`"})

	AssumeForeignToken = assume("foreign-token",
		"The host of an organization answers a token of another organization like an unknown one: 401 "+
			"`INVALID_TOKEN`.",
		"If the token does not name its organization, the error says that the customer was not found.",
		Refutation{"not-found", "a token of another organization is answered with 404"})

	AssumeOtherMode = assume("other-mode",
		"A customer of the other mode is not found.",
		"A test token reads live customers by ID, or the other way round. `mode` in the provider block keeps them out.",
		Refutation{"served", "a token reads customers of both modes by ID"})

	AssumeOrganizationID = assume("organization-id",
		"The `organization_id` in `meta` is the ID of the organization that the token's claims have.",
		"Nothing changes: a difference is no error.",
		Refutation{"other", "`organization_id` in `meta` is another ID of the organization"})

	AssumeRelatedToMany = assume("related-to-many",
		"A to-many relationship's own endpoint has pages, filters and sorts.",
		"A list of more than 500 resources is an error. A shorter list is read in one request, and the provider "+
			"notices a filter that is ignored.",
		Refutation{"whole", "it sends all resources in one answer, without pages, filters and sorts"})

	AssumeRelatedToOne = assume("related-to-one",
		"A to-one relationship's own endpoint answers `{\"data\":null}` if it points to nothing.",
		"Nothing changes but one more request: the provider asks for the customer to tell the two cases apart.",
		Refutation{"not-found", "it answers 404"})

	AssumeRelatedUnknown = assume("related-unknown",
		"An unknown relationship is answered with 404, like an unknown customer.",
		"Nothing changes: the provider takes either answer for an unknown relationship, if the customer exists.",
		Refutation{wayRefused, refusesWith400})

	AssumeEmptyToMany = assume("empty-to-many",
		"The `data` of an empty to-many relationship is `[]`, if the relationship is included.",
		"The `data` of the relationship is null, which means that nobody knows. If the answer has no `included` "+
			"either, a warning says so once in a run.",
		Refutation{wayMissing, "there is no `data`"})

	AssumeEmptyToOne = assume("empty-to-one",
		"The `data` of an empty to-one relationship is `null`, if the relationship is included.",
		"The `data` of the relationship is null, which means that nobody knows. If the answer has no `included` "+
			"either, a warning says so once in a run.",
		Refutation{wayMissing, "there is no `data`"})

	AssumeFields = assume("fields",
		"With `fields[customers]` the API sends only the attributes and relationships that it names.",
		"The API sends all attributes in spite of `fields`. The state still holds only those that `fields` names.",
		Refutation{wayIgnored, "`fields[customers]` is ignored"})

	AssumeEmailEqCase = assume("email-eq-case",
		"`email_eq` is case-sensitive.",
		"A look-up also finds an address that is written in another case. `email` keeps the spelling of the "+
			"configuration.",
		Refutation{wayFolded, "it is not case-sensitive"})

	AssumeEmailInCase = assume("email-in-case",
		"`email_in` is case-sensitive.",
		"Look-ups that share a request, and `emails`, also find addresses that are written in another case.",
		Refutation{wayFolded, "it is not case-sensitive"})

	AssumeEmailContCase = assume("email-cont-case",
		"`email_cont` is case-sensitive.",
		"A filter by a part of an address also finds addresses in another case, so it finds more customers.",
		Refutation{wayFolded, "it is not case-sensitive"})

	AssumeTokenBasic = assume("token-basic",
		"The token endpoint takes client credentials in HTTP Basic.",
		"Client credentials are refused. The exception are credentials with a character that HTTP Basic would have "+
			"to encode, because the provider sends those in a JSON body first. A `token` still works.",
		Refutation{wayRefused, "they are refused with 401"})

	AssumeTokenJSON = assume("token-json",
		"The token endpoint takes client credentials in a JSON body.",
		"Nothing changes: the provider sends the credentials in HTTP Basic first, or tries that next.",
		Refutation{wayRefused, "they are refused with 401"})

	AssumeTokenError = assume("token-error",
		"The `errors` of the token endpoint are one object.",
		"Nothing changes: the provider reads an array as well.",
		Refutation{wayArray, "`errors` is an array"})

	AssumeUnknownInclude = assume("unknown-include",
		"An unknown relationship in `include` is refused with 400 `INVALID_INCLUDE`.",
		"A typing error in `include` gives no error, and the relationship is missing in the result. If no "+
			"other relationship was included, a warning says so. With another code, the error does not point at the argument.",
		Refutation{wayIgnored, "it is ignored"},
		Refutation{wayCode, "it is refused with another code"})

	AssumeUnknownSort = assume("unknown-sort",
		"An unknown attribute in `sort` is refused with 400 `INVALID_SORT_CRITERIA`.",
		"A typing error in `sort` gives no error, and the order is an arbitrary one. With another code, the error "+
			"does not point at the argument.",
		Refutation{wayIgnored, "it is ignored"},
		Refutation{wayCode, "it is refused with another code"})

	AssumeUnknownField = assume("unknown-field",
		"An unknown name in `fields[customers]` is refused with 400 `INVALID_FIELD`.",
		"A typing error in `fields` gives no error, and the attribute is null. With another code, the error does not "+
			"point at the argument.",
		Refutation{wayIgnored, "it is ignored"},
		Refutation{wayCode, "it is refused with another code"})

	AssumeUnknownParameter = assume("unknown-parameter",
		"An unknown query parameter is refused with 400 `PARAM_NOT_ALLOWED`.",
		"Nothing changes: the provider sends only documented parameters.",
		Refutation{wayIgnored, "it is ignored"},
		Refutation{wayCode, "it is refused with another code"})

	AssumeIncludeDepth = assume("include-depth",
		"`include` may go three levels deep and no deeper.",
		"If the limit is lower, the API refuses a path of three levels, and the error quotes it. The provider itself "+
			"refuses deeper paths.",
		Refutation{"deeper", "there is no limit"},
		Refutation{"shallower", "the limit is two"})

	AssumePageSize = assume("page-size",
		"A page size above 25 is refused with 400.",
		"Nothing changes: the provider never asks for more than 25.",
		Refutation{"clamped", "the page has 25 customers"},
		Refutation{"served", "the page has as many customers as were asked for"})

	AssumePagePastEnd = assume("page-past-end",
		"A page after the last one is an empty list.",
		"Nothing changes. Only a list that gets shorter while it is read by page number meets such a page. The read "+
			"then ends with a warning.",
		Refutation{"not-found", "it is answered with 404"},
		Refutation{"last", "the last page is served"})

	AssumeEmptyListPages = assume("empty-list-pages",
		"An empty list has a `page_count` of 1.",
		"Nothing changes: the provider looks at `record_count`.",
		Refutation{"zero", "its `page_count` is 0"})

	AssumeIncludedEmpty = assume("included-empty",
		"`included` is an empty array if there is nothing to include.",
		"Nothing changes: the provider takes a missing `included` for an empty one.",
		Refutation{wayMissing, "`included` is left out"})

	AssumeDefaultOrder = assume("default-order",
		"A list without `sort` is in the order of `sort=id`.",
		"Nothing changes: the provider always sends `sort`.",
		Refutation{"newest", "the list begins with the newest customer"})

	AssumeSortNulls = assume("sort-nulls",
		"Nulls come last in an ascending order and first in a descending one.",
		"In a list with `sort`, customers whose attribute is null stand at the other end.",
		Refutation{"first", "nulls come first in an ascending order"})

	AssumeMoreFilters = assume("more-filters",
		"A filter can use the attributes `shopper_reference`, `profile_id` and `has_password`.",
		"A filter on one of them is an error.",
		Refutation{wayRefused, refusesWith400})

	AssumeMatches = assume("matches-wildcards",
		"`matches` takes the wildcards `%` and `_` of SQL.",
		"A filter with wildcards finds no customer, and there is no error. Use `start`, `end` or `cont` instead.",
		Refutation{"literal", "`%` and `_` stand for themselves"})

	AssumeRateHeaders = assume("rate-headers",
		"`X-Ratelimit-Remaining` falls by one with each request.",
		"The provider can't learn how many requests others behind the same IP address send. It is answered with 429 "+
			"more often, and waits then.",
		Refutation{wayMissing, "there are no rate headers"},
		Refutation{"constant", "it always has the same value"})

	AssumeRefusedUncounted = assume("refused-uncounted",
		"A request that is refused with 429 does not count in the windows.",
		"The provider waits longer after a 429.",
		Refutation{"counted", "a refused request counts"})

	AssumeBurstRemaining = assume("burst-remaining",
		"If the burst window refuses a request, `X-Ratelimit-Remaining` still says how many requests the average "+
			"window has left.",
		"The provider believes that the average window is full. It waits up to a minute instead of ten seconds.",
		Refutation{"zero", "`X-Ratelimit-Remaining` is 0"})

	AssumeBurstEndpoint = assume("burst-endpoint",
		"The burst window counts the list, single customers and their relationships as one endpoint.",
		"Nothing changes: the provider counts them as one endpoint, which is the stricter way.",
		Refutation{"apart", "each kind of path has a burst window of its own"})

	AssumeWindowSteps = assume("window-steps",
		"A request leaves the average window exactly when it is 60 seconds old.",
		"The provider waits a little longer than it has to. A recording of 2025 shows steps of ten seconds, which "+
			"let a request leave earlier.",
		Refutation{"steps", "a request leaves at a full ten seconds of the clock, when it is 50 to 60 seconds old"})

	AssumeSuccessHeaders = assume("success-headers",
		"A 200 has the media type and the headers that were recorded in 2025.",
		"Nothing changes, as long as the media type is the one of JSON:API.",
		Refutation{"charset", "the media type has a `charset` parameter"},
		Refutation{wayMissing, "the other headers are missing"})

	AssumeNotFoundForm = assume("not-found-form",
		"The `errors` of a 404 are one object with a number as `status`, as recorded in 2025.",
		"Nothing changes: the provider reads all three forms.",
		Refutation{wayArray, "`errors` is an array, as recorded in 2024"},
		Refutation{"html", "the body is an HTML page, as recorded in 2022"})

	AssumeUnauthorizedForm = assume("unauthorized-form",
		"The `errors` of a 401 are an array with a string as `status`. The media type is the one of JSON:API with a "+
			"`charset` parameter.",
		"Nothing changes: the provider reads both forms.",
		Refutation{wayObject, "`errors` is one object with a number as `status`, and the media type is plain JSON"})

	AssumeAccept = assume("accept",
		"A request is refused with 406 if its `Accept` does not name the media type of JSON:API. Even `*/*` is refused.",
		"Nothing changes: the provider sends this `Accept`.",
		Refutation{"any", "every request is served"})

	AssumeJWTCustomClaim = assume("jwt-custom-claim",
		"`jwt_custom_claim` is null for the token of an integration.",
		"`jwt_custom_claim_json` has the value that the API sends, such as `{}`. It is null if the API leaves the "+
			"attribute out.",
		Refutation{wayObject, "it is `{}`"},
		Refutation{wayMissing, "it is left out"})

	AssumeSelf = assume("self",
		"Every valid token may read its organization and its application.",
		"Nothing changes: the provider asks for neither of them.",
		Refutation{wayRefused, "both are refused with 401 `UNAUTHORIZED`"})

	AssumeServerErrors = assume("server-errors",
		"A 500 has no body, and the body of another 5xx is an HTML page.",
		"Nothing changes: the provider looks at the status, and quotes the body if it can read it.",
		Refutation{wayObject, "their `errors` are one object, like those of a 429"})
)
