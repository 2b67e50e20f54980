package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const manifestFile = "terraform-registry-manifest.json"

// verifyChecksums compares the file of checksums with the files of the release, both ways.
func (d dist) verifyChecksums() (string, error) {
	content, err := os.ReadFile(d.path(d.checksumName()))
	if err != nil {
		return "", fmt.Errorf("reading the checksums: %w", err)
	}

	sums, err := parseChecksums(string(content))
	if err != nil {
		return "", err
	}

	files := d.releaseFiles()
	for name, path := range files {
		sum, err := checksum(path)
		if err != nil {
			return "", err
		}

		switch listed, found := sums[name]; {
		case !found:
			return "", fmt.Errorf("%s lacks %s", d.checksumName(), name)
		case listed != sum:
			return "", fmt.Errorf("%s has %s for %s, which is %s", d.checksumName(), listed, name, sum)
		}
	}

	for name := range sums {
		if _, found := files[name]; !found {
			return "", fmt.Errorf("%s lists %s, which is no file of the release", d.checksumName(), name)
		}
	}

	return fmt.Sprintf("%s lists %d files, the manifest and the bill of materials among them, each with its own sum",
		d.checksumName(), len(files)), nil
}

// releaseFiles are the checked files by the name under which they are published.
func (d dist) releaseFiles() map[string]string {
	files := map[string]string{
		d.manifestName(): filepath.Join(d.tree, manifestFile),
		d.sbomName():     d.path(d.sbomName()),
	}
	for _, t := range d.targets {
		files[d.zipName(t)] = d.path(d.zipName(t))
	}

	return files
}

// parseChecksums reads the format of sha256sum: the sum, two spaces, the name.
func parseChecksums(content string) (map[string]string, error) {
	sums := map[string]string{}

	for line := range strings.Lines(content) {
		sum, name, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !found || len(sum) != hex.EncodedLen(sha256.Size) || name == "" {
			return nil, fmt.Errorf("no line of checksums: %q", line)
		}

		sums[name] = sum
	}

	return sums, nil
}

func checksum(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading a file of the release: %w", err)
	}

	sum := sha256.Sum256(content)

	return hex.EncodeToString(sum[:]), nil
}
