package main

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()

	got := parse(
		"?   \texample.com/a\t[no test files]\nFuzzA\nFuzzB\nok  \texample.com/b\t0.1s\nok  \texample.com/c\t0.1s\n" +
			"FuzzC\nok  \texample.com/d\t0.1s\n",
	)
	want := []target{{"FuzzA", "example.com/b"}, {"FuzzB", "example.com/b"}, {"FuzzC", "example.com/d"}}

	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRanOutOfTime(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		output string
		want   bool
	}{
		"the deadline": {
			"fuzz: elapsed: 5s\n--- FAIL: FuzzA (5.07s)\n    context deadline exceeded\nFAIL\nexit status 1\nFAIL\tp\t5s\n",
			true,
		},
		"an input": {
			"--- FAIL: FuzzA (0.02s)\n    --- FAIL: FuzzA (0.00s)\n        a_test.go:9: bad\n\nFAIL\n",
			false,
		},
		"both": {
			"--- FAIL: FuzzA (0.02s)\n    --- FAIL: FuzzA (0.00s)\n        a_test.go:9: context deadline exceeded\n\nFAIL\n",
			false,
		},
		"a panic": {"panic: context deadline exceeded\n", false},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := ranOutOfTime(test.output); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
