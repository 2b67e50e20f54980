package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// alwaysUnset would change what a CLI does behind a test's back.
var alwaysUnset = []string{
	"TERRAFORM_CONFIG", "TF_CLI_ARGS*", "TF_DATA_DIR", "TF_PLUGIN_CACHE_DIR", "TF_REATTACH_PROVIDERS", "TF_VAR_*",
	"TF_WORKSPACE",
}

// hermeticUnset is for runs that must see nothing but the emulator, and print
// nothing but their results.
var hermeticUnset = []string{"COMMERCELAYER_*", "TF_*", "TOFU_*"}

// shellLines are what a POSIX shell evaluates before an acceptance test run.
// The CLI's configuration file is replaced by an empty one, because the default
// one of the home directory would be read without it.
func shellLines(found cli, environ []string, hermetic bool) string {
	patterns := alwaysUnset
	if hermetic {
		patterns = slices.Concat(alwaysUnset, hermeticUnset)
	}

	var lines strings.Builder

	for _, name := range matching(environ, patterns) {
		fmt.Fprintf(&lines, "unset %s\n", name)
	}

	exports := [][2]string{
		{"TF_ACC", "1"},
		{"TF_ACC_TERRAFORM_PATH", found.path},
		{"TF_CLI_CONFIG_FILE", os.DevNull},
		{"CHECKPOINT_DISABLE", "1"},
	}
	if found.openTofu {
		exports = append(exports,
			[2]string{"TF_ACC_PROVIDER_HOST", "registry.opentofu.org"},
			[2]string{"TF_ACC_PROVIDER_NAMESPACE", "hashicorp"})
	}

	for _, export := range exports {
		fmt.Fprintf(&lines, "export %s=%s\n", export[0], quote(export[1]))
	}
	return lines.String()
}

// matching are the names of the variables that a pattern names, in order. A
// pattern may end in an asterisk.
func matching(environ, patterns []string) []string {
	var names []string

	for _, variable := range environ {
		name, _, _ := strings.Cut(variable, "=")
		if isShellName(name) &&
			slices.ContainsFunc(patterns, func(pattern string) bool { return matches(name, pattern) }) {
			names = append(names, name)
		}
	}

	slices.Sort(names)
	return names
}

func matches(name, pattern string) bool {
	if prefix, found := strings.CutSuffix(pattern, "*"); found {
		return strings.HasPrefix(name, prefix)
	}
	return name == pattern
}

// isShellName guards the lines that a shell will evaluate.
func isShellName(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == "" &&
		(name[0] < '0' || name[0] > '9')
}

func quote(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
