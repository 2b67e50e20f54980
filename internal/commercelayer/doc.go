// Package commercelayer is a client of the Commerce Layer Core API. It reads
// customers and the resources related to them, and nothing else.
//
// It knows HTTP, OAuth2, JSON:API and the API's rate limits. It knows nothing
// of Terraform. A read passes through these parts in this order:
//
//	Client      what can be read
//	lookup      which readers can share a request; package gather brings them together
//	roundTrip   the access token, a reservation, and then the request
//	sender      one request, with further attempts after some failures
//	attempt     one HTTP attempt: its timeout, its size limit, its log event
//	jsonapi     the document: its elements are counted before values are built
//	verdict     whether the document is what was asked for
//	pager       the further pages of a list, as long as the verdict misses some
//	operation   what a reader asked for; the reader's error is made of it
//
// The word answer stands for an HTTP response here, after its body was read.
// Every failure is an [*Error] of one [Class], which [errors.Is] recognizes.
package commercelayer
