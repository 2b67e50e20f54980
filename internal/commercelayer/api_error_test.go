package commercelayer

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

func TestErrorObjectsAreTexts(t *testing.T) {
	for body, want := range map[string]string{
		`{"errors":[{"title":"Not found","detail":"Please check.","code":"NONE"}]}`: "Not found: Please check. (NONE)",
		`{"errors":{"title":"Too Many Requests","code":"THROTTLED"}}`:               "Too Many Requests (THROTTLED)",
		`{"errors":[{"title":"A","code":"B"},{"detail":"C"},{"code":"D"}]}`:         "A (B); C; D",
		`{"errors":[{"detail":"john@example.com is taken"}]}`:                       "[…] is taken",
		`{"errors":[{"title":"a\u0000\u001b[31m\nb\t c\u202e"}]}`:                   "[…] b […]",
	} {
		var texts []string
		for _, e := range apiErrors([]byte(body), redact.Secrets{}) {
			texts = append(texts, e.String())
		}
		expectEqual(t, "the text of "+body, strings.Join(texts, "; "), want)
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
	hidden := func(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }
	if !utf8.ValidString(text) || strings.ContainsFunc(text, hidden) {
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
		{secret[:7], secret[7:14], secret[14:]}, {"a", "x " + secret[:6], secret[6:12]},
		{secret[:6], "", secret[6:12] + " x"},
	} {
		secrets := redact.NewSecrets(secret)
		e := &Error{Reason: texts[0], IDs: texts[1:2], RequestID: texts[2]}
		e.withhold(secrets)
		if secrets.In(e.Reason + strings.Join(e.IDs, "") + e.RequestID) {
			t.Errorf("%q becomes %q, %q, %q", texts, e.Reason, e.RequestID, e.IDs)
		}
		body := `{"errors":[{"title":"` + texts[0] + `","detail":"` + texts[1] + `"},{"title":"` + texts[2] + `"}]}`
		e = &Error{API: apiErrors([]byte(body), secrets)}
		e.withhold(secrets)
		if secrets.In(e.Error()) {
			t.Errorf("%q becomes %s", texts, e)
		}
	}
}
