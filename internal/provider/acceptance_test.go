package provider

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// testAccProtoV6ProviderFactories serve the provider to the CLI from this
// process. Echo makes a resource of an ephemeral value.
var testAccProtoV6ProviderFactories = factoriesWith(map[string]string{})

// lookupIn returns a function that looks up a variable as [os.LookupEnv] does.
func lookupIn(environment map[string]string) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		value, found := environment[name]
		return value, found
	}
}

// factoriesWith returns factories of a provider that has the given environment.
func factoriesWith(environment map[string]string) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"commercelayer": func() (tfprotov6.ProviderServer, error) {
			return newServer(&commercelayerProvider{version: binaryVersion, environment: lookupIn(environment)}), nil
		},
		"echo": echoprovider.NewProviderServer(),
	}
}

// testAccPreCheck fails a test that could only fail in an odd way: without the
// file of this variable, the CLI does not even tell its version.
func testAccPreCheck(t *testing.T) {
	t.Helper()
	if file := os.Getenv("TF_CLI_CONFIG_FILE"); file != "" {
		if _, err := os.Stat(file); err != nil {
			t.Fatal("TF_CLI_CONFIG_FILE: ", err)
		}
	}
}

// ephemeralChecks skip a test if the CLI has no ephemeral resources.
func ephemeralChecks() []tfversion.TerraformVersionCheck {
	since := tfversion.Version1_10_0
	if os.Getenv("TF_ACC_PROVIDER_HOST") == "registry.opentofu.org" {
		since = tfversion.Version1_11_0
	}
	return []tfversion.TerraformVersionCheck{tfversion.SkipBelow(since)}
}

// emptyPlan is a step that fails if the plan has changes.
func emptyPlan(config string) resource.TestStep {
	return resource.TestStep{
		Config:           config,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
	}
}

// has checks attributes of a data source or resource in the state.
func has(address string, want map[string]knownvalue.Check) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(want)) {
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want[name]))
	}
	return checks
}

// exactly is a check for a string value. A null value fails it.
func exactly(value string) knownvalue.Check { return knownvalue.StringExact(value) }

func null() knownvalue.Check { return knownvalue.Null() }

// saying matches an error that has these words, however the CLI breaks its
// lines.
func saying(words ...string) *regexp.Regexp {
	for i, w := range words {
		words[i] = strings.Join(strings.Fields(regexp.QuoteMeta(w)), `[\s│]+`)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(words, ".*"))
}
