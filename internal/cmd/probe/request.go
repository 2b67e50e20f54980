package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// credentials say which client credentials are sent, and how.
type credentials string

const (
	withBasic       credentials = "client credentials in HTTP Basic"
	withJSON        credentials = "client credentials in a JSON body"
	unknownInJSON   credentials = "a client that does not exist"
	unknownClientID             = "probe-no-such-client"
)

// request is one question to the API, or to the token endpoint.
type request struct {
	path   string // at the API
	params []param
	accept string      // the media type; when empty, that of JSON:API
	token  string      // when empty, the token of the organization
	grant  credentials // when set, the request asks for a token
}

// param is a query parameter. The report shows another text instead of a value
// that is secret or personal.
type param struct{ key, value, shown string }

// get makes a request for a path. The pairs are names and values of query
// parameters.
func get(path string, pairs ...string) request {
	r := request{path: path}
	return r.with(pairs...)
}

// with adds parameters.
func (r request) with(pairs ...string) request {
	r.params = slices.Clone(r.params)
	for pair := range slices.Chunk(pairs, 2) {
		r.params = append(r.params, param{pair[0], pair[1], pair[1]})
	}
	return r
}

// filter adds a filter. The report shows another text instead of its value.
func (r request) filter(predicate, value, shown string) request {
	r.params = append(slices.Clone(r.params), param{"filter[q][" + predicate + "]", value, shown})
	return r
}

// one asks for a page with one resource. It is for requests that need only the
// number of all resources, which every page has.
func (r request) one() request { return r.with("page[size]", "1") }

// shorten keeps the beginning of an ID for the report.
func shorten(id string) string { return id[:min(3, len(id))] + "…" }

// shown is the request as the report shows it.
func (r request) shown(f *facts) string {
	if r.grant != "" {
		return "POST /oauth/token with " + string(r.grant)
	}
	var b strings.Builder
	b.WriteString("GET " + f.hideIDs(r.path))
	for i, p := range r.params {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(p.key + "=" + p.shown)
	}
	switch {
	case r.token != "":
		b.WriteString(" with another token")
	case r.accept != "":
		b.WriteString(" with Accept: " + r.accept)
	}
	return b.String()
}

// answer is the answer to a request. The status is 0 when there was none.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
	doc    document
}

// document is the part of an answer that probes look at. Every part of it is
// optional.
type document struct {
	Data     json.RawMessage   `json:"data"`
	Errors   json.RawMessage   `json:"errors"`
	Included *[]identifier     `json:"included"`
	Meta     map[string]any    `json:"meta"`
	Links    map[string]string `json:"links"`
}

type identifier struct{ ID, Type string }

// maxBody is the largest number of bytes that are read of an answer.
const maxBody = 8 << 20

// get sends a request to the API when the rate limits allow it, and sends it
// again after a 429. It returns an error only when the time is over. Other errors
// are in the answer.
func (org *organization) get(ctx context.Context, r request) (a *answer, err error) {
	room := "room in the rate limits"
	for attempt := 0; ; attempt++ {
		var reservation *ratelimit.Reservation
		org.during(room, func() { reservation, err = org.pace.Reserve(ctx, nil) })
		if err != nil {
			return nil, fmt.Errorf("waiting for %s: %w", room, err)
		}
		if a = org.send(ctx, r); a.err != nil {
			reservation.Lost()
		} else {
			reservation.Answered(ratelimit.ReadAnswer(a.status, a.header, time.Now()))
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting for an answer to %s: %w", r.shown(org.facts), context.Cause(ctx))
		}
		if a.status != http.StatusTooManyRequests || attempt == 3 {
			return a, nil
		}
		room = "the rate limit, because the API refused a request"
	}
}

// send sends a request to the API without waiting for the rate limits.
func (org *organization) send(ctx context.Context, r request) *answer {
	query := url.Values{}
	for _, p := range r.params {
		query.Add(p.key, p.value)
	}
	address := org.domain.String() + r.path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	header := http.Header{
		"Accept": {cmp.Or(r.accept, jsonapi.MediaType)}, "Authorization": {"Bearer " + cmp.Or(r.token, org.token)},
	}
	at := time.Now()
	a := org.do(ctx, r, http.MethodGet, address, header, nil)
	if a.status != http.StatusTooManyRequests {
		org.sent = append(org.sent, at)
	}
	return a
}

// grant asks for a token. It returns an error only when the time is over. Other
// errors are in the answer.
func (org *organization) grant(ctx context.Context, form credentials) (*answer, error) {
	id, secret := org.clientID, org.clientSecret
	if form == unknownInJSON {
		id, secret = unknownClientID, unknownClientID
	}
	members := map[string]string{"grant_type": "client_credentials"}
	if org.scope != "" {
		members["scope"] = org.scope
	}
	header := http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
	var body []byte
	if form == withBasic {
		values := url.Values{}
		for key, value := range members {
			values.Set(key, value)
		}
		body = []byte(values.Encode())
		basic := url.QueryEscape(id) + ":" + url.QueryEscape(secret)
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(basic)))
	} else {
		members["client_id"], members["client_secret"] = id, secret
		var err error
		if body, err = json.Marshal(members); err != nil {
			return &answer{err: err}, nil //nolint:nilerr // the answer has it
		}
	}
	r := request{grant: form}
	a := org.do(ctx, r, http.MethodPost, org.endpoint.String(), header, body)
	if ctx.Err() != nil {
		return a, fmt.Errorf("waiting for an answer to %s: %w", r.shown(nil), context.Cause(ctx))
	}
	return a, nil
}

// do sends a request. The request r is only for the words about a long wait.
func (org *organization) do(
	ctx context.Context, r request, method, address string, header http.Header, body []byte,
) (a *answer) {
	//nolint:gosec // the caller says which host to ask
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return &answer{err: err}
	}
	req.Header = header
	org.during("an answer to "+r.shown(org.facts), func() { a = org.exchange(req) })
	if a.err != nil {
		a.err = quoted(a.err, redact.NewSecrets(org.token, org.clientSecret))
	}
	return a
}

// exchange sends a request and reads the answer.
func (org *organization) exchange(req *http.Request) *answer {
	res, err := org.client.Do(req) //nolint:gosec // as above
	if err != nil {
		return &answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	a := &answer{status: res.StatusCode, header: res.Header}
	if a.body, err = io.ReadAll(io.LimitReader(res.Body, maxBody)); err != nil {
		return &answer{err: err}
	}
	_ = json.Unmarshal(a.body, &a.doc)
	return a
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
	return errors.New(redact.Prose(err.Error(), secrets))
}
