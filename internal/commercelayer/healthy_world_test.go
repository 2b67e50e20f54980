package commercelayer_test

import (
	"math/rand/v2"
	"testing"
)

// oddities are the traits of servers that nobody can call wrong.
var oddities = map[string][]string{
	"case":           {"ignored", "ignored by eq", "ignored by in"},
	"api":            {"older", "newer"},
	"past the end":   {"404", "the last page again"},
	"unknown values": {"refused"},
	"mode":           {"missing"},
	"customers":      {"imported"},
	"headers":        {"without Date", "with Age", "with gzip", "with rate limits"},
	"token":          {"opaque"},
	"included":       {"left out if empty", "without linkage to nothing"},
}

// drawHealthy returns oddities. In most worlds customers come and go, and in
// some of them the counts lag a little behind.
func drawHealthy(_ uint64, random *rand.Rand) traits {
	t := traits{}
	if random.IntN(3) > 0 {
		t["customers"] = "come and go"
		t["counts"] = []string{"", "lag behind"}[random.IntN(2)]
	}
	for range random.IntN(5) {
		t.add(oddities, random.Uint64())
	}
	return t
}

// In a healthy organization no read fails or warns without a cause.
func TestHealthyWorldsCauseNoAlarm(t *testing.T) {
	exploreAll(t, 100, drawHealthy, true, 101123, 401599)
}
