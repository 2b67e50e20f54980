package filter

import (
	"slices"
	"strings"
)

// maxNear is how many matchers [Nearest] returns.
const maxNear = 3

// Nearest returns the matchers that a person may have meant who wrote a
// predicate that does not end in one. They begin like one of its words: gteq
// like gte, or eq like equals. If there are few, the most usual ones follow.
func Nearest(predicate string) []string {
	var near []string
	add := func(matcher string) {
		if matcher != "" && !slices.Contains(near, matcher) {
			near = append(near, matcher)
		}
	}
	for _, word, found := strings.Cut(predicate, "_"); found; _, word, found = strings.Cut(word, "_") {
		longer, shorter := "", ""
		for _, matcher := range Matchers {
			if strings.HasPrefix(matcher, word) && (longer == "" || len(matcher) < len(longer)) {
				longer = matcher
			}
			if strings.HasPrefix(word, matcher) && len(matcher) > len(shorter) {
				shorter = matcher
			}
		}
		add(longer)
		add(shorter)
	}
	for _, usual := range []string{"eq", "in", "cont"} {
		add(usual)
	}
	return near[:maxNear]
}
