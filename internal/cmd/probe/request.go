package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
)

const mediaType = "application/vnd.api+json"

// credentials say how client credentials are sent.
type credentials string

const (
	withBasic       credentials = "client credentials in HTTP Basic"
	withJSON        credentials = "client credentials in a JSON body"
	unknownInJSON   credentials = "a client that does not exist"
	unknownClientID             = "probe-no-such-client"
)

// request is one question to the API, or to the token endpoint.
type request struct {
	path   string // of the API
	params []param
	accept string      // "" for JSON:API's media type
	token  string      // "" for the organization's own
	grant  credentials // a request for a token instead
}

// param is a query parameter. What is secret, or belongs to somebody, is shown
// as something else.
type param struct{ key, value, shown string }

// get asks for a path; pairs are query parameters.
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

// filter adds a filter whose value is shown as something else.
func (r request) filter(predicate, value, shown string) request {
	r.params = append(slices.Clone(r.params), param{"filter[q][" + predicate + "]", value, shown})
	return r
}

// one adds the smallest page: the answer's count is what is asked for.
func (r request) one() request { return r.with("page[size]", "1") }

// shorten shows an ID without telling it.
func shorten(id string) string { return id[:min(3, len(id))] + "…" }

// shown is the request as the report has it.
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

// answer is what came back; status 0 means that nothing did.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
	doc    document
}

// document is what probes look at. Everything is optional.
type document struct {
	Data     json.RawMessage   `json:"data"`
	Errors   json.RawMessage   `json:"errors"`
	Included *[]identifier     `json:"included"`
	Meta     map[string]any    `json:"meta"`
	Links    map[string]string `json:"links"`
}

type identifier struct{ ID, Type string }

// maxBody bounds what is read of an answer.
const maxBody = 8 << 20

// get sends a request to the API when the limits have room for it, and again
// after a refusal. The error is that of the context: everything else is in the
// answer.
func (org *organization) get(ctx context.Context, r request) (*answer, error) {
	for attempt := 0; ; attempt++ {
		place, err := org.pace.Reserve(ctx, nil)
		if err != nil {
			return nil, fmt.Errorf("waiting for the rate limit: %w", err)
		}
		a := org.send(ctx, r)
		if a.err != nil {
			place.Lost()
		} else {
			place.Answered(ratelimit.ReadAnswer(a.status, a.header, time.Now()))
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("asking: %w", ctx.Err())
		}
		if a.status != http.StatusTooManyRequests || attempt == 3 {
			return a, nil
		}
	}
}

// send sends a request to the API now.
func (org *organization) send(ctx context.Context, r request) *answer {
	query := url.Values{}
	for _, p := range r.params {
		query.Add(p.key, p.value)
	}
	address := org.base + r.path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	//nolint:gosec // whom to ask is what the caller says
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return &answer{err: err}
	}
	req.Header.Set("Accept", mediaType)
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	token := org.token
	if r.token != "" {
		token = r.token
	}
	req.Header.Set("Authorization", "Bearer "+token)
	at := time.Now()
	a := org.do(req)
	if a.status != http.StatusTooManyRequests {
		org.sent = append(org.sent, at)
	}
	return a
}

// grant asks for a token. The error, if it is not the context's, is in the
// answer too.
func (org *organization) grant(ctx context.Context, form credentials) (*answer, error) {
	id, secret := org.clientID, org.clientSecret
	if form == unknownInJSON {
		id, secret = unknownClientID, unknownClientID
	}
	members := map[string]string{"grant_type": "client_credentials"}
	if org.scope != "" {
		members["scope"] = org.scope
	}
	contentType := "application/json"
	var body []byte
	if form == withBasic {
		contentType = "application/x-www-form-urlencoded"
		values := url.Values{}
		for key, value := range members {
			values.Set(key, value)
		}
		body = []byte(values.Encode())
	} else {
		members["client_id"], members["client_secret"] = id, secret
		var err error
		if body, err = json.Marshal(members); err != nil {
			return &answer{err: err}, fmt.Errorf("writing the credentials: %w", err)
		}
	}
	//nolint:gosec // whom to ask is what the caller says
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, org.tokenEndpoint(), bytes.NewReader(body))
	if err != nil {
		return &answer{err: err}, fmt.Errorf("making a request: %w", err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/json")
	if form == withBasic {
		req.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	a := org.do(req)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("asking: %w", ctx.Err())
	}
	return a, a.err
}

func (org *organization) do(req *http.Request) *answer {
	res, err := org.client.Do(req) //nolint:gosec // as above
	if err != nil {
		// The error of the client quotes the whole address, and with it what
		// belongs to somebody.
		var wrapped *url.Error
		if ok := asURLError(err, &wrapped); ok {
			err = wrapped.Err
		}
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
