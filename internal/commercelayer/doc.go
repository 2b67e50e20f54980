// Package commercelayer is a client of the Commerce Layer Core API that reads
// customers, and nothing else.
//
// It knows HTTP, OAuth2, JSON:API and the API's rate limits, and nothing of
// Terraform. A read passes these layers, from the caller down:
//
//	Client        what can be read, and what an answer must hold
//	batcher       readers by id that wait together share one list request
//	tokenSource   the access token, fetched once and renewed in time
//	sender        retries, on go-retryablehttp
//	attempt       one HTTP attempt: its timeout, its bound, its log event
//	Governor      a place in both sliding windows before anything is sent
//
// Every failure is an [*Error] that carries one of the Err… sentinels, to be
// told apart with [errors.Is].
package commercelayer
