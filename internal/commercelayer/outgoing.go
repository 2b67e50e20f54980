package commercelayer

import (
	"net/http"
	"net/url"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// An outgoing is a request together with what it needs to be sent.
type outgoing struct {
	*request
	// http is the HTTP request without its body. Each attempt sends a copy.
	http *http.Request
	body []byte
	// token is set if the request asks for an access token.
	token bool
	// secrets are the token or the secret that was sent, since the server may
	// quote it.
	secrets redact.Secrets
}

// newOutgoing returns a request to a host. net/http by itself sends a request
// again whose connection was kept alive and breaks, unless it has a body that
// can't be read twice. So each request has such a body, though that of a GET is
// empty. Without the encoding, net/http would test for up to 200 ms whether it
// is. Neither adds a header.
func newOutgoing(method string, base *url.URL, r *request, header http.Header, body []byte) *outgoing {
	target := &url.URL{Scheme: base.Scheme, Host: base.Host, RawPath: r.path, RawQuery: r.query.Encode()}
	target.Path, _ = url.PathUnescape(r.path) // a path of ours is never malformed
	return &outgoing{request: r, body: body, http: &http.Request{
		Method: method, URL: target, Header: header,
		ContentLength: int64(len(body)), TransferEncoding: []string{"identity"},
	}}
}
