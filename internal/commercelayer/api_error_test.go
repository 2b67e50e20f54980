package commercelayer

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestErrorBodies(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		// Bodies that were recorded or are documented.
		"404, array": {`{"errors":[{"title":"Record not found","detail":"The requested resource was not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":"404"}]}`,
			"Record not found: The requested resource was not found. Please double-check the resource id. (RECORD_NOT_FOUND)"},
		"404, object": {`{"errors":{"title":"Record Not Found","detail":"The requested resource was not not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":404}}`,
			"Record Not Found: The requested resource was not not found. Please double-check the resource id. (RECORD_NOT_FOUND)"},
		"429":         {`{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`, "Too Many Requests (THROTTLED)"},
		"token":       {`{"errors":{"title":"invalid_client","detail":"Client authentication failed","code":"UNAUTHORIZED","status":401}}`, "invalid_client: Client authentication failed (UNAUTHORIZED)"},
		"RFC 6749":    {`{"error":"invalid_client","error_description":"Unknown client"}`, "Unknown client (invalid_client)"},
		"error alone": {`{"error":"invalid_client"}`, "invalid_client"},
		"error, list": {`{"error":[{"title":"A"}]}`, "A"},
		// Bodies made up for this test.
		"several":               {`{"errors":[{"title":"A","code":"B"},{"detail":"C"}]}`, "A (B); C"},
		"code alone":            {`{"errors":[{"code":"B"}]}`, "B"},
		"numbers":               {`{"errors":[{"code":101,"title":7}]}`, "7 (101)"},
		"members of wrong type": {`{"errors":[{"code":{},"title":["x"],"detail":"D"}]}`, "D"},
		"empty objects":         {`{"errors":[{},{"title":"A"},{}]}`, "A"},
		"null among them":       {`{"errors":[null,{"title":"A"}]}`, "A"},
		"texts in the list":     {`{"errors":["A"]}`, ""},
		"a text":                {`{"errors":"A"}`, ""},
		"null":                  {`{"errors":null}`, ""},
		"nothing":               {`{}`, ""},
		"a list":                {`[]`, ""},
		"HTML":                  {"<!DOCTYPE html><html><title>404 Not Found</title></html>", ""},
		"garbage":               {"\x00\xff{", ""},
		"empty":                 {"", ""},
		"cut off":               {`{"errors":[{"title":"A"`, ""},
		"address":               {`{"errors":[{"detail":"john@example.com is taken"}]}`, "[e-mail address] is taken"},
		"control characters":    {`{"errors":[{"title":"a\u0000\u001b[31m\nb\t c\u202e"}]}`, "a [31m b c"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var texts []string
			for _, e := range apiErrors([]byte(test.body), newScrubber()) {
				texts = append(texts, e.String())
			}
			expectEqual(t, "the text", strings.Join(texts, "; "), test.want)
		})
	}
}

func TestErrorsOfOneAnswerAreBounded(t *testing.T) {
	body := `{"errors":[` + strings.Repeat(`{"detail":"`+strings.Repeat("é", 5000)+`"},`, 100) + `{}]}`
	list := apiErrors([]byte(body), newScrubber())
	expectEqual(t, "the number of errors", len(list), maxAPIErrors)
	for _, e := range list {
		if len(e.Detail) > maxScrubOutput+len("…") || !utf8.ValidString(e.Detail) || !strings.HasSuffix(e.Detail, "…") {
			t.Fatalf("the detail has %d bytes: %q", len(e.Detail), e.Detail)
		}
	}
}

func printable(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }) {
		t.Errorf("%q cannot be shown", text)
	}
	if len(text) > maxScrubOutput+200 { // the quoted part, and the words around it
		t.Errorf("%d bytes are too many to be shown", len(text))
	}
}
