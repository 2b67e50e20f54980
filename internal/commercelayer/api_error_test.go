package commercelayer

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

func TestErrorBodies(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		// Bodies that were recorded or are documented.
		"404, array": {`{"errors":[{"title":"Record not found","detail":"The requested resource was not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":"404"}]}`,
			"Record not found: The requested resource was not found. Please double-check the resource id. (RECORD_NOT_FOUND)"},
		"404, object": {`{"errors":{"title":"Record Not Found","detail":"The requested resource was not not found. Please double-check the resource id.","code":"RECORD_NOT_FOUND","status":404}}`,
			"Record Not Found: The requested resource was not not found. Please double-check the resource id. (RECORD_NOT_FOUND)"},
		"429":                {`{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`, "Too Many Requests (THROTTLED)"},
		"token":              {`{"errors":{"title":"invalid_client","detail":"Client authentication failed","code":"UNAUTHORIZED","status":401}}`, "invalid_client: Client authentication failed (UNAUTHORIZED)"},
		"several":            {`{"errors":[{"title":"A","code":"B"},{"detail":"C"}]}`, "A (B); C"},
		"address":            {`{"errors":[{"detail":"john@example.com is taken"}]}`, "[…] is taken"},
		"control characters": {`{"errors":[{"title":"a\u0000\u001b[31m\nb\t c\u202e"}]}`, "[…] b […]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var texts []string
			for _, e := range apiErrors([]byte(test.body), redact.Secrets{}) {
				texts = append(texts, e.String())
			}
			expectEqual(t, "the text", strings.Join(texts, "; "), test.want)
		})
	}
}

// maxQuote is the greatest length in bytes of a quoted text.
const maxQuote = 310

func TestErrorsOfOneAnswerAreBounded(t *testing.T) {
	body := `{"errors":[` + strings.Repeat(`{"detail":"`+strings.Repeat("é ", 5000)+`"},`, 100) + `{}]}`
	list := apiErrors([]byte(body), redact.Secrets{})
	expectEqual(t, "the number of errors", len(list), maxAPIErrors)
	for _, e := range list {
		if len(e.Detail) > maxQuote || !utf8.ValidString(e.Detail) || !strings.HasSuffix(e.Detail, "…") {
			t.Fatalf("the detail has %d bytes: %q", len(e.Detail), e.Detail)
		}
	}
}

func printable(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }) {
		t.Errorf("%q cannot be shown", text)
	}
	if len(text) > maxQuote+200 { // the quoted part, and the words around it
		t.Errorf("%d bytes are too many to be shown", len(text))
	}
}

// A part of a secret in one text may be too short to be recognized.
func TestASecretSpreadOverTheTextsOfAnErrorIsWithheld(t *testing.T) {
	const secret = "kdhwqpzmvbnxtrycfgjl"
	for _, texts := range [][]string{
		{secret[:7], secret[7:14], secret[14:]}, {"a", "x " + secret[:6], secret[6:12]}, {secret[:6], "", secret[6:12] + " x"},
	} {
		secrets := redact.NewSecrets(secret)
		e := &Error{Reason: texts[0], IDs: texts[1:2], RequestID: texts[2]}
		e.withhold(secrets)
		if secrets.In(e.Reason + strings.Join(e.IDs, "") + e.RequestID) {
			t.Errorf("%q becomes %q, %q, %q", texts, e.Reason, e.RequestID, e.IDs)
		}
		e = &Error{API: apiErrors([]byte(`{"errors":[{"title":"`+texts[0]+`","detail":"`+texts[1]+`"},{"title":"`+texts[2]+`"}]}`), secrets)}
		e.withhold(secrets)
		if secrets.In(e.Error()) {
			t.Errorf("%q becomes %s", texts, e)
		}
	}
}
