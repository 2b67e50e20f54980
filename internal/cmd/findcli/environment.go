package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// alwaysUnset are variables that change what a CLI does. Tests do not expect
// them.
var alwaysUnset = []string{
	"TERRAFORM_CONFIG", "TF_CLI_ARGS*", "TF_DATA_DIR", "TF_PLUGIN_CACHE_DIR", "TF_REATTACH_PROVIDERS", "TF_VAR_*",
	"TF_WORKSPACE",
}

// hermeticUnset are further variables to unset for runs that must ask only the
// emulator and must print only their results.
var hermeticUnset = []string{"COMMERCELAYER_*", "TF_*", "TOFU_*"}

// shellLines are lines that a POSIX shell evaluates before it runs acceptance
// tests. They set an empty file as the CLI's configuration. Without this setting
// the CLI would read the configuration in the home directory.
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

// matching lists in order the names of the variables that match a pattern. A
// pattern can end with an asterisk, which stands for any text.
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

// isShellName says whether a name can be used in shell lines. Other names are
// left out, because the shell would run what they contain.
func isShellName(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == "" &&
		(name[0] < '0' || name[0] > '9')
}

func quote(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
