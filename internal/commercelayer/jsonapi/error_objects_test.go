package jsonapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

func TestErrorBodies(t *testing.T) {
	// The texts are status, code, title and detail.
	for body, want := range map[string]string{
		// Bodies that were recorded or are documented.
		`{"errors":[{"title":"Record not found","detail":"Please double-check.","code":"RECORD_NOT_FOUND",` +
			`"status":"404"}]}`: "404|RECORD_NOT_FOUND|Record not found|Please double-check.",
		`{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`: "429|THROTTLED|Too Many Requests|",
		`{"error":"invalid_client","error_description":"Unknown client"}`:          "|invalid_client||Unknown client",
		`{"error":[{"title":"A"}]}`: "||A|",
		`{"error":{"title":"A"}}`:   "||A|",
		// Bodies made up for this test.
		`{"errors":[{"title":"A","code":"B"},{"detail":"C"}]}`:              "|B|A|; |||C",
		`{"errors":[{"code":{},"title":["x"],"detail":"D","status":true}]}`: "|||D",
		`{"errors":[null,"x",7,[{"title":"Z"}],{},{"title":"A"}]}`:          "||A|",
		`{"errors":[{"Title":"A","CODE":"B","detail":"D"}]}`:                "|||D",
		`{"errors":[{"title":"raw <b>\u0040\n"}]}`:                          "||raw <b>@\n|",
		"{\"errors\":[{\"title\":\"a\xffb\"}]}":                             "||a\uFFFDb|",
		"\uFEFF{\"errors\":[{\"title\":\"A\"}]} ":                           "||A|",
		`{"errors":[],"error":"e"}`:                                         "|e||",
		`{"errors":[{"title":"A"}],"error":"e"}`:                            "||A|",
		`{"error":7,"error_description":[]}`:                                "|7||",
		`{"errors":["A"]}`:                                                  "",
		`{"Errors":[{"title":"A"}]}`:                                        "",
		`{"error_description":"A"}`:                                         "",
		`[]`:                                                                "",
		"<!DOCTYPE html><title>404 Not Found</title>":                       "",
		`{"errors":[{"title":"A"`:                                           "",
	} {
		var texts []string
		for _, e := range jsonapi.DecodeErrors([]byte(body), 10) {
			texts = append(texts, strings.Join([]string{e.Status, e.Code, e.Title, e.Detail}, "|"))
		}
		equal(t, body, strings.Join(texts, "; "), want)
	}
}

func TestNoMoreErrorsAreKeptThanAskedFor(t *testing.T) {
	for n := 1; n < 4; n++ {
		for _, body := range []string{
			`{"errors":[{},{"title":"1"},{"title":"2"},{"title":"3"},{"title":"4"}]}`,
			`{"error":[{"title":"1"},{"title":"2"},{"title":"3"}]}`,
		} {
			equal(t, fmt.Sprint(body, n), len(jsonapi.DecodeErrors([]byte(body), n)), n)
		}
	}
}
