package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// protocolVersion is what main.go serves. A Registry that finds no manifest assumes 5.0, and CLIs then refuse.
const protocolVersion = "6.0"

func (d dist) verifyManifest() (string, error) {
	content, err := os.ReadFile(filepath.Join(d.tree, manifestFile))
	if err != nil {
		return "", fmt.Errorf("reading the manifest: %w", err)
	}

	var manifest struct {
		Version  int `json:"version"`
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		} `json:"metadata"`
	}

	if err := json.Unmarshal(content, &manifest); err != nil {
		return "", fmt.Errorf("reading the manifest: %w", err)
	}

	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.ProtocolVersions, []string{protocolVersion}) {
		return "", fmt.Errorf("%s is not version 1 with protocol %s", manifestFile, protocolVersion)
	}

	return "the manifest promises protocol " + protocolVersion, nil
}

// verifyReleaseFiles looks into goreleaser's effective configuration, because a snapshot publishes nothing: the
// manifest has to be uploaded as well as summed.
func (d dist) verifyReleaseFiles() (string, error) {
	content, err := os.ReadFile(d.path("config.yaml"))
	if err != nil {
		return "", fmt.Errorf("reading goreleaser's configuration: %w", err)
	}

	release := section(string(content), "release")
	for _, want := range []string{"glob: " + manifestFile, "_manifest.json"} {
		if !strings.Contains(release, want) {
			return "", fmt.Errorf("the section release of .goreleaser.yml does not upload the manifest: %q is missing", want)
		}
	}

	return "the manifest is uploaded with the release as " + d.manifestName(), nil
}

// section cuts a top-level key with all that is below it out of a YAML document.
func section(document, key string) string {
	var (
		lines  strings.Builder
		inside bool
	)

	for line := range strings.Lines(document) {
		if topLevel := strings.TrimLeft(line, " -\n") == line && line != "\n"; topLevel {
			inside = strings.HasPrefix(line, key+":")
		}

		if inside {
			lines.WriteString(line)
		}
	}

	return lines.String()
}
