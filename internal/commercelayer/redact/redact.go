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

const (
	// plain is a word in one case or capitalized, or a short number. word is one or
	// several of them, such as customer_group, can't and 1.25.3.
	plain = `(?:[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]{1,20}|[A-ZÀ-ÖØ-Þ]{1,20}s?|\d{1,6})`
	word  = plain + `(?:[-_.'’]` + plain + `)*`
	// name is a name, such as an ID. Its length has a bound, because most access
	// tokens are longer.
	name = `[A-Za-zÀ-ÖØ-öø-ÿ0-9_.-]{1,64}`
)

var (
	words = joined(word)
	names = joined(name + `|` + word)
	// unit matches a word with everything up to the next blank. A text in quotes is
	// one unit, and so is everything around an @, because an address may contain
	// blanks there.
	unit = regexp.MustCompile(`(?i)(?:"[^"]*"?|` + blanks + atSign + blanks + `|[^\s\v\x{85}\p{Z}])+`)
)

const (
	blanks = `[\s\v\x{85}\p{Z}]*`
	// atSign matches the forms of the @: as it is, and escaped once or more often
	// for URLs, HTML and JSON.
	atSign = `(?:@|＠|﹫|%(?:25)*(?:u00)?40|&(?:amp;)*(?:#0*64|#x0*40|commat);?|\\+(?:u00|x)40)`
)

// joined returns a pattern for one or several words with marks in between and
// around, such as filter[q][email_eq]. It also matches a mark that stands alone.
func joined(word string) *regexp.Regexp {
	const (
		before  = "[(\\[/]*[\"'`/]?"
		between = `(?:[/:;+, ]{1,3}|\]?\["?)` // blanks are in quotes
		behind  = "[)\\].,;:!?…%\"'’`/]*"
		alone   = `[-–—|·•&:/…]`
	)
	word = `(?:` + word + `|\[…\])`
	return regexp.MustCompile(`^(?:` + before + word + `(?:` + between + word + `)*` + behind + `|` + alone + `)$`)
}

// Name returns what may be shown of a name, such as an ID or a host, or of a
// few names in a row. It is for texts that can't contain a known secret.
func Name(text string) string { return Secrets{}.Name(text) }

// Name is like [Name], and shows no part of a secret.
func (s Secrets) Name(text string) string { return s.withhold(shown(text, names)) }

// Prose returns what may be shown of a text that a person wrote, such as the
// detail of an error: plain words and short numbers. The result is one line of
// limited length.
func (s Secrets) Prose(text string) string { return s.withhold(shown(text, words)) }

// Path returns what may be shown of the path of a URL. Each part of it is a
// name.
func (s Secrets) Path(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = s.Name(part)
	}
	return s.withhold(strings.Join(parts, "/"))
}

// shown keeps the units that match, with one blank in between.
func shown(text string, plain *regexp.Regexp) string {
	isCut := len(text) > maxInput
	units := unit.FindAllString(text[:min(len(text), maxInput)], -1)
	if isCut && len(units) > 0 {
		units = units[:len(units)-1] // it may be half an address
	}
	var kept []string
	size, last := 0, ""
	for _, u := range units {
		if !plain.MatchString(u) {
			u = Withheld
		}
		if u == Withheld && last == Withheld {
			continue
		}
		if size += len(u) + 1; size > maxShown {
			isCut = true
			break
		}
		kept, last = append(kept, u), u
	}
	if isCut && last != cutOff {
		kept = append(kept, cutOff)
	}
	return strings.Join(kept, " ")
}
