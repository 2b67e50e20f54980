package commercelayer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A scrubber makes a text from outside safe to show in a diagnostic or a log.
// It replaces the secrets that it knows, everything that looks like an access
// token, and e-mail addresses.
//
// A server may send these in another form: percent-encoded, escaped for HTML or
// JSON, in base64, or encoded several times. So the text is decoded layer by
// layer, and each layer is searched. What is found in a layer is replaced at
// its place in the original text. If in doubt, the scrubber replaces too much.
// Then the text says less, which is better than a secret that was shown.
type scrubber struct {
	forms []*secretForm
}

// plain is a scrubber that knows no secrets.
var plain = newScrubber()

// Redact makes a text from outside safe to show if it can't contain a known
// secret. The result is one line of limited length, without e-mail addresses
// and access tokens.
func Redact(s string) string { return plain.text(s) }

// newScrubber returns a scrubber that knows the secrets. It ignores secrets
// that are shorter than minScrubbed bytes, because they would appear in almost
// every text.
func newScrubber(secrets ...string) *scrubber {
	s := &scrubber{}
	for _, secret := range secrets {
		if len(secret) >= minScrubbed {
			s.forms = append(s.forms, formsOf(secret)...)
		}
	}
	return s
}

const (
	// minScrubbed is the smallest length in bytes of a secret that is replaced.
	minScrubbed = 6
	// maxScrubInput is how many bytes of a text are searched.
	maxScrubInput = 2048
	// scrubMargin is how much shorter than maxScrubInput a truncated text is. The
	// bound may cut an address in two, and half of an address must not be shown.
	// An address may contain spaces, so cutting off the last word is not enough.
	scrubMargin = 256
	// maxScrubOutput is the length in bytes of the text that is shown.
	maxScrubOutput = 300
)

// text returns a text as one line: valid UTF-8, of limited length, and without
// secrets and personal data.
func (s *scrubber) text(t string) string {
	truncated := len(t) > maxScrubInput
	if truncated {
		t = t[:maxScrubInput-scrubMargin]
		// The text after the last space may be half a word.
		t = t[:strings.LastIndexFunc(t, isUnshown)+1]
	}
	t = s.replace(strings.ToValidUTF8(t, "\uFFFD"))
	if t = strings.Join(strings.FieldsFunc(t, isUnshown), " "); len(t) > maxScrubOutput {
		t, truncated = cutBefore(t, maxScrubOutput), true
	}
	if truncated {
		t += "…"
	}
	return t
}

// isUnshown matches the characters that are shown as a space: white space, and
// characters that a terminal would not show or would take for a command.
func isUnshown(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

// cutBefore shortens a text to at most n bytes. It does not cut within a
// character, and not within one of the scrubber's own labels.
func cutBefore(t string, n int) string {
	for n > 0 && !utf8.RuneStart(t[n]) {
		n--
	}
	if open := strings.LastIndexByte(t[:n], '['); open >= 0 {
		for _, label := range findingLabels {
			if label != "" && strings.HasPrefix(t[open:], label) && open+len(label) > n {
				n = open
			}
		}
	}
	return t[:n]
}

// A finding is what a byte of a text is part of. If two findings overlap, the
// greater one is the label.
type finding byte

const (
	foundNothing finding = iota
	foundAddress
	foundToken
	foundSecret
)

var findingLabels = map[finding]string{
	foundAddress: "[e-mail address]", foundToken: "[token]", foundSecret: "[secret]",
}

// replace replaces everything that must not be shown by a label.
func (s *scrubber) replace(t string) string {
	found := s.find([]byte(t), 0)
	var b strings.Builder
	for i := 0; i < len(t); {
		end := i + 1
		for end < len(t) && (found[end] == foundNothing) == (found[i] == foundNothing) {
			end++
		}
		if found[i] == foundNothing {
			b.WriteString(t[i:end])
		} else {
			b.WriteString(findingLabels[slices.Max(found[i:end])])
		}
		i = end
	}
	return b.String()
}

// maxLayers is how often a text is decoded. If a text can be decoded more
// often, it is replaced, because someone may be hiding something in it.
const maxLayers = 6

// find returns a finding for each byte of a text. depth is how many layers of
// base64 the text was in already.
func (s *scrubber) find(t []byte, depth int) []finding {
	found := make([]finding, len(t))
	v := newView(t)
	for layer := 0; ; layer++ {
		s.findInLayer(v, depth, func(from, to int, what finding) {
			if from >= to {
				return
			}
			from, to = v.from[from], v.to[to-1]
			if what == foundAddress {
				from, to = wordAround(t, from, to)
			}
			for i := from; i < to; i++ {
				found[i] = max(found[i], what)
			}
		})
		next, changed := v.decode()
		if len(changed) == 0 {
			return found
		}
		if layer == maxLayers {
			for _, i := range changed {
				from, to := wordAround(t, v.from[i], v.to[i])
				for j := from; j < to; j++ {
					found[j] = max(found[j], foundSecret)
				}
			}
			return found
		}
		v = next
	}
}

// wordAround extends a range to the spaces around it. Then it leaves out
// brackets, quotes and punctuation at both ends, which are not secret.
func wordAround(t []byte, from, to int) (begin, end int) {
	for from > 0 && !isSpaceByte(t[from-1]) {
		from--
	}
	for to < len(t) && !isSpaceByte(t[to]) {
		to++
	}
	for from < to && strings.IndexByte(`<([{"'`, t[from]) >= 0 {
		from++
	}
	for from < to && strings.IndexByte(`>)]}"'.,;:!?`, t[to-1]) >= 0 {
		to--
	}
	return from, to
}
