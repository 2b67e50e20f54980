package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// verifyChecksums looks for every file of the release in the list of checksums.
// goreleaser lists only the files that its configuration names, so a file can be
// missing. The sums themselves are not compared here. A CLI does that for the
// archive that it installs.
func (d dist) verifyChecksums() (string, error) {
	file, err := d.checksums()
	if err != nil {
		return "", err
	}

	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading the checksums: %w", err)
	}

	listed := map[string]bool{}

	for line := range strings.Lines(string(content)) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		listed[name] = true
	}

	released := []string{
		project + "_" + d.version + "_manifest.json",
		project + "_" + d.version + "_sbom.cdx.json",
		"commercelayer-emulator_" + d.version + "_sbom.cdx.json",
	}
	for _, a := range d.all(kindArchive) {
		released = append(released, a.Name)
	}

	for _, name := range released {
		if !listed[name] {
			return "", fmt.Errorf("%s lacks %s", filepath.Base(file), name)
		}
	}

	if len(listed) != len(released) {
		return "", fmt.Errorf(
			"%s lists %d files, and the release has %d",
			filepath.Base(file),
			len(listed),
			len(released),
		)
	}
	return fmt.Sprintf("%s lists all %d files: archives, bills of materials and the manifest",
		filepath.Base(file), len(released)), nil
}
