// Package redact decides what of a text from outside may be shown in an error
// or a log. A server may send back a token, a secret or an e-mail address, in
// any field and in any form. A list of what to hide is never complete. So this
// package knows what may be shown: plain words in prose, and short names where
// a name is expected. It shows [Withheld] in the place of anything else.
package redact

import (
	"regexp"
	"strings"
)

// Withheld is shown in the place of what is not shown.
const Withheld = "[…]"

const (
	// maxInput is how many bytes of a text are looked at.
	maxInput = 2048
	// maxShown is how many bytes of a text are shown, without the mark at the end
	// of a text that was cut.
	maxShown = 300
	cutOff   = "…"
)

// The parts of the patterns below.
const (
	blank = `\s\v\x{85}\p{Z}`
	upper = `A-ZÀ-ÖØ-Þ`
	lower = `a-zß-öø-ÿ`
	// word is a word in one case or capitalized, a short number, or what stands in
	// the place of something that was withheld before.
	word = `(?:[` + upper + `]?[` + lower + `]{1,20}|[` + upper + `]{1,20}s?|\d{1,6}|\[…\])`
	// chain is one word, or several with single marks in between, such as
	// customer_group, can't, application/json and filter[q][email_eq].
	chain = word + `(?:(?:[-_/.:+,'’]|\]?\[|[.,;:]? )` + word + `)*\]?`
	// part is a part of a name, such as an ID. Its length has a bound, because
	// most access tokens are longer.
	part = `[` + upper + lower + `0-9_.-]{1,64}`
	// before and behind are the marks around words and names.
	before = `[(\[]*`
	behind = `[)\].,;:!?…%'’]*`
)

var (
	// unit is a word with what belongs to it: everything up to the next blank. A
	// text in quotes is one unit, and so is everything around an @, because an
	// address may contain blanks there.
	unit = regexp.MustCompile(`(?i)(?:"[^"]*(?:"|$)|[` + blank + `]*` + atSign + `[` + blank + `]*|[^` + blank + `])+`)
	// inProse matches the units that are shown in prose: plain words, maybe in
	// quotes, and single marks.
	inProse = regexp.MustCompile(`^(?:` + before + `(?:` + chain + `|"` + chain + `[.!?]?"|'` + chain + `'|` +
		"`" + chain + "`" + `)` + behind + `|[-–—|·•&:/]|…)$`)
	// inNames matches the other units that are shown where names are expected:
	// names with marks in between, such as https://auth.example.com:8080.
	inNames = regexp.MustCompile(
		`^` + before + `["'/]?` + part + `(?:[]/:;,+\["' ]{1,3}` + part + `)*["'/]?` + behind + `$`)
)

// Prose returns what may be shown of a text that a person wrote, such as the
// detail of an error: plain words and short numbers. The result is one line of
// limited length.
func Prose(text string, secrets Secrets) string {
	return withhold(shown(text, inProse.MatchString), secrets.In)
}

// Name returns what may be shown of a name, such as an ID or a host, or of a
// few names in a row. It shows nothing that can be decoded to an e-mail
// address, to a secret, or to a longer text.
func Name(text string, secrets Secrets) string {
	isShown := func(u string) bool { return inNames.MatchString(u) || inProse.MatchString(u) }
	return withhold(shown(text, isShown), secrets.inName)
}

// Path returns what may be shown of the path of a URL. Each part of it is a
// name.
func Path(path string, secrets Secrets) string {
	names := strings.Split(path, "/")
	for i, name := range names {
		names[i] = Name(name, secrets)
	}
	return withhold(strings.Join(names, "/"), secrets.inName)
}

// shown keeps the units that may be shown, with one blank in between.
func shown(text string, isShown func(string) bool) string {
	truncated := len(text) > maxInput
	if truncated {
		text = text[:maxInput]
	}
	units := unit.FindAllString(text, -1)
	if truncated && len(units) > 0 {
		units[len(units)-1] = "" // it may be half an address
	}
	var kept strings.Builder
	last := ""
	for _, u := range units {
		if !isShown(u) {
			u = Withheld
			if last == Withheld {
				continue
			}
		}
		if truncated = truncated || kept.Len()+len(u) >= maxShown; kept.Len()+len(u) >= maxShown {
			break
		}
		if last != "" {
			kept.WriteByte(' ')
		}
		kept.WriteString(u)
		last = u
	}
	if truncated && last != cutOff {
		kept.WriteString(" " + cutOff)
	}
	return strings.TrimSpace(kept.String())
}

// withhold returns the text, or [Withheld] if it must not be shown.
func withhold(text string, isHidden func(string) bool) string {
	if isHidden(text) {
		return Withheld
	}
	return text
}
