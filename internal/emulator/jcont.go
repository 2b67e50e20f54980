package emulator

import (
	"encoding/json"
	"slices"
	"strconv"
)

// contains says whether JSON data contains part, as PostgreSQL's @> has it: an
// object contains one with some of its members, an array one with some of its
// elements in any order.
//
// Simplified: documented is only that jcont looks for JSON in metadata.
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

// sameNumber compares as text first: integers above 2^53 must not be rounded
// into each other.
func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	if _, err := strconv.ParseInt(a.String(), 10, 64); err == nil {
		if _, err := strconv.ParseInt(b.String(), 10, 64); err == nil {
			return false
		}
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	return errX == nil && errY == nil && x == y
}
