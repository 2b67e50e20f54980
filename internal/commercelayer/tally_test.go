package commercelayer

import "testing"

// The counts of a list that was read by page number tell newcomers from losses.
func TestCountsOfAListTellNewcomersFromLosses(t *testing.T) {
	for name, test := range map[string]struct {
		counts []int
		read   int
		total  int
		want   string
	}{
		"as many as were counted": {[]int{60, 60}, 60, 60, ""},
		"not counted":             {nil, 60, -1, ""},
		"one came":                {[]int{60, 61}, 60, 60, ""},
		"one came and was read":   {[]int{60, 61}, 61, 61, ""},
		"one went":                {[]int{60, 59}, 59, 59, "changed 59/0"},
		"one went, another came":  {[]int{60, 59, 60}, 60, 60, "changed 60/0"},
		"fewer than at first":     {[]int{60, 61}, 59, 61, "incomplete 59/61"},
		"fewer, without a change": {[]int{60, 60}, 25, 60, "incomplete 25/60"},
		"a count that lags":       {[]int{59, 60}, 60, 60, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVerdict(expectation{})
			for i := range test.read {
				v.seen[Identifier{ID: string(rune('a' + i))}] = true
			}
			for _, n := range test.counts {
				v.counted(n)
			}
			v.conclude()
			expectEqual(t, "the total", v.total, test.total)
			expectEqual(t, "what was found", told(v.findings), test.want)
			if found := v.findings.Of(FindingIncomplete); found != nil {
				expectEqual(t, "whether it was seen to change", found.Changed, test.counts[0] != test.counts[1])
			}
		})
	}
}
