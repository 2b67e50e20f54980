package redact

import (
	"encoding/base64"
	"fmt"
	"maps"
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

// some returns an eighth of the surroundings, the next one for each n. So each form of
// each secret meets some, and each form meets all. With the race detector, all for
// each secret would take a minute.
func some(n int) (list []string) {
	for i := n % 8; i < len(surroundings); i += 8 {
		list = append(list, surroundings[i])
	}
	return list
}

// redactors are the functions of the package. None of them may show a secret,
// whichever is called for which text.
var redactors = map[string]func(Secrets, string) string{
	"prose": Secrets.Prose, "name": Secrets.Name, "path": Secrets.Path,
}

// expectHidden fails if a function shows one of the pieces of a text, or
// something that is no line of text.
func expectHidden(t *testing.T, known Secrets, text string, pieces ...string) {
	t.Helper()
	for name, redact := range redactors {
		if got := redact(known, text); !isALine(got) || redacttest.Tells(got, pieces...) {
			t.Errorf("%s of %q: %q", name, text, got)
		}
	}
}

func isALine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
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
	encodings := redacttest.Encodings()
	for i, secret := range secretTexts {
		known := NewSecrets("other-secret", secret)
		for k, form := range slices.Sorted(maps.Keys(encodings)) {
			encoded := encodings[form](secret)
			for _, around := range some(i + k) {
				expectHidden(t, known, fmt.Sprintf(around, encoded), append(substance(secret), encoded)...)
			}
		}
	}
}

func TestNoSubstantialPartOfACutSecretIsShown(t *testing.T) {
	t.Parallel()
	encodings := redacttest.Encodings()
	for _, secret := range []string{idSecret, oddSecret, "correct-horse-battery-staple"} {
		known := NewSecrets(secret)
		for length := max(minPart, len(secret)/4); length <= len(secret); length++ {
			for k, form := range slices.Sorted(maps.Keys(encodings)) {
				for begin := (length + k) % 8; begin+length <= len(secret); begin += 8 {
					if strings.HasPrefix(form, "Bas") || strings.Contains(form, "base64") && length < 2*minPart {
						continue // too few characters depend only on the part
					}
					expectHidden(t, known, "cut "+encodings[form](secret[begin:begin+length]), substance(secret)...)
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
			for _, every := range []int{1, 2, 3, 5, 8} {
				var split []string
				for piece := range slices.Chunk([]rune(secret), every) {
					split = append(split, string(piece))
				}
				for name, f := range redactors {
					got := f(known, "the key "+strings.Join(split, mark)+" is wrong")
					if redacttest.Tells(letters(got), substance(letters(secret))...) {
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
	for i, address := range addresses {
		for k, form := range slices.Sorted(maps.Keys(forms)) {
			for _, around := range some(i + k) {
				expectHidden(t, Secrets{}, fmt.Sprintf(around, forms[form](address)), pieces(address)...)
			}
		}
	}
}

func expectShown(t *testing.T, redact func(string) string, text, want string) {
	t.Helper()
	if got := redact(text); got != want {
		t.Errorf("%q becomes %q, not %q", text, got, want)
	}
}

func TestProseKeepsPlainWords(t *testing.T) {
	t.Parallel()
	known := NewSecrets("Zx81kPq7vLw93mNb", "a", "", "10272") // short secrets hide nothing
	// A person who reads an error needs these texts as they are.
	for _, text := range []string{
		"", "The requested resource was not not found. Please double-check the resource id.",
		"The URL does not support the key 10272", "quantity - must be greater than or equal to 1",
		"page[size] must be between 1 and 25, but is 100", "the filter `filter[q][email_eq]` isn't allowed",
		"403 Forbidden", "Attention Required! | Cloudflare", "404: Page not found – Error", "Just a moment...",
		"Client authentication failed due to unknown client, no client authentication included, or unsupported method.",
		"invalid_client", "can't read 'sku_lists' (or \"customer groups\")", "Accès refusé: l'accès est limité",
		"50% of URLs", "customers must be application/vnd.api+json", "acme.example.com is down", "nginx/1.25.3",
	} {
		expectShown(t, known.Prose, text, text)
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
		expectShown(t, known.Prose, text, want)
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
		expectShown(t, known.Name, text, text)
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
		expectShown(t, known.Name, text, want)
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
		expectShown(t, known.Path, path, want)
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
		trace := fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())
		uuid := strings.Join([]string{trace[:8], trace[8:12], trace[12:16], trace[16:20], trace[20:]}, "-")
		path := "/api/customers/" + string(id) + "/customer_group"
		for _, text := range []string{path, string(id), trace, uuid, trace + trace} {
			if known.Path(text) != text {
				withheld++
			}
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
		for n := 1; n < len(hidden)+4; n += 5 {
			for _, before := range []string{
				strings.Repeat("word ", (maxShown-n)/5), // is shown
				strings.Repeat("x", maxInput-n) + " ",   // is not, so only the input is cut
			} {
				expectHidden(t, known, before+hidden+" and more", append(pieces(hidden), idSecret[:8], "john", "joe")...)
			}
		}
	}
}

func TestShownTextIsBounded(t *testing.T) {
	t.Parallel()
	known := NewSecrets(idSecret)
	for _, text := range []string{
		"é", "word ", "\xff", "a-", "%25", "@", "a/", `a"`, "&#64;", "a@b ", "QUFB", "[token] ", " ", "x ＠",
	} {
		text = strings.Repeat(text, 1<<18)
		for _, f := range []func(Secrets, string) string{Secrets.Prose, Secrets.Name} {
			if got := f(known, text); !isALine(got) || len(got) > maxShown+len(" "+cutOff) {
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

func TestMasksMatchAddressesTokensAndSecrets(t *testing.T) {
	t.Parallel()
	masks := Masks(idSecret, "k9Xw2Q", "short")
	for text, want := range map[string]string{
		`to "john doe"@corp.com or joe%40corp.com`:      "to * or *",
		"Bearer " + jwtSecret + " and " + jwtSecret[:8]: "Bearer * and *",
		idSecret + "/x, " + idSecret[:12] + ", k9Xw2Q":  "* * *",
		idSecret[:11] + " k9Xw2 eyJhbGc short":          idSecret[:11] + " k9Xw2 eyJhbGc short",
	} {
		expectShown(t, func(got string) string {
			for _, mask := range masks {
				got = mask.ReplaceAllString(got, "*")
			}
			return got
		}, text, want)
	}
}
