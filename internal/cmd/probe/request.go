package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// request is one question to the API, or to the token endpoint.
type request struct {
	// path is the path below /api/, with the query. Nothing in it is escaped. A
	// name in braces is a blank: it stands for a text of the organization.
	path   string
	accept string // the media type; when empty, that of JSON:API
	token  string // may be a blank; when empty, the token of the organization
	// grant says how client credentials are sent to the token endpoint. When it
	// is empty, the request is one to the API.
	grant grant
	// age is how long after the burst the request is sent, whatever the rate
	// limits say. When it is 0, the request waits for the rate limits.
	age time.Duration
}

// grant says which client credentials are sent, and how.
type grant string

const (
	withBasic       grant = "client credentials in HTTP Basic"
	withJSON        grant = "client credentials in a JSON body"
	unknownInJSON   grant = "a client that does not exist"
	unknownClientID       = "probe-no-such-client"
)

const (
	onePage      = "customers?page[size]=1" // has the number of all customers
	firstPage    = "customers?sort=id&page[size]=25"
	includedPage = firstPage + "&include=customer_group,tags"
	oneCustomer  = "customers/{id}?fields[customers]=status"
)

// gets makes requests for paths of the API.
func gets(paths ...string) []request {
	requests := make([]request, len(paths))
	for i, path := range paths {
		requests[i].path = path
	}
	return requests
}

// filters makes a request for each filter, such as status_eq=prospect. The first
// request is the list without a filter, because the numbers of customers are
// compared.
func filters(filters ...string) []request {
	requests := gets(firstPage)
	for _, filter := range filters {
		predicate, value, _ := strings.Cut(filter, "=")
		requests = append(requests, request{path: "customers?filter[q][" + predicate + "]=" + value + "&page[size]=1"})
	}
	return requests
}

// shown is the request as the report shows it.
func (org *organization) shown(r request) string {
	text := "GET /api/" + org.fill(r.path, func(b blank) string { return b.shown })
	switch {
	case r.grant != "":
		return "POST /oauth/token with " + string(r.grant)
	case r.token != "":
		return text + " with another token"
	case r.accept != "":
		return text + " with Accept: " + r.accept
	default:
		return text
	}
}

// answer asks the API or the token endpoint. What is known already is not asked
// again.
func (org *organization) answer(ctx context.Context, r request) *answer {
	if a := org.known[r.path]; a != nil {
		return a
	}
	if r.age > 0 {
		org.sleep(ctx, "the end of a minute", r.age-time.Since(org.burst.at))
	}
	if r.age > 0 || r.grant != "" {
		return org.send(ctx, r)
	}
	return org.paced(ctx, r)
}

// paced sends a request when the rate limits allow it, and sends it again after a
// 429.
func (org *organization) paced(ctx context.Context, r request) (a *answer) {
	room := "room in the rate limits"
	for range 4 {
		var reservation *ratelimit.Reservation
		var err error
		org.during(room, func() { reservation, err = org.pace.Reserve(ctx, nil) })
		if err != nil {
			return &answer{err: fmt.Errorf("waiting for %s: %w", room, err)}
		}
		a = org.send(ctx, r)
		if a.err != nil {
			reservation.Lost()
		} else {
			reservation.Answered(ratelimit.ReadAnswer(a.Status, a.header, time.Now()))
		}
		if a.Status != http.StatusTooManyRequests {
			break
		}
		room = "the rate limit, because the API refused a request"
	}
	return a
}

// send sends a request without waiting for the rate limits.
func (org *organization) send(ctx context.Context, r request) *answer {
	a := &answer{exchange: exchange{Request: org.shown(r)}}
	waits := "an answer to " + a.Request
	org.during(waits, func() { a.err = org.exchange(ctx, r, a) })
	if ctx.Err() != nil {
		a.err = fmt.Errorf("waiting for %s: %w", waits, context.Cause(ctx))
	} else if a.err != nil {
		a.err = quoted(a.err, redact.NewSecrets(org.token, org.clientSecret))
	}
	if r.grant == "" && a.Status != http.StatusTooManyRequests {
		org.accepted++
	}
	return a
}

// exchange sends a request and reads the answer.
func (org *organization) exchange(ctx context.Context, r request, a *answer) error {
	req, err := org.newRequest(ctx, r)
	if err != nil {
		return err
	}
	res, err := org.client.Do(req) //nolint:gosec // the caller says which host to ask
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	const maxBody = 8 << 20
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return err
	}
	a.read(res.StatusCode, res.Header, body)
	return nil
}

// newRequest makes a request to the API, or one for a token.
func (org *organization) newRequest(ctx context.Context, r request) (*http.Request, error) {
	if r.grant != "" {
		return org.newGrant(ctx, r)
	}
	value := func(text string) string { return org.fill(text, func(b blank) string { return b.value }) }
	path, query, _ := strings.Cut(r.path, "?")
	address := org.domain.JoinPath("api", value(path))
	values := url.Values{}
	for parameter := range strings.SplitSeq(query, "&") {
		if name, text, found := strings.Cut(parameter, "="); found {
			values.Add(name, value(text))
		}
	}
	address.RawQuery = values.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", cmp.Or(r.accept, jsonapi.MediaType))
	req.Header.Set("Authorization", "Bearer "+cmp.Or(value(r.token), org.token))
	return req, nil
}

// newGrant makes a request for a token.
func (org *organization) newGrant(ctx context.Context, r request) (*http.Request, error) {
	id, secret := org.clientID, org.clientSecret
	if r.grant == unknownInJSON {
		id, secret = unknownClientID, unknownClientID
	}
	members := map[string]string{"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
	form := url.Values{"grant_type": {"client_credentials"}}
	if org.scope != "" {
		members["scope"] = org.scope
		form.Set("scope", org.scope)
	}
	body, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	if r.grant == withBasic {
		body = []byte(form.Encode())
	}
	//nolint:gosec // the caller says which host to ask
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, org.endpoint.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	if r.grant == withBasic {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	return req, nil
}

// quoted returns an error of net/http with a text that can be shown. Its own text
// has the whole URL, and may quote what a server sent.
func quoted(err error, secrets redact.Secrets) error {
	if os.IsTimeout(err) {
		return fmt.Errorf("no answer within %s", commercelayer.DefaultRequestTimeout)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return errors.New(secrets.Prose(err.Error()))
}
