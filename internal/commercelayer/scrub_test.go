package commercelayer

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// The secrets and addresses of these tests contain characters that are escaped.
const (
	scrubbedSecret = `s3cr3t/V&lue+"of'<a>=client%41~Zq9`
	scrubbedToken  = "eyJhbGciOiJIUzUxMiJ9.eyJ0ZXN0Ijp0cnVlLCJyYW5kIjowLjEyM30.c2lnbmF0dXJlT2ZUaGVUb2tlbg"
)

func scrubbedAddresses() []string {
	return []string{
		"joe@topsecretcorp", "john.doe@mailhost.com", "o'brien&sons+tag/dept@topsecretcorp.com",
		`"john doe"@topsecretcorp.com`,
		`"john \"jo\" doe"@topsecretcorp.com`, `jo"quoted"hn@topsecretcorp.com`, "jürgen@bücher.example",
		"a=b?c#d!e$f%g^h_i`j{k|l}m~n*o@topsecretcorp.com",
		"joe@[192.168.77.1]", "joe@sub-domain.topsecretcorp.co.uk",
	}
}

// percentAll escapes every byte. No library does so, but a server may.
func percentAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

func eachRune(format string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
}

// onlySign returns an encoding that changes only the @.
func onlySign(sign string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, "@", sign) }
}

// encodings are the forms in which a server may send a text back.
func encodings() map[string]func(string) string {
	forms := map[string]func(string) string{
		"plain":              func(s string) string { return s },
		"path":               url.PathEscape,
		"query":              url.QueryEscape,
		"query, lower case":  func(s string) string { return lowerEscapes(url.QueryEscape(s)) },
		"query twice":        func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"query three times":  func(s string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(s))) },
		"every byte":         percentAll,
		"every byte twice":   func(s string) string { return percentAll(percentAll(s)) },
		"HTML":               html.EscapeString,
		"HTML twice":         func(s string) string { return html.EscapeString(html.EscapeString(s)) },
		"HTML, decimal":      eachRune("&#%d;"),
		"HTML, zeros":        eachRune("&#00%d;"),
		"HTML, hexadecimal":  eachRune("&#x%x;"),
		"HTML, capitals":     eachRune("&#X%X;"),
		"HTML in a query":    func(s string) string { return url.QueryEscape(eachRune("&#%d;")(s)) },
		"JSON":               func(s string) string { return strings.Trim(fmt.Sprintf("%q", s), `"`) },
		"JSON, every letter": eachRune(`\u%04x`),
		"JSON, capitals":     eachRune(`\u%04X`),
		"JSON in JSON":       eachRune(`\\u%04x`),
		"old browsers":       eachRune("%%u%04x"),
		"every layer at once": func(s string) string {
			return url.QueryEscape(html.EscapeString(eachRune(`\u%04x`)(s)))
		},
		"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 of URLs": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"base64 in a query": func(s string) string {
			return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s)))
		},
		"base64 twice": func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte(base64.URLEncoding.EncodeToString([]byte(s))))
		},
	}
	for before := range 4 {
		id := "Id-7"[:before]
		forms[fmt.Sprint("Basic ", before)] = func(s string) string {
			return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+s))
		}
		forms[fmt.Sprint("base64 with more behind ", before)] = func(s string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(id + s + " and more"))
		}
	}
	return forms
}

func lowerEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			b.WriteString(strings.ToLower(s[i : i+3]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// surroundings are texts around a secret in an answer. It stands in the place
// of %s.
var surroundings = []string{
	"%s", "before %s after", "(%s)", "<%s>", `{"detail":"%s is taken"}`, "https://x.example/api/customers/%s?y=1",
	"filter[q][email_eq]=%s&page=1",
	"http://user:%s@proxy:3128", "lines\n%s\r\nof text", "Bearer %s", "a=%s;b", "id:%s,", "\x00%s\n", "é%sé", "x%s",
	"%s…", "%%%s", "&%s", `\%s`, "=%s=",
}

// tells reports whether a text still shows a secret, also after this test has
// decoded it.
func tells(text string, pieces ...string) bool {
	for range 6 {
		for _, piece := range pieces {
			if strings.Contains(strings.ToLower(text), strings.ToLower(piece)) {
				return true
			}
		}
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r > 0x7f || !isBase64(byte(r)) }) {
			if decoded, err := base64.RawStdEncoding.DecodeString(inStandardBase64.Replace(word)); err == nil {
				for _, piece := range pieces {
					if strings.Contains(string(decoded), piece) {
						return true
					}
				}
			}
		}
		decoded, err := url.PathUnescape(text)
		if err != nil {
			decoded = text
		}
		undone := escapedInJSON.Replace(html.UnescapeString(decoded))
		if undone == text {
			return false
		}
		text = undone
	}
	return false
}

// The encodings that tells undoes with a replacer.
var (
	inStandardBase64 = strings.NewReplacer("-", "+", "_", "/")
	escapedInJSON    = strings.NewReplacer(`\u0040`, "@", `\"`, `"`, `\\`, `\`)
)

// pieces returns the parts of an address that must not be shown.
func pieces(address string) []string {
	local, domain, _ := strings.Cut(address, "@")
	list := []string{address}
	for _, part := range []string{strings.Trim(local, `"`), strings.TrimSuffix(strings.Trim(domain, "[]"), ".com")} {
		if len(part) > 3 {
			list = append(list, part)
		}
	}
	return append(list, "topsecret", "corp")
}

func printableLine(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return r != ' ' &&
			!unicode.IsPrint(r)
	}) {
		t.Errorf("%q is no line of text", text)
	}
	if len(text) > maxScrubOutput+len("…") {
		t.Errorf("%d bytes are too many", len(text))
	}
}

func TestNoFormOfASecretIsShown(t *testing.T) {
	const plain = "Zx81-kPq7_vLw93mNb5tRy2cHd6"
	for _, secret := range []string{plain, scrubbedSecret, scrubbedToken, "a phrase of words", "k9Xw2Q"} {
		s := newScrubber("other-secret", secret)
		for name, encode := range encodings() {
			for _, around := range surroundings {
				input := fmt.Sprintf(around, encode(secret))
				got := s.text(input)
				printableLine(t, got)
				if tells(got, secret, secret[:min(len(secret), 8)]) || strings.Contains(got, encode(secret)) {
					t.Errorf("%s, %s: %q becomes %q", name, around, input, got)
				}
			}
		}
		for i := 1; i < len(secret); i++ {
			if got := s.text("x " + secret[:i] + "\u200b" + secret[i:]); tells(got, secret[:i], secret[i:]) &&
				min(i, len(secret)-i) > 3 {
				t.Errorf("an invisible character hides a secret: %q", got)
			}
		}
		encoded := hex.EncodeToString([]byte(secret))
		if got := s.text("x " + strings.ToUpper(encoded) + " " + encoded); tells(got, encoded) {
			t.Errorf("hexadecimal digits remain: %q", got)
		}
		if got := s.text("x-" + strings.ToUpper(secret) + ".host"); tells(got, secret) {
			t.Errorf("capitals remain: %q", got)
		}
	}
}

func TestSubstantialPartsOfASecretAreNotShown(t *testing.T) {
	const secret = "Zx81-kPq7_vLw93mNb5tRy2cHd6fGj4K"
	s := newScrubber(secret)
	for length := minSecretPart; length <= len(secret); length++ {
		for begin := 0; begin+length <= len(secret); begin += 3 {
			part := secret[begin : begin+length]
			for name, encode := range encodings() {
				if strings.HasPrefix(name, "base64") && length < 2*minSecretPart || strings.HasPrefix(name, "Basic") {
					continue
				}
				if got := s.text("cut off: " + encode(part)); tells(got, part) {
					t.Errorf("%s: %q remains of %q", name, got, encode(part))
				}
			}
		}
	}
	expectEqual(t, "a few letters", s.text("Zx81 Hd6"), "Zx81 Hd6")
}

func TestNoFormOfAnAddressIsShown(t *testing.T) {
	s := newScrubber()
	forms := encodings()
	for _, sign := range []string{
		"%40", "%2540", "%252540", "&#64;", "&#064;", "&#64", "&#x40;", "&#X40;", "&commat;", "&amp;#64;",
		"&amp;commat;", "%26%2364%3B", "%26commat%3B",
		`\u0040`, `\\u0040`, `\\\\u0040`, `\x40`, "%u0040", "%5Cu0040", "＠", "%EF%BC%A0", "\u200b@", "@\u200b",
		"@\x00", "\n@", "@ ",
	} {
		forms["sign "+sign] = onlySign(sign)
	}
	for _, address := range scrubbedAddresses() {
		for name, encode := range forms {
			for _, around := range surroundings {
				input := fmt.Sprintf(around, encode(address))
				got := s.text(input)
				printableLine(t, got)
				if tells(got, pieces(address)...) {
					t.Errorf("%s, %s: %q becomes %q", name, around, input, got)
				}
			}
		}
	}
}

func TestScrubbedTextSaysWhatWasReplaced(t *testing.T) {
	for text, want := range map[string]string{
		"":                                        "",
		"Record not found":                        "Record not found",
		"john@example.com is taken":               "[e-mail address] is taken",
		`<john@example.com>, "ann@example.com"`:   `<[e-mail address]>, "[e-mail address]"`,
		"Is john+tag@sub.example.com taken?":      "Is [e-mail address] taken?",
		"/api/customers/john%40example.com x":     "[e-mail address] x",
		`proxy "http://user:pa/ss@proxy:3128":`:   `proxy "[e-mail address]":`,
		"Bearer " + scrubbedToken:                 "Bearer [token]",
		"cut off: " + scrubbedToken[:20]:          "cut off: [token]",
		"Zx81kPq7vLw93mNb is wrong":               "[secret] is wrong",
		"(Zx81kPq7vLw93mNb)":                      "([secret])",
		"Bearer opaque-token-0123456789 is wrong": "Bearer [token] is wrong",
		"Bearer token is missing":                 "Bearer token is missing",
		`{"access_token":"fresh-and-unknown"}`:    `{"access_token":"[secret]"}`,
		"client_secret=fresh&x=1":                 "client_secret=[secret]&x=1",
		"@":                                       "[e-mail address]",
		`parse "http://user:pa ss@proxy": x`:      `parse "[e-mail address]": x`,
		"at https://a.example: joe@corp.com":      "at https://a.example: [e-mail address]",
		"first joe@corp.com\nsecond line":         "first [e-mail address] second line",
		// What need not be replaced stays as it is.
		"GET /api/customers/xYZkjABcde?include=tags%2Corders": "GET /api/customers/xYZkjABcde?include=tags%2Corders",
		"a &amp; b &lt;c&gt; 100% \\n \"d\"":                  "a &amp; b &lt;c&gt; 100% \\n \"d\"",
		"4bf92f3577b34da6a3ce929d0e0e4736":                    "4bf92f3577b34da6a3ce929d0e0e4736",
		"7f3c5a1e-1b2d-4c3e-8f90-123456789abc":                "7f3c5a1e-1b2d-4c3e-8f90-123456789abc",
		" a \r\n\t b ":                                        "a b",
		"a\x00b\u202ec\u2028d":                                "a b c d",
		"a\xffb":                                              "a\uFFFDb",
		"ümlaut – and 漢字":                                     "ümlaut – and 漢字",
		"a" + strings.Repeat("%25", 6) + "41":                 "a" + strings.Repeat("%25", 6) + "41",
	} {
		expectEqual(t, fmt.Sprintf("the form of %q", text), newScrubber("Zx81kPq7vLw93mNb", "a", "").text(text), want)
	}
}

// E-mail writes base64 in lines of 76 characters.
func TestBase64OnSeveralLinesIsLookedInto(t *testing.T) {
	const secret = "Zx81-kPq7_vLw93mNb5tRy2cHd6fGj4K"
	for width := 4; width < 40; width++ {
		encoded := base64.StdEncoding.EncodeToString([]byte("id:" + secret + " joe@corp.com"))
		var lines []string
		for line := range slices.Chunk([]byte(encoded), width) {
			lines = append(lines, string(line))
		}
		expectEqual(t, "the text", newScrubber(secret).text("a "+strings.Join(lines, "\r\n")+" b"), "a [secret] b")
		expectEqual(t, "the text", newScrubber().text("a "+strings.Join(lines, "\n")+" b"), "a [e-mail address] b")
	}
}

// A text that only looks like base64 is not replaced, so that a person can
// quote it.
func TestIdentifiersAreShown(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := newScrubber("Zx81kPq7vLw93mNb5tRy2cHd6", scrubbedToken)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	replaced := 0
	for range 500 {
		id := make([]byte, 10)
		for i := range id {
			id[i] = letters[random.IntN(len(letters))]
		}
		trace := fmt.Sprintf("%016x%016x%016x%016x", random.Uint64(), random.Uint64(), random.Uint64(), random.Uint64())
		text := fmt.Sprintf("GET /api/customers/%s/relationships/tags (trace %s, request %s-4c3e-%s)", id, trace,
			trace[:8], trace[8:20])
		if s.text(text) != text {
			replaced++
		}
	}
	if replaced > 3 {
		t.Errorf("%d of 500 texts were changed", replaced)
	}
}

func TestShortSecretsReplaceNothing(t *testing.T) {
	expectEqual(t, "the text", newScrubber("", "a", "12345").text("a b 12345"), "a b 12345")
}

func TestTextThatCanBeDecodedOverAndOverIsReplaced(t *testing.T) {
	hidden := "joe%" + strings.Repeat("25", 40) + "40corp"
	expectEqual(t, "the text", newScrubber().text("a "+hidden+" b"), "a [secret] b")
}

func TestCutTextShowsNoHalf(t *testing.T) {
	const secret = "Zx81kPq7vLw93mNb5tRy2cHd6fGj4K"
	s := newScrubber(secret)
	for _, hidden := range append(scrubbedAddresses(), secret, percentAll(secret), scrubbedToken) {
		for _, filler := range []string{"x ", "y", "a@b "} {
			for _, bound := range []int{maxScrubOutput, maxScrubInput - scrubMargin, maxScrubInput} {
				for n := 0; n < len(hidden)+4; n += 5 {
					got := s.text(strings.Repeat(filler, max(bound-n, 0)/len(filler)) + hidden + " and more")
					printableLine(t, got)
					if tells(got, append(pieces(hidden), secret[:8], "john", "joe")...) {
						t.Fatalf("%q with %q, %d before %d: %s", hidden, filler, n, bound, got)
					}
				}
			}
		}
	}
}

func TestScrubbedTextIsBounded(t *testing.T) {
	s := newScrubber("Zx81kPq7vLw93mNb")
	for _, text := range []string{
		strings.Repeat("é", 1<<20), strings.Repeat("word ", 1<<18), strings.Repeat("\xff", 1<<20),
		strings.Repeat("%25", 1<<18), strings.Repeat("@", 1<<20),
		strings.Repeat("&#64;", 1<<18), strings.Repeat("a@b ", 1<<18), strings.Repeat("QUFB", 1<<18),
		strings.Repeat("[token] ", 1<<18), strings.Repeat(" ", 1<<20),
	} {
		printableLine(t, s.text(text))
	}
	for n := range 40 {
		got := s.text(strings.Repeat("x", maxScrubOutput-n) + " joe@corp.com")
		if strings.Contains(got, "[") && !strings.Contains(got, "[e-mail address]") {
			t.Errorf("a label is cut in two: %q", got)
		}
	}
}

func TestListsAreBounded(t *testing.T) {
	s := newScrubber()
	many := make([]string, 20_000)
	for i := range many {
		many[i] = strings.Repeat("x", 1<<10)
	}
	for _, test := range []struct {
		entries []string
		most    int
		want    string
	}{
		{nil, 3, ""},
		{[]string{"a"}, 3, `"a"`},
		{[]string{"a", "b", "c"}, 3, `"a", "b", "c"`},
		{[]string{"a", "joe@corp.com", "c"}, 2, `"a", "[e-mail address]" and 1 more`},
		{[]string{"a", "b"}, 0, `"a" and 1 more`},
		{[]string{"a\nb"}, 1, `"a b"`},
	} {
		expectEqual(t, "the list", s.list(test.entries, test.most), test.want)
	}
	got := s.list(many, 1000)
	if len(got) > maxListed*(maxScrubOutput+10)+20 || !strings.HasSuffix(got, " and 19975 more") {
		t.Errorf("the list has %d bytes and ends in %s", len(got), got[len(got)-20:])
	}
}

func TestPatternsMaskWhatAScrubberReplaces(t *testing.T) {
	const secret = "Zx81-kPq7_vLw93mNb5tRy2cHd6"
	patterns := LogMasks(secret, "a", scrubbedSecret)
	mask := func(text string) string {
		for _, p := range patterns {
			text = p.ReplaceAllString(text, "***")
		}
		return text
	}
	for name, encode := range encodings() {
		if strings.Contains(name, "twice") || strings.Contains(name, "layer") || strings.Contains(name, " in ") &&
			name != "base64 in a query" {
			continue // encoded in several ways at once
		}
		for _, hidden := range []string{secret, scrubbedToken} {
			if hidden == scrubbedToken && name != "plain" {
				continue
			}
			if got := mask("x " + encode(hidden) + " y"); tells(got, hidden) || !strings.HasPrefix(got, "x ") ||
				!strings.HasSuffix(got, " y") {
				t.Errorf("%s: %q is left", name, got)
			}
		}
		if strings.Contains(name, "ase64") || strings.Contains(name, "Basic") {
			continue // there is no pattern for an address in base64
		}
		for _, address := range scrubbedAddresses() {
			if strings.Contains(address, `\"`) {
				continue
			}
			if got := mask("x " + encode(address) + " y"); tells(got, pieces(address)...) {
				t.Errorf("%s: %q is left of %q", name, got, address)
			}
		}
	}
	expectEqual(t, "what is harmless", mask("GET /api/customers/xYZkjABcde 100% &amp; \\n"),
		"GET /api/customers/xYZkjABcde 100% &amp; \\n")
}

func FuzzScrubber(f *testing.F) {
	const secret = "Zx81-kPq7_vLw93mNb5tRy2cHd6"
	address := `jo'hn+d/oe&@topsecretcorp.com`
	for _, around := range surroundings {
		before, after, _ := strings.Cut(around, "%s")
		f.Add(before, after, byte(0), false)
		f.Add(before, after, byte(len(before)), true)
	}
	f.Add(strings.Repeat("x ", 2000), strings.Repeat("y", 3000), byte(3), true)
	forms := encodings()
	names := slices.Sorted(maps.Keys(forms))
	s := newScrubber(secret)
	f.Fuzz(func(t *testing.T, before, after string, form byte, isAddress bool) {
		hidden := secret
		if isAddress {
			hidden = address
		}
		name := names[int(form)%len(names)]
		got := s.text(before + forms[name](hidden) + after)
		printableLine(t, got)
		remains := []string{secret, secret[:12]}
		if isAddress {
			remains = []string{address, "topsecretcorp", "jo'hn+d/oe"}
		}
		for _, piece := range remains {
			if strings.Contains(before+after, piece) {
				return
			}
		}
		if tells(got, remains...) {
			t.Errorf("%s between %q and %q becomes %q", name, before, after, got)
		}
	})
}
