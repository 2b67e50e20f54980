package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// host is the target of this machine, as goreleaser writes it.
func host() string { return runtime.GOOS + "_" + runtime.GOARCH }

// restrict keeps only the chosen targets in goreleaser's configuration, and
// returns how many it left out. Without a choice it keeps all of them. The target
// of this machine is always kept, because a CLI will install it.
func restrict(configuration []byte, chosen []string) (restricted []byte, left int, err error) {
	if len(chosen) == 0 {
		return configuration, 0, nil
	}

	var document map[string]any
	if err := yaml.Unmarshal(configuration, &document); err != nil {
		return nil, 0, fmt.Errorf("reading goreleaser's configuration: %w", err)
	}

	builds, _ := document["builds"].([]any)
	if len(builds) == 0 {
		return nil, 0, errors.New("goreleaser's configuration has no builds")
	}

	chosen = append(slices.Clone(chosen), host())

	for _, item := range builds {
		build, _ := item.(map[string]any)
		all, _ := build["targets"].([]any)

		for _, name := range chosen {
			if !slices.Contains(all, any(name)) {
				return nil, 0, fmt.Errorf("%s is not a target of the release", name)
			}
		}

		kept := slices.DeleteFunc(slices.Clone(all), func(t any) bool {
			name, ok := t.(string)
			return !ok || !slices.Contains(chosen, name)
		})
		build["targets"], left = kept, len(all)-len(kept)
	}

	restricted, err = yaml.Marshal(document)
	return restricted, left, err
}

func writeRestricted(from, to string, chosen []string) (left int, err error) {
	content, err := os.ReadFile(from)
	if err != nil {
		return 0, fmt.Errorf("reading goreleaser's configuration: %w", err)
	}

	restricted, left, err := restrict(content, chosen)
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(to, restricted, 0o600); err != nil {
		return 0, fmt.Errorf("writing goreleaser's configuration: %w", err)
	}
	return left, nil
}

// parseTargets reads a choice such as "linux_amd64 darwin_arm64".
func parseTargets(only string) []string { return strings.Fields(only) }
