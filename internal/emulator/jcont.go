package emulator

import (
	"encoding/json"
	"math"
	"slices"
)

// contains tells whether JSON data contains part, by the rules of PostgreSQL's
// operator @>. An object contains an object with some of its members. An array
// contains an array with some of its elements, in any order.
//
// Simplified: the documentation only says that jcont searches for JSON in
// metadata.
func contains(data, part any) bool {
	switch part := part.(type) {
	case map[string]any:
		members, ok := data.(map[string]any)
		if !ok {
			return false
		}
		for key, want := range part {
			got, ok := members[key]
			if !ok || !contains(got, want) {
				return false
			}
		}
		return true
	case []any:
		elements, ok := data.([]any)
		if !ok {
			return false
		}
		for _, want := range part {
			if !slices.ContainsFunc(elements, func(got any) bool { return contains(got, want) }) {
				return false
			}
		}
		return true
	case json.Number:
		number, ok := data.(json.Number)
		return ok && sameNumber(number, part)
	default:
		return data == part
	}
}

// sameNumber tells whether two numbers are equal. Above 2^53 they are only
// compared as text, because two integers can be the same float64 there.
func sameNumber(a, b json.Number) bool {
	x, errX := a.Float64()
	y, errY := b.Float64()
	return a == b || errX == nil && errY == nil && x == y && math.Abs(x) < 1<<53
}
