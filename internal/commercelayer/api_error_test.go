package commercelayer

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestErrorBodies(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		// Recorded or documented.
		"404, array": {`{"errors":[{"title":"Record not found","detail":"The requested resource was not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":"404"}]}`,
			"Record not found: The requested resource was not found. Please double-check the resource id. (RECORD_NOT_FOUND)"},
		"404, object": {`{"errors":{"title":"Record Not Found","detail":"The requested resource was not not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":404}}`,
			"Record Not Found: The requested resource was not not found. Please double-check the resource id. (RECORD_NOT_FOUND)"},
		"429":         {`{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`, "Too Many Requests (THROTTLED)"},
		"token":       {`{"errors":{"title":"invalid_client","detail":"Client authentication failed","code":"UNAUTHORIZED","status":401}}`, "invalid_client: Client authentication failed (UNAUTHORIZED)"},
		"RFC 6749":    {`{"error":"invalid_client","error_description":"Unknown client"}`, "Unknown client (invalid_client)"},
		"error alone": {`{"error":"invalid_client"}`, "invalid_client"},
		"error, list": {`{"error":[{"title":"A"}]}`, "A"},
		// Made up.
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
		if len(e.Detail) < maxCleanBytes || len(e.Detail) > maxCleanBytes+len("…") || !utf8.ValidString(e.Detail) || !strings.HasSuffix(e.Detail, "…") {
			t.Fatalf("the detail has %d bytes: %q", len(e.Detail), e.Detail)
		}
	}
}

func TestRedact(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzUxMiJ9.eyJ0ZXN0Ijp0cnVlfQ.c2lnbmF0dXJl"
	for text, want := range map[string]string{
		"no secret":                                "no secret",
		"john@example.com":                         "[e-mail address]",
		"Is john+tag@sub.example.com taken?":       "Is [e-mail address] taken?",
		"<john@example.com>, \"ann@example.com\"":  "<[e-mail address]>, \"[e-mail address]\"",
		"/api/customers/john%40example.com":        "/api/customers/[e-mail address]",
		"filter[q][email_eq]=jürgen@example.com&x": "filter[q][email_eq]=[e-mail address]&x",
		"john@localhost":                           "[e-mail address]",
		"Bearer " + jwt:                            "Bearer [token]",
		"cut off: " + jwt[:30]:                     "cut off: [token]",
		"http://user:pa/ss@proxy:3128":             "http://proxy:3128",
		`invalid proxy "http://u:p%40@proxy:x"`:    `invalid proxy "http://proxy:x"`,
		"@ alone":                                  "@ alone",
	} {
		expectEqual(t, fmt.Sprintf("the redacted form of %q", text), Redact(text), want)
	}
}

func TestCleanMakesOneLineOfText(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		" a \r\n\t b ":        "a b",
		"a\x00b":              "a b",
		"a\xffb":              "a�b",
		"ümlaut – and 漢字":     "ümlaut – and 漢字",
		"right\u202eto left":  "right to left",
		"\u2028line\u2029end": "line end",
	} {
		expectEqual(t, fmt.Sprintf("the clean form of %q", text), clean(text), want)
	}
}

// An address that the bound cuts in two must not show its first half.
func TestCleanRedactsBeforeItCuts(t *testing.T) {
	for n := range 40 {
		text := clean(strings.Repeat("x ", (maxCleanBytes-n)/2) + "john.doe@example.com and more")
		if strings.Contains(text, "john") || strings.Contains(text, "example") {
			t.Fatalf("%d bytes before the bound: …%s", n, text[len(text)-30:])
		}
	}
}

func TestCleanRedactsWhatEndsFarAway(t *testing.T) {
	for n := range 40 {
		text := clean(strings.Repeat(" ", 4*maxCleanBytes-n) + "john.doe@example.com and more")
		if strings.Contains(text, "john") {
			t.Fatalf("%d bytes before the first bound: %s", n, text)
		}
	}
}

// printable fails unless a text is one line that can be shown.
func printable(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }) {
		t.Errorf("%q cannot be shown", text)
	}
	if len(text) > maxCleanBytes+200 { // what is quoted, and the words around it
		t.Errorf("%d bytes are too many to be shown", len(text))
	}
}
