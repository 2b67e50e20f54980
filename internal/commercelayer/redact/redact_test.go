package redact

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact/redacttest"
)

const (
	// oddSecret contains characters that are escaped.
	oddSecret = `s3cr3t/V&lue+"of'<a>=client%41~Zq9`
	jwtSecret = "eyJhbGciOiJIUzUxMiJ9.eyJ0ZXN0Ijp0cnVlLCJyYW5kIjowLjEyM30.c2lnbmF0dXJlT2ZUaGVUb2tlbg"
	idSecret  = "Zx81-kPq7_vLw93mNb5tRy2cHd6fGj4K"
)

// secrets are of many alphabets. Those of plain words can only be recognized.
var secretTexts = []string{
	idSecret, oddSecret, jwtSecret, "k9Xw2Q", "a phrase of words", "correct-horse-battery-staple", "onlysmallletters",
	"ONLYCAPITALS", "snake_case_secret", "Client.Secret.In.Words", "483920174650", "48-39-20-17", "deadbeefcafebabe",
	"geheimnisse für übermorgen", "пароль-из-слов", "秘密の言葉です", "a1b2c3d4e5f6g7h8",
	"!?#$%&*()=~", "filter[q][secret]",
}

var addresses = []string{
	"joe@topsecretcorp", "john.doe@mailhost.com", "o'brien&sons+tag/dept@topsecretcorp.com",
	`"john doe"@topsecretcorp.com`, `"john \"jo\" doe"@topsecretcorp.com`, `jo"quoted"hn@topsecretcorp.com`,
	"jürgen@bücher.example", "a=b?c#d!e$f%g^h_i`j{k|l}m~n*o@topsecretcorp.com",
	"joe@[192.168.77.1]", "joe@sub-domain.topsecretcorp.co.uk",
}

// surroundings are texts around a secret in an answer. It stands in the place
// of %s.
var surroundings = []string{
	"%s", "before %s after", "(%s)", "<%s>", `{"detail":"%s is taken"}`, "https://x.example/api/customers/%s?y=1",
	"filter[q][email_eq]=%s&page=1", "/api/customers/%s/orders", "%s/x", "id-%s", "id.%s.x", `"%s"`, "'%s'",
	"http://user:%s@proxy:3128", "lines\n%s\r\nof text", "Bearer %s", "a=%s;b", "id:%s,", "\x00%s\n", "é%sé", "x%s",
	"%s…", "%%%s", "&%s", `\%s`, "=%s=", "%s is not a valid id of customers",
}

// redactors are the functions of the package. None of them may show a secret,
// whichever is called for which text.
var redactors = map[string]func(Secrets, string) string{
	"prose": Secrets.Prose, "name": Secrets.Name, "path": Secrets.Path,
}

func isALine(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("%q is no line of text", text)
	}
}

// pieces returns the parts of an address that must not be shown.
func pieces(address string) []string {
	local, domain, _ := strings.Cut(address, "@")
	list := []string{address, "topsecret", "corp", "bücher", "john"}
	for _, part := range []string{strings.Trim(local, `"`), strings.TrimSuffix(strings.Trim(domain, "[]"), ".com")} {
		if len(part) > 3 {
			list = append(list, part)
		}
	}
	return list
}

// substance returns all parts of a secret that must not be shown.
func substance(secret string) []string {
	size := min(max(len(secret)/4, minPart), maxPart, len(secret))
	var parts []string
	for i := 0; i+size <= len(secret); i++ {
		if part := secret[i : i+size]; utf8.ValidString(part) {
			parts = append(parts, part)
		}
	}
	return parts
}

func TestNoSubstantialPartOfASecretIsShownInAnyForm(t *testing.T) {
	t.Parallel()
	for _, secret := range secretTexts {
		known := NewSecrets("other-secret", secret)
		for form, encode := range redacttest.Encodings() {
			for _, around := range surroundings {
				for name, f := range redactors {
					input := fmt.Sprintf(around, encode(secret))
					got := f(known, input)
					isALine(t, got)
					if redacttest.Tells(got, substance(secret)...) || strings.Contains(got, encode(secret)) {
						t.Errorf("%s of %s, %s: %q becomes %q", name, form, around, input, got)
					}
				}
			}
		}
	}
}

func TestNoSubstantialPartOfACutSecretIsShown(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{idSecret, oddSecret, "correct-horse-battery-staple"} {
		known := NewSecrets(secret)
		for length := minPart; length <= len(secret); length++ {
			for begin := 0; begin+length <= len(secret); begin += 3 {
				part := secret[begin : begin+length]
				for form, encode := range redacttest.Encodings() {
					if strings.HasPrefix(form, "Bas") || strings.Contains(form, "base64") && length < 2*minPart {
						continue // too few characters depend only on the part
					}
					for name, f := range redactors {
						if got := f(known, "cut "+encode(part)); length >= len(secret)/4 && redacttest.Tells(got, substance(secret)...) {
							t.Errorf("%s, %s: %q remains of %q", name, form, got, encode(part))
						}
					}
				}
			}
		}
	}
}

func TestNoMarkOrBlankHidesASecret(t *testing.T) {
	t.Parallel()
	for _, secret := range secretTexts {
		known := NewSecrets(secret)
		if len(letters(secret)) < minSecret {
			continue // it is made of marks
		}
		for _, mark := range []string{" ", "\u200b", "-", "_", ".", "/", ": ", "\n", "'", "][", "\u00ad", " / ", "…",
			"(", ") "} {
			for every := 1; every <= 8; every++ {
				var split []string
				for piece := range slices.Chunk([]rune(secret), every) {
					split = append(split, string(piece))
				}
				for name, f := range redactors {
					got := f(known, "the key "+strings.Join(split, mark)+" is wrong")
					if known.In(got) {
						t.Errorf("%s with %q every %d: %q", name, mark, every, got)
					}
				}
			}
		}
	}
}

func TestNoFormOfAnAddressIsShown(t *testing.T) {
	t.Parallel()
	forms := redacttest.Encodings()
	for _, sign := range []string{
		"%40", "%2540", "%252540", "&#64;", "&#064;", "&#64", "&#x40;", "&#X40;", "&commat;", "&amp;#64;",
		"&amp;commat;", "%26%2364%3B", "%26commat%3B",
		`\u0040`, `\\u0040`, `\\\\u0040`, `\x40`, "%u0040", "%5Cu0040", "＠", "﹫", "%EF%BC%A0", "\u200b@", "@\u200b",
		"@\x00", "\n@", "@ ", " @ ", " %40 ", "&#64; ", "\u00a0@\u2003",
	} {
		forms["sign "+sign] = func(s string) string { return strings.ReplaceAll(s, "@", sign) }
	}
	for _, address := range addresses {
		for form, encode := range forms {
			for _, around := range surroundings {
				for name, f := range redactors {
					input := fmt.Sprintf(around, encode(address))
					got := f(Secrets{}, input)
					isALine(t, got)
					if redacttest.Tells(got, pieces(address)...) {
						t.Errorf("%s of %s, %s: %q becomes %q", name, form, around, input, got)
					}
				}
			}
		}
	}
}

func TestProseKeepsPlainWords(t *testing.T) {
	t.Parallel()
	known := NewSecrets("Zx81kPq7vLw93mNb", "a", "", "10272") // short secrets hide nothing
	// A person who reads an error needs these texts as they are.
	for _, text := range []string{
		"", "Record not found", "The requested resource was not not found. Please double-check the resource id.",
		"The URL does not support the key 10272", "email_equals is not a valid filter", "Invalid token",
		"quantity - must be greater than or equal to 1", "The access token you provided is invalid.",
		"page[size] must be between 1 and 25, but is 100", "the filter `filter[q][email_eq]` isn't allowed",
		"You are not authorized to perform this action on the requested resource.", "Too Many Requests",
		"403 Forbidden", "Attention Required! | Cloudflare", "404: Page not found – Error", "Just a moment...",
		"Client authentication failed due to unknown client, no client authentication included, or unsupported method.",
		"invalid_client", "can't read 'sku_lists' (or \"customer groups\")", "Accès refusé: l'accès est limité",
		"50% of URLs",
		"customers must be application/vnd.api+json",
		"Bad request: gruop is not a valid includable relationship of customers",
		"acme.example.com is down", "nginx/1.25.3",
	} {
		if got := known.Prose(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for text, want := range map[string]string{
		"john@example.com is taken":          "[…] is taken",
		"Is john+tag@sub.example.com taken?": "Is […] taken?",
		"Bearer " + jwtSecret:                "Bearer […]",
		"xYZkjABcde is no ID, nor 7f3c5a1e":  "[…] is no ID, nor […]",
		"a 12345678 b":                       "a […] b",
		"a  \n b":                            "a b",
		"a\x00 \xff \u202e b":                "[…] b",
		"漢字 and &amp; <b>":                   "[…] and […]",
		"Zx81kPq7vLw93mNb is wrong":          "[…] is wrong",
	} {
		if got := known.Prose(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

func TestNamesAreShown(t *testing.T) {
	t.Parallel()
	known := NewSecrets("Zx81kPq7vLw93mNb5tRy2cHd6", jwtSecret)
	for _, text := range []string{
		"", "xYZkjABcde", "4bf92f3577b34da6a3ce929d0e0e4736", "7f3c5a1e-1b2d-4c3e-8f90-123456789abc", "RECORD_NOT_FOUND",
		"customer_payment_sources", "acme.commercelayer.io", "acme.commercelayer.io:8443", "https://auth.commercelayer.io",
		"application/vnd.api+json", "Apache/2.4.57 (Debian) OpenSSL/3.0.9", "AkamaiGHost", "Microsoft-IIS/10.0", "cloudflare",
		"trace-00000001", "http://127.0.0.1:41233", "Zoë",
		"shopper_reference_or_profile_id_or_tax_exemption_code_not_eq_or_null",
		"filter[\"status_eq\"]", "two names", "salesChannel",
	} {
		if got := known.Name(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for text, want := range map[string]string{
		strings.Repeat("x", 64):  strings.Repeat("x", 64),
		strings.Repeat("x", 65):  "[…]",
		jwtSecret[:30]:           "[…]",
		"john@example.com":       "[…]",
		"am9lQHRvcHNlY3JldA":     "[…]", // an address in base64
		"QSB0ZXh0IGluIGJhc2U2NA": "[…]",
		"x/../%2e":               "[…]",
	} {
		if got := known.Name(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

func TestPathShowsItsGoodParts(t *testing.T) {
	t.Parallel()
	known := NewSecrets("Zx81kPq7vLw93mNb", "correct-horse-battery")
	for path, want := range map[string]string{
		"/api/customers": "/api/customers",
		"/api/customers/xYZkjABcde/customer_group":       "/api/customers/xYZkjABcde/customer_group",
		"/api/customers/john%40example.com/orders":       "/api/customers/[…]/orders",
		"/api/customers/Zx81kPq7vLw93mNb/orders":         "/api/customers/[…]/orders",
		"/correct/horse/battery":                         "[…]",
		"/oauth/token":                                   "/oauth/token",
		"/api/customers/" + strings.Repeat("x", 65) + "": "/api/customers/[…]",
	} {
		if got := known.Path(path); got != want {
			t.Errorf("%q becomes %q, not %q", path, got, want)
		}
	}
}

// Few IDs look as if they were encoded.
func TestRandomNamesAreShown(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	known := NewSecrets("Zx81kPq7vLw93mNb5tRy2cHd6", jwtSecret)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	withheld := 0
	for range 400 {
		id := make([]byte, 10)
		for i := range id {
			id[i] = letters[random.IntN(len(letters))]
		}
		trace := fmt.Sprintf("%016x%016x%016x%016x", random.Uint64(), random.Uint64(), random.Uint64(), random.Uint64())
		uuid := trace[:8] + "-" + trace[8:12] + "-" + trace[12:16] + "-" + trace[16:20] + "-" + trace[20:32]
		for _, name := range []string{string(id), trace, uuid, trace[:32]} {
			if known.Name(name) != name {
				withheld++
			}
		}
		if path := "/api/customers/" + string(id) + "/customer_group"; known.Path(path) != path {
			withheld++
		}
	}
	if withheld > 4 {
		t.Errorf("%d of 2000 names are withheld", withheld)
	}
}

// E-mail writes base64 in lines of 76 characters.
func TestBase64OnSeveralLinesIsNotShown(t *testing.T) {
	t.Parallel()
	const text = "id:" + idSecret + " joe@topsecretcorp.com"
	for width := 4; width < 40; width++ {
		var lines []string
		for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(text))), width) {
			lines = append(lines, string(line))
		}
		for name, f := range redactors {
			got := f(NewSecrets(idSecret), "a "+strings.Join(lines, "\r\n")+" b")
			bare := strings.NewReplacer(" ", "", Withheld, "").Replace(got)
			if redacttest.Tells(bare, substance(idSecret)...) || redacttest.Tells(bare, "topsecret", "joe@") {
				t.Errorf("%s in lines of %d: %q", name, width, got)
			}
		}
	}
}

func TestCutTextShowsNoHalf(t *testing.T) {
	t.Parallel()
	known := NewSecrets(idSecret)
	for _, hidden := range append(slices.Clone(addresses), idSecret, redacttest.PercentAll(idSecret), jwtSecret) {
		for _, filler := range []string{"x ", "y", "a@b "} {
			for _, bound := range []int{maxShown, maxInput} {
				for n := 0; n < len(hidden)+4; n += 5 {
					for name, f := range redactors {
						got := f(known, strings.Repeat(filler, max(bound-n, 0)/len(filler))+hidden+" and more")
						isALine(t, got)
						if redacttest.Tells(got, append(pieces(hidden), idSecret[:8], "john", "joe")...) {
							t.Fatalf("%s: %q with %q, %d before %d: %s", name, hidden, filler, n, bound, got)
						}
					}
				}
			}
		}
	}
}

func TestShownTextIsBounded(t *testing.T) {
	t.Parallel()
	known := NewSecrets(idSecret)
	for _, text := range []string{
		strings.Repeat("é", 1<<20), strings.Repeat("word ", 1<<18), strings.Repeat("\xff", 1<<20),
		strings.Repeat("a-", 1<<18),
		strings.Repeat("%25", 1<<18), strings.Repeat("@", 1<<20), strings.Repeat("a/", 1<<18), strings.Repeat(`a"`, 1<<18),
		strings.Repeat("&#64;", 1<<18), strings.Repeat("a@b ", 1<<18), strings.Repeat("QUFB", 1<<18),
		strings.Repeat("[token] ", 1<<18), strings.Repeat(" ", 1<<20), strings.Repeat("x ＠", 1<<18),
	} {
		for _, f := range []func(Secrets, string) string{Secrets.Prose, Secrets.Name} {
			got := f(known, text)
			isALine(t, got)
			if len(got) > maxShown+len(" "+cutOff) {
				t.Errorf("%d bytes are shown of %.20q", len(got), text)
			}
		}
	}
	if got := known.Prose(strings.Repeat("word ", 100)); !strings.HasSuffix(got, "word "+cutOff) {
		t.Errorf("the cut text ends in %q", got[len(got)-20:])
	}
}

func TestWhatIsShownOnceIsShownAgain(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("word ", 100), "a @ b", "x " + oddSecret + ", " + jwtSecret + " y"} {
		for _, f := range redactors {
			once := f(Secrets{}, text)
			if again := f(Secrets{}, once); again != once {
				t.Errorf("%q becomes %q", once, again)
			}
		}
	}
}
