package linked

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/google/licensecheck"
)

// Text is a file that has to go with the binary, because the module's licence
// requires it.
type Text struct {
	Name, Content string
}

// The beginnings of the names of such files, in capital letters. The licences
// themselves come first, and then the files to which licences refer.
var (
	licences = []string{"LICENSE", "LICENCE", "COPYING"}
	notices  = []string{"NOTICE", "PATENTS", "AUTHORS"}
)

// permitted are the licences whose terms are met by the notices in the
// archives. A module with another licence is an error, because somebody has to
// read its terms first.
var permitted = []string{
	"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0",
}

// scanner knows only the permitted licences. It would take seconds to make a
// scanner for all known licences.
var scanner = sync.OnceValues(func() (*licensecheck.Scanner, error) {
	known := slices.DeleteFunc(licensecheck.BuiltinLicenses(), func(l licensecheck.License) bool {
		return !slices.Contains(permitted, l.ID)
	})
	return licensecheck.NewScanner(known)
})

// leastCoverage is the part of a text, in percent, that has to be a known
// licence. The rest of the text names the owners of the copyright.
const leastCoverage = 75

// Texts are the module's licence and notices. A module without any is an error,
// because without a licence nobody may distribute it.
func (m Module) Texts() ([]Text, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return nil, fmt.Errorf("looking for the licence of %s: %w", m.Path, err)
	}

	var found []Text

	for _, entry := range entries {
		if !entry.Type().IsRegular() || !isText(entry.Name(), slices.Concat(licences, notices)) {
			continue
		}

		content, err := os.ReadFile(filepath.Join(m.Dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the licence of %s: %w", m.Path, err)
		}

		found = append(found, Text{Name: entry.Name(), Content: string(content)})
	}

	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no licence in %s", m.Path, m.Dir)
	}
	return found, nil
}

// isText tells whether a file is a text by its name. LICENSE, LICENSE.txt and
// LICENSE-MIT are texts, but license.go is not.
func isText(name string, beginnings []string) bool {
	if extension := filepath.Ext(name); !slices.Contains([]string{"", ".txt", ".md"}, strings.ToLower(extension)) {
		return false
	}
	return slices.ContainsFunc(beginnings, func(beginning string) bool {
		return strings.HasPrefix(strings.ToUpper(name), beginning)
	})
}

// Licences are the SPDX identifiers of the module's licences.
func (m Module) Licences() ([]string, error) {
	found, err := m.Texts()
	if err != nil {
		return nil, err
	}

	scan, err := scanner()
	if err != nil {
		return nil, fmt.Errorf("reading the known licences: %w", err)
	}

	var ids []string

	for _, text := range found {
		coverage := scan.Scan([]byte(text.Content))
		if !isText(text.Name, licences) || coverage.Percent < leastCoverage {
			continue
		}

		for _, match := range coverage.Match {
			ids = append(ids, match.ID)
		}
	}

	if len(ids) == 0 {
		return nil, fmt.Errorf("the licence of %s is not in the list of permitted licences", m.Path)
	}

	slices.Sort(ids)
	return slices.Compact(ids), nil
}
