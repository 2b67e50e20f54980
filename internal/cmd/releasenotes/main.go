// Command releasenotes prints the section of a version in CHANGELOG.md. The
// workflow uses it as the text of the release. The command fails when there is no
// such section, or when the section still calls the version unreleased.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "releasenotes:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("releasenotes", flag.ExitOnError)
	file := flags.String("changelog", "CHANGELOG.md", "the file to read")
	if err := flags.Parse(args); err != nil {
		return err
	}

	if flags.NArg() != 1 {
		return errors.New("usage: releasenotes [-changelog file] v1.2.3")
	}

	changelog, err := os.ReadFile(*file)
	if err != nil {
		return fmt.Errorf("reading the changelog: %w", err)
	}

	notes, err := section(string(changelog), flags.Arg(0))
	if err != nil {
		return err
	}

	fmt.Println(notes)
	return nil
}

// title is a heading such as "## 1.2.3 (May 4, 2027)".
var title = regexp.MustCompile(`(?m)^## (\S+) \((.*)\)$`)

// section finds the text below the title of the tag's version. A pre-release
// such as v1.2.3-rc1 can use the section of 1.2.3 when it has none of its own.
// That section may still be called unreleased.
func section(changelog, tag string) (string, error) {
	version := strings.TrimPrefix(tag, "v")
	final, _, isPre := strings.Cut(version, "-")

	if notes, date, found := find(changelog, version); found {
		return checked(notes, date, version, isPre)
	}

	if notes, date, found := find(changelog, final); found && isPre {
		return checked(notes, date, final, isPre)
	}
	return "", fmt.Errorf("CHANGELOG.md has no section \"## %s (date)\"", version)
}

func find(changelog, version string) (notes, date string, found bool) {
	for _, at := range title.FindAllStringSubmatchIndex(changelog, -1) {
		if changelog[at[2]:at[3]] != version {
			continue
		}

		rest := changelog[at[1]:]
		if next := title.FindStringIndex(rest); next != nil {
			rest = rest[:next[0]]
		}
		return strings.TrimSpace(rest), changelog[at[4]:at[5]], true
	}
	return "", "", false
}

func checked(notes, date, version string, isPre bool) (string, error) {
	if notes == "" {
		return "", fmt.Errorf("the section of %s in CHANGELOG.md is empty", version)
	}

	if strings.EqualFold(date, "unreleased") && !isPre {
		return "", fmt.Errorf("CHANGELOG.md calls %s unreleased: write the date there", version)
	}
	return notes, nil
}
