package filter

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const (
	// maxNear is how many matchers [Nearest] returns.
	maxNear = 3
	// maxWord is the length of the longest word that is compared with matchers.
	maxWord = 40
)

// Nearest returns the matchers that a person may have meant who wrote a
// predicate that does not end in one. The nearest comes first. If few are near,
// the most usual ones follow.
func Nearest(predicate string) []string {
	far := map[string]int{}
	for _, word, found := strings.Cut(predicate, "_"); found; _, word, found = strings.Cut(word, "_") {
		if len(word) > maxWord {
			continue
		}
		for _, matcher := range Matchers {
			d := distance(word, matcher)
			if d >= (len(word)+1)/2 {
				continue // as little in common as any two words
			}
			if least, seen := far[matcher]; !seen || d < least {
				far[matcher] = d
			}
		}
	}
	near := slices.SortedFunc(maps.Keys(far), func(a, b string) int {
		// Of two that are as near, the longer one has more in common.
		return cmp.Or(far[a]-far[b], len(b)-len(a), cmp.Compare(a, b))
	})
	for _, usual := range []string{"eq", "in", "cont"} {
		if !slices.Contains(near, usual) {
			near = append(near, usual)
		}
	}
	return near[:maxNear]
}

// distance returns how many letters differ between what was written and a
// matcher. A word that only goes on after the matcher, such as equals for eq,
// is as near as a word with one wrong letter.
func distance(word, matcher string) int {
	if strings.HasPrefix(word, matcher) {
		return 1
	}
	row := make([]int, len(matcher)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(word) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(matcher) {
			d := diagonal
			if word[i] != matcher[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(matcher)]
}
