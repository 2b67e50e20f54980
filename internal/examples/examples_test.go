package examples

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// version is the first version of a CLI that has a feature.
type version struct{ major, minor int }

// features has the features that examples use and that some supported versions
// of a CLI do not have.
var features = []struct {
	name                string
	pattern             *regexp.Regexp
	terraform, openTofu version
}{
	{"ephemeral resources", regexp.MustCompile(`(?m)^ephemeral "|^\s*ephemeral\s*=`), version{1, 10}, version{1, 11}},
	{"mocked providers", regexp.MustCompile(`(?m)^mock_provider "`), version{1, 7}, version{1, 8}},
	{"encrypted state", regexp.MustCompile(`(?m)^\s*encryption \{`), never, version{1, 8}},
	{"check blocks", regexp.MustCompile(`(?m)^check "`), version{1, 5}, version{1, 6}},
	{"terraform_data", regexp.MustCompile(`"terraform_data"`), version{1, 4}, version{1, 6}},
	{"postconditions", regexp.MustCompile(`(?m)^\s*postcondition \{`), version{1, 2}, version{1, 6}},
}

// never is the version for a feature that only the other CLI has.
var never = version{1000, 0}

// exampleFolders returns the folders of examples/ that have files.
func exampleFolders(t *testing.T) []string {
	t.Helper()
	var folders []string
	for _, file := range files(t, "examples", "") {
		folders = append(folders, filepath.Dir(file))
	}
	return slices.Compact(slices.Sorted(slices.Values(folders)))
}

// readAll returns the text of all files in a folder whose names match the
// pattern.
func readAll(t *testing.T, folder, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, file := range files {
		text.WriteString(read(t, file))
	}
	return text.String()
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func skipWithoutFeatures(t *testing.T, c *cli, text string) {
	t.Helper()
	for _, feature := range features {
		since := feature.terraform
		if c.version.OpenTofu {
			since = feature.openTofu
		}
		if feature.pattern.MatchString(text) && c.version.Before(since.major, since.minor) {
			t.Skipf("this CLI has no %s before %d.%d", feature.name, since.major, since.minor)
		}
	}
}

// TestExamplesCanBePlannedAsTheyAre looks for the version of the provider, and
// compares the files that examples have in common. Each folder has a copy of its own.
func TestExamplesCanBePlannedAsTheyAre(t *testing.T) {
	t.Parallel()
	required := regexp.MustCompile(`\n +source  = "` + source + `"\n +version = "~> `)
	first := map[string]string{}
	for _, folder := range exampleFolders(t) {
		if !required.MatchString(readAll(t, folder, "*.tf")) {
			t.Errorf("%s does not say which version of the provider it needs", folder)
		}
		for _, name := range shared {
			file := filepath.Join(folder, name)
			switch {
			case !exists(file):
			case filepath.Base(folder) == "two-providers": // this example gives the provider another local name
			case first[name] == "":
				first[name] = file
			case read(t, file) != read(t, first[name]):
				t.Errorf("%s differs from %s", file, first[name])
			}
		}
	}
}

// shared are the files that examples have in common.
var shared = []string{"provider.tf", "versions.tf", "customer.tf"}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func TestAccExamples(t *testing.T) {
	t.Parallel()
	c := realCLI(t)
	for _, folder := range exampleFolders(t) {
		name, err := filepath.Rel(filepath.Join(root, "examples"), folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			t.Parallel()
			configuration := readAll(t, folder, "*.tf")
			skipWithoutFeatures(t, c, configuration)
			w := newWorkspace(t, c, folder)
			if strings.Contains(configuration, "module \"") {
				w.mustPerform(t, "terraform get")
				configuration += readAll(t, filepath.Join(folder, "*"), "*.tf")
			}
			if strings.Count(configuration, "provider \"") < 2 {
				w.debug(t) // one process can't serve several provider blocks
			}
			// A second plan has no changes.
			w.mustPerform(t, "terraform apply -auto-approve", "terraform plan -detailed-exitcode")
			w.checkRequests(t, configuration)
			w.checkState(t, configuration)
			if tests := readAll(t, folder, "*.tftest.hcl"); strings.Contains(tests, "mock_provider") {
				t.Run("test", func(t *testing.T) { w.test(t, tests) })
			}
		})
	}
}

// checkRequests checks that every request had the status 200, and that each
// organization of the example got requests.
func (w *workspace) checkRequests(t *testing.T, configuration string) {
	t.Helper()
	for _, organization := range []struct {
		api   *emulator.Emulator
		reads bool
	}{
		{w.api, strings.Contains(configuration, `"commercelayer_customer`)},
		{w.other, strings.Contains(configuration, "var.wholesale")},
	} {
		for _, r := range organization.api.Requests() {
			if r.Status != http.StatusOK {
				t.Errorf("%s %s was answered with %d", r.Method, r.Path, r.Status)
			}
		}
		if asked := organization.api.Count(http.MethodGet, "/api/customers") > 0; asked != organization.reads {
			t.Errorf("an organization was asked: %t, want %t", asked, organization.reads)
		}
	}
}

// checkState checks that the state has no data that must not be there.
func (w *workspace) checkState(t *testing.T, configuration string) {
	t.Helper()
	state := readAll(t, w.driver.WorkingDir(), "*.tfstate*")
	for _, secret := range []string{emulator.DefaultClientSecret, "eyJhbGci"} { // every JWT begins like this
		if strings.Contains(state, secret) {
			t.Errorf("the state holds %s", secret)
		}
	}
	private := strings.Contains(configuration, `ephemeral "`) || strings.Contains(configuration, "encryption {")
	if private && strings.Contains(state, "@example.com") {
		t.Error("the state holds an e-mail address in clear text")
	}
}

// test runs the example's own tests. They must send no request to the API.
func (w *workspace) test(t *testing.T, tests string) {
	t.Helper()
	skipWithoutFeatures(t, w.cli, tests)
	before := len(w.api.Requests())
	output := w.mustPerform(t, "terraform test")
	if !strings.Contains(output, "Success! ") || strings.Contains(output, "Success! 0 passed") {
		t.Errorf("no test has passed:\n%s", output)
	}
	if after := len(w.api.Requests()); after != before {
		t.Errorf("the mocked tests sent %d requests", after-before)
	}
}

// TestAccExamplesFail gives examples the values that their checks must refuse.
func TestAccExamplesFail(t *testing.T) {
	t.Parallel()
	c := realCLI(t)
	const anonymous = "aNoNyMoUsX"
	completed := "completed"
	tests := map[string]struct {
		folder, variable, value string
		warning                 bool
		want                    string
	}{
		"no account": {
			folder: "customer-by-email", variable: "email", value: "customer-000002@example.com",
			want: "has no account yet, and cannot sign in.",
		},
		"anonymized": {
			folder: "anonymized-customer", variable: "customer_id", value: anonymous, warning: true,
			want: "The customer " + anonymous + " was anonymized.",
		},
		"no active subscription": {
			folder: "active-subscription", variable: "email", value: "customer-000002@example.com",
			want: "has no active subscription.",
		},
		"unknown ID": {
			folder: "many-customers/ids", variable: "customer_ids", value: `["xYZkjABcde","nObOdYaTaL"]`,
			want: "There is no customer with the ID nObOdYaTaL.",
		},
		"other mode": {
			folder: "authentication/mode-guard", variable: "mode", value: "live",
			want: "Error: Wrong mode",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(root, "examples", filepath.FromSlash(test.folder))
			skipWithoutFeatures(t, c, readAll(t, folder, "*.tf"))
			w := newWorkspace(t, c, folder)
			w.api.AddCustomer(emulator.Customer{ID: anonymous, AnonymizationStatus: &completed})
			w.env["TF_VAR_"+test.variable] = test.value
			code, output := w.shell(t, "terraform plan")
			if (code == 0) != test.warning || !strings.Contains(unwrapped(output), test.want) {
				t.Errorf("exit code %d\n%s\nwant in it\n%s", code, output, test.want)
			}
		})
	}
}

// TestAccBesideAProviderThatWrites runs the part of the guide "Two providers"
// that belongs to this provider. The environment has the credentials of the
// other provider.
func TestAccBesideAProviderThatWrites(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, realCLI(t), filepath.Join(root, "examples", "two-providers"))
	w.api.AddApplication(emulator.Application{ClientID: "writer", ClientSecret: "of the other provider"})
	w.env["COMMERCELAYER_CLIENT_ID"] = "writer"
	w.env["COMMERCELAYER_CLIENT_SECRET"] = "of the other provider"
	w.env["COMMERCELAYER_AUTH_ENDPOINT"] = w.env["COMMERCELAYER_DOMAIN"] + "/oauth/token"
	w.env["COMMERCELAYER_API_ENDPOINT"] = w.env["COMMERCELAYER_DOMAIN"]
	w.env["COMMERCELAYER_RATE_LIMITER"] = "true"
	// The credentials in the environment have no permission to read customers.
	// So the read succeeds only with the credentials of the provider block.
	w.mustPerform(t, "terraform apply -auto-approve")
	if n := w.api.Count(http.MethodGet, "/api/customers/"); n != 1 {
		t.Errorf("%d customers were read", n)
	}
	if n := w.api.Count(http.MethodPost, "/oauth/token"); n != 1 {
		t.Errorf("%d tokens were requested", n)
	}
}
