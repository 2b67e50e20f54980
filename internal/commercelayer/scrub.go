package commercelayer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A scrubber makes a text from outside fit for a diagnostic or a log: what a
// server sent, in whatever field. It replaces the secrets it was told of, what
// looks like an access token, and e-mail addresses.
//
// A server may send them back in another form: percent-encoded, as HTML or JSON
// writes them, in base64, or several of these one in another. So the text is
// decoded layer by layer, and looked through at each. What is found in a layer
// is replaced in the text at the place that it was decoded from. In doubt too
// much is replaced: the text then says less, and the other mistake can't be
// undone.
type scrubber struct {
	forms []*secretForm
}

// plain knows no secrets.
var plain = newScrubber()

// Redact makes a text from outside fit to be shown where no secret is near: one
// line, bounded, without e-mail addresses and access tokens.
func Redact(s string) string { return plain.text(s) }

// newScrubber makes a scrubber that knows these secrets. Those shorter than
// minScrubbed bytes are passed over: they would empty every text.
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
	// minScrubbed is how many bytes a secret must have to be replaced.
	minScrubbed = 6
	// maxScrubInput bounds the bytes of a text that are looked at.
	maxScrubInput = 2048
	// scrubMargin is how far before that bound the text ends. An address that
	// the bound would cut in two is not shown at all, even if it has spaces in
	// it.
	scrubMargin = 256
	// maxScrubOutput bounds the bytes of what is shown.
	maxScrubOutput = 300
)

// text makes one line of a text: valid UTF-8, bounded, and without secrets and
// personal data.
func (s *scrubber) text(t string) string {
	truncated := len(t) > maxScrubInput
	if truncated {
		t = t[:maxScrubInput-scrubMargin]
		// What follows the last space may be half a word.
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

// isUnshown tells what is shown as a space: white space, and characters that a
// terminal would obey or not show.
func isUnshown(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

// cutBefore shortens a text to at most so many bytes, between two characters
// and not within one of the scrubber's own labels.
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

// A finding says what a byte of a text belongs to. Where findings overlap, the
// greater one gives the label.
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

// replace puts a label in the place of everything that must not be shown.
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

// maxLayers is how often a text is decoded. Text that can be decoded even more
// often is somebody's attempt to hide something, and replaced.
const maxLayers = 6

// find tells of each byte of a text what it belongs to. Base64 is looked into
// only so deep.
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

// wordAround widens a range to the spaces around it, and leaves out brackets,
// quotes and punctuation at its ends, which tell nothing.
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
