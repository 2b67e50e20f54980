package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// answers replaces the go command in tests. Its provider is linked from
// example.com/a on every system, and from example.com/windows on Windows only.
func answers(versions string, err error) command {
	return func(_ context.Context, env []string, args ...string) ([]byte, error) {
		switch {
		case slices.Contains(args, "-deps") && slices.Contains(env, "GOOS=windows"):
			return []byte("\nexample.com/a\nexample.com/windows\n"), nil
		case slices.Contains(args, "-deps"):
			return []byte("\nexample.com/a\n\nexample.com/a\n"), nil
		case !slices.Equal(args[len(args)-2:], []string{"example.com/a", "example.com/windows"}):
			return nil, errors.New("asked for " + strings.Join(args, " "))
		default:
			return []byte(versions), err
		}
	}
}

func TestModulesThatAreBehindAreReported(t *testing.T) {
	t.Parallel()

	const (
		newest = `{"Path":"example.com/a","Version":"v1.1.0"}{"Path":"example.com/windows","Version":"v0.1.0"}`
		old    = `{"Path":"example.com/a","Version":"v1.1.0"}` +
			`{"Path":"example.com/windows","Version":"v0.1.0","Update":{"Version":"v0.2.0"}}`
		unknown = `{"Path":"example.com/a","Version":"v1.1.0","Error":{"Err":"no such host"}}`
	)

	tests := map[string]struct {
		versions string
		err      error
		want     string
		// failure is the error with -fail.
		failure string
	}{
		"all are new": {versions: newest, want: "All 2 linked modules have their newest version."},
		"one is old": {
			versions: old,
			want:     "example.com/windows v0.1.0, the newest is v0.2.0",
			failure:  "upgrade them with",
		},
		"the proxy can't be reached": {
			err:     errors.New("no such host"),
			want:    "It is unknown whether",
			failure: "no such host",
		},
		"a module can't be looked up": {versions: unknown, want: "It is unknown whether", failure: "no such host"},
		"an answer is broken":         {versions: "{", want: "It is unknown whether", failure: "reading the newer versions"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var out strings.Builder
			if err := run(t.Context(), nil, &out, answers(test.versions, test.err)); err != nil {
				t.Errorf("without -fail it failed: %v", err)
			}

			if !strings.Contains(out.String(), test.want) {
				t.Errorf("got %q, want in it %q", out.String(), test.want)
			}

			err := run(t.Context(), []string{"-fail"}, &out, answers(test.versions, test.err))

			switch {
			case test.failure == "" && err != nil:
				t.Errorf("with -fail it failed: %v", err)
			case test.failure != "" && (err == nil || !strings.Contains(err.Error(), test.failure)):
				t.Errorf("with -fail it gave %v, want an error with %q", err, test.failure)
			}
		})
	}
}

func TestListingTheModulesMustSucceed(t *testing.T) {
	t.Parallel()

	broken := func(context.Context, []string, ...string) ([]byte, error) { return nil, errors.New("no go.mod") }
	if err := run(t.Context(), nil, &strings.Builder{}, broken); err == nil {
		t.Error("a tree that can't be listed passed")
	}
}
