package main

import (
	"encoding/json"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// codePattern matches codes of errors. Other texts must not be in the report,
// because they could hold personal data.
var codePattern = regexp.MustCompile(`^[A-Za-z_]{1,40}$`)

// code is the code of the first error in any form. It is empty when there is no
// code.
func (a *answer) code() string {
	for _, e := range jsonapi.DecodeErrors(a.body, 1) {
		if codePattern.MatchString(e.Code) {
			return e.Code
		}
	}
	return ""
}

// form describes the form in which the error is written.
func (a *answer) form() string {
	var one struct{ Status json.RawMessage }
	var many []json.RawMessage
	switch {
	case json.Unmarshal(a.doc.Errors, &many) == nil && len(many) > 0:
		_ = json.Unmarshal(many[0], &one)
		return "an array with a " + kindOf(one.Status) + " as status"
	case len(a.doc.Errors) > 0 && json.Unmarshal(a.doc.Errors, &one) == nil:
		return "one object with a " + kindOf(one.Status) + " as status"
	case a.mediaType() == "text/html":
		return "a page"
	default:
		return "something else"
	}
}

func kindOf(raw json.RawMessage) string {
	switch {
	case len(raw) == 0:
		return "nothing"
	case raw[0] == '"':
		return "string"
	default:
		return "number"
	}
}

// mediaType is the media type without parameters.
func (a *answer) mediaType() string {
	name, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	return name
}

// summary is the status and the code.
func (a *answer) summary() string {
	switch {
	case a.err != nil:
		return "no answer"
	case a.code() != "":
		return strconv.Itoa(a.status) + " " + a.code()
	default:
		return strconv.Itoa(a.status)
	}
}

// refused says whether the status is a client error, from 400 to 499.
func (a *answer) refused() bool { return a.status >= 400 && a.status < 500 }

// ok says whether the request succeeded and the answer has data.
func (a *answer) ok() bool { return a.status == http.StatusOK && len(a.doc.Data) > 0 }

// count is record_count. It is -1 when the answer has none.
func (a *answer) count() int { return a.number("record_count") }

// pages is page_count. It is -1 when the answer has none.
func (a *answer) pages() int { return a.number("page_count") }

func (a *answer) number(key string) int {
	n, ok := a.doc.Meta[key].(float64)
	if !ok {
		return -1
	}
	return int(n)
}

// remaining is the number in the header X-Ratelimit-Remaining.
func (a *answer) remaining() (int, bool) {
	n, err := strconv.Atoi(a.header.Get("X-Ratelimit-Remaining"))
	return n, err == nil
}

// customer is the part of a resource that probes look at.
type customer struct {
	ID            string                     `json:"id"`
	Attributes    map[string]json.RawMessage `json:"attributes"`
	Relationships map[string]struct {
		Data json.RawMessage `json:"data"`
	} `json:"relationships"`
	Meta struct {
		Mode         string `json:"mode"`
		Organization string `json:"organization_id"`
	} `json:"meta"`
}

// text is the value of a string attribute. It is empty when the attribute is no
// string or missing.
func (c customer) text(name string) string {
	var text string
	_ = json.Unmarshal(c.Attributes[name], &text)
	return text
}

// list reads the data of a list.
func (a *answer) list() []customer {
	var list []customer
	_ = json.Unmarshal(a.doc.Data, &list)
	return list
}

// texts lists the values of a string attribute in a list.
func (a *answer) texts(name string) []string {
	var texts []string
	for _, c := range a.list() {
		texts = append(texts, c.text(name))
	}
	return texts
}

// included tells whether an answer shows that its include was obeyed: with the
// member included, or with linkage.
func (a *answer) included() bool {
	customers := a.list()
	if len(customers) == 0 {
		customers = make([]customer, 1)
		_ = json.Unmarshal(a.doc.Data, &customers[0])
	}
	return a.doc.Included != nil || slices.ContainsFunc(customers, func(c customer) bool {
		for name := range c.Relationships {
			if c.linkage(name) != "missing" {
				return true
			}
		}
		return false
	})
}

// ids lists the IDs of a list.
func (a *answer) ids() []string { return idsOf(a.list()) }

func idsOf(list []customer) []string {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids
}

// linkage says whether the data of an included relationship is "missing", "empty"
// or "full".
func (c customer) linkage(name string) string {
	data := strings.TrimSpace(string(c.Relationships[name].Data))
	switch data {
	case "":
		return "missing"
	case "null", "[]":
		return "empty"
	default:
		return "full"
	}
}
