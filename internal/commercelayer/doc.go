// Package commercelayer is a client of the Commerce Layer Core API that reads
// customers and what belongs to them, and nothing else.
//
// It knows HTTP, OAuth2, JSON:API and the API's rate limits, and nothing of
// Terraform. A read goes this road, and no part of it twice:
//
//	Client      what can be read, and what an answer must hold
//	lookup      which readers can share a request; package gather brings them together
//	road        the access token, a place within the limits, and then the request
//	attempts    one request, sent as often as it takes
//	attempt     one HTTP attempt: its timeout, its bound, its log event
//	jsonapi     the document, counted before it is built
//	question    what a reader asked; with the progress of its fetch it makes the error
//
// Every failure is an [*Error] of one [Class], to be told apart with [errors.Is].
package commercelayer
