package main

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// exchange is a request with what the report shows of its answer. The status is 0
// when there was no answer.
type exchange struct {
	Request string `json:"request"`
	Status  int    `json:"status"`
	Code    string `json:"code,omitempty"`
}

// summary is the status and the code.
func (e exchange) summary() string {
	if e.Status == 0 {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code))
}

// without is the summary, and what a 200 lacks.
func (e exchange) without(what string) string {
	if e.Status == http.StatusOK {
		return e.summary() + " without " + what
	}
	return e.summary()
}

// refused says whether the status is a client error, from 400 to 499.
func (e exchange) refused() bool { return e.Status >= 400 && e.Status < 500 }

// answer is the answer to a request. The document is the part of it that probes
// look at. Every part of it is optional, and its form is itself in question.
type answer struct {
	exchange

	err    error // why there was no answer
	header http.Header
	document
	list []customer // the data
}

type document struct {
	Data     json.RawMessage
	Errors   json.RawMessage
	Included *[]struct{}
	Token    string `json:"access_token"` // of the token endpoint
	Meta     struct {
		Count int `json:"record_count"` // -1 when the answer has none
		Pages int `json:"page_count"`   // -1 when the answer has none
	}
}

// customer is the part of a resource that probes look at.
type customer struct {
	ID            string
	Attributes    map[string]json.RawMessage
	Relationships map[string]struct{ Data json.RawMessage }
	Meta          struct {
		Mode         string
		Organization string `json:"organization_id"`
	}
}

// read reads what came back. What can't be read counts as missing.
func (a *answer) read(status int, header http.Header, body []byte) {
	a.Status, a.header = status, header
	for _, e := range jsonapi.DecodeErrors(body, 1) {
		a.Code = redact.Secrets{}.Prose(e.Code)
	}
	a.Meta.Count, a.Meta.Pages = -1, -1
	_ = json.Unmarshal(body, &a.document)
	data := a.Data
	if len(data) > 0 && data[0] == '{' {
		data = slices.Concat([]byte("["), data, []byte("]"))
	}
	_ = json.Unmarshal(data, &a.list)
}

// form describes the form in which the error is written, and the kind of its status.
func (a *answer) form() (form, kind string) {
	var one struct{ Status any }
	var many []json.RawMessage
	form = "something else"
	switch {
	case json.Unmarshal(a.Errors, &many) == nil && len(many) > 0:
		form = "an array"
		_ = json.Unmarshal(many[0], &one)
	case len(a.Errors) > 0 && json.Unmarshal(a.Errors, &one) == nil:
		form = "one object"
	case a.mediaType() == "text/html":
		form = "a page"
	}
	kinds := map[string]string{"<nil>": "nothing", "string": "string", "float64": "number"}
	return form, kinds[fmt.Sprintf("%T", one.Status)]
}

// mediaType is the media type without parameters.
func (a *answer) mediaType() string {
	name, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	return name
}

// remaining is the number in the header X-Ratelimit-Remaining.
func (a *answer) remaining() (int, bool) {
	n, err := strconv.Atoi(a.header.Get("X-Ratelimit-Remaining"))
	return n, err == nil
}

// texts lists the values of a string attribute. A value is empty when the
// attribute is no string or missing.
func (a *answer) texts(name string) []string {
	texts := make([]string, len(a.list))
	for i, c := range a.list {
		_ = json.Unmarshal(c.Attributes[name], &texts[i])
	}
	return texts
}

// ids lists the IDs.
func (a *answer) ids() []string {
	ids := make([]string, len(a.list))
	for i, c := range a.list {
		ids[i] = c.ID
	}
	return ids
}

// includes tells whether the answer shows that its include was obeyed: by the
// member included, or by linkage.
func (a *answer) includes() bool {
	return a.Included != nil || slices.ContainsFunc(a.list, func(c customer) bool {
		for name := range c.Relationships {
			if c.linkage(name) != "" {
				return true
			}
		}
		return false
	})
}

// linkage is the data of a relationship as it was sent. It is empty when there is
// none.
func (c customer) linkage(name string) string { return string(c.Relationships[name].Data) }
