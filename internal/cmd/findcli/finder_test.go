package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// newTestFinder makes a finder for which PATH has only the binaries in onPath. Its
// commands do nothing but record their arguments.
func newTestFinder(t *testing.T, onPath map[string]string, ran *[]string, fail error) *finder {
	t.Helper()

	root := t.TempDir()
	for name, version := range map[string]string{wantOpenTofu: "v1.12.6", wantOpenTofu110: "v1.10.10"} {
		dir := filepath.Join(root, "tools", name)
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}

		content := "module tools\n\nrequire (\n\t" + openTofuModule + " " + version + " // indirect\n)\n"
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &finder{
		root:  root,
		cache: t.TempDir(),
		lookPath: func(name string) (string, error) {
			if _, found := onPath[name]; found {
				return "/bin/" + name, nil
			}
			return "", errors.New("not on PATH")
		},
		version: func(_ context.Context, path string) (string, error) {
			return onPath[filepath.Base(path)], nil
		},
		exec: func(_ context.Context, _, name string, args ...string) error {
			*ran = append(*ran, name+" "+strings.Join(args, " "))
			if fail != nil && slices.Contains(args, "hc-install") {
				return fail
			}

			if at := slices.Index(args, "-o"); at >= 0 {
				if err := os.MkdirAll(filepath.Dir(args[at+1]), 0o750); err != nil {
					return err
				}
				return os.WriteFile(args[at+1], nil, 0o600)
			}
			return nil
		},
	}
}

func TestFind(t *testing.T) {
	t.Parallel()

	offline := errors.New("no network")
	tests := map[string]struct {
		want     string
		onPath   map[string]string
		fail     error
		path     string
		openTofu bool
		runs     []string
	}{
		"terraform wins on PATH": {
			want:   wantAuto,
			onPath: map[string]string{"terraform": "1.5.0", "tofu": "1.9.0"},
			path:   "terraform",
		},
		"any tofu serves where it is alone": {
			want:     wantAuto,
			onPath:   map[string]string{"tofu": "1.9.0"},
			path:     "tofu",
			openTofu: true,
		},
		"a new machine gets terraform": {
			want: wantAuto,
			path: "terraform-1.11.4/terraform",
			runs: []string{"hc-install"},
		},
		"without its site, opentofu": {
			want:     wantAuto,
			fail:     offline,
			path:     "opentofu-1.12.6/tofu",
			openTofu: true,
			runs:     []string{"hc-install", "go build"},
		},
		"tofu of the pinned minor is taken": {
			want:     wantOpenTofu,
			onPath:   map[string]string{"tofu": "1.12.0"},
			path:     "tofu",
			openTofu: true,
		},
		"another tofu is not": {
			want:     wantOpenTofu,
			onPath:   map[string]string{"tofu": "1.9.0"},
			path:     "opentofu-1.12.6/tofu",
			openTofu: true,
			runs:     []string{"go build"},
		},
		"the old tofu is built apart": {
			want:     wantOpenTofu110,
			path:     "opentofu-1.10.10/tofu",
			openTofu: true,
			runs:     []string{"go build"},
		},
		"a path is a path": {
			want:     "tofu-nightly",
			onPath:   map[string]string{"tofu-nightly": ""},
			path:     "tofu-nightly",
			openTofu: true,
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var ran []string

			found, err := newTestFinder(t, test.onPath, &ran, test.fail).find(t.Context(), test.want)
			if err != nil {
				t.Fatal(err)
			}

			if !strings.HasSuffix(filepath.ToSlash(found.path), "/"+test.path) || found.openTofu != test.openTofu {
				t.Errorf("found %+v, want a path that ends in %s", found, test.path)
			}

			if len(ran) != len(test.runs) {
				t.Fatalf("ran %q, want %q", ran, test.runs)
			}

			for i, want := range test.runs {
				if !strings.Contains(ran[i], want) {
					t.Errorf("ran %q, want %q", ran[i], want)
				}
			}
		})
	}
}

func TestFindBuildsOnce(t *testing.T) {
	t.Parallel()

	var ran []string

	finder := newTestFinder(t, nil, &ran, nil)
	for range 2 {
		if _, err := finder.find(t.Context(), wantOpenTofu); err != nil {
			t.Fatal(err)
		}
	}

	if len(ran) != 1 {
		t.Errorf("ran %q, want one build", ran)
	}
}

func TestFindRefusesWhatIsNoBinary(t *testing.T) {
	t.Parallel()

	var ran []string
	if found, err := newTestFinder(t, nil, &ran, nil).find(t.Context(), "trraform"); err == nil {
		t.Errorf("found %+v, want an error", found)
	}
}

func TestMinor(t *testing.T) {
	t.Parallel()

	for version, want := range map[string]string{"1.12.6": "1.12", "1.12.0-rc1": "1.12", "1.10.10": "1.10", "2.0": "2.0"} {
		if got := minor(version); got != want {
			t.Errorf("minor(%q) = %q, want %q", version, got, want)
		}
	}
}
