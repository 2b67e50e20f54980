package examples

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// pipelines is the folder of the guide "Pipelines".
var pipelines = filepath.Join(root, "examples", "pipelines")

// tools returns a folder for PATH. It has the emulator as a command, and the
// CLI under the name terraform.
func tools(t *testing.T, c *cli) string {
	t.Helper()
	dir := filepath.Join(built, "tools")
	builtTools.once.Do(func() {
		err := clidriver.Build(t.Context(), dir, root+"/internal/cmd/commercelayer-emulator")
		path := c.path
		if err == nil {
			path, err = exec.LookPath(path)
		}
		if err == nil {
			path, err = filepath.Abs(path)
		}
		if err == nil {
			err = os.Symlink(path, filepath.Join(dir, "terraform"))
		}
		builtTools.err = err
	})
	if builtTools.err != nil {
		t.Fatal(builtTools.err)
	}
	return dir
}

var builtTools struct {
	once sync.Once
	err  error
}

// script runs a line of shell as a pipeline does. It returns the exit code and
// the output.
func (w *workspace) script(t *testing.T, line string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	command := exec.CommandContext(t.Context(), "sh", "-c", line)
	w.setEnvironment()
	command.Dir = w.driver.WorkingDir()
	command.Env = append(w.driver.Environ(), "PATH="+strings.Join([]string{w.path, tools(t, w.cli), os.Getenv("PATH")},
		string(os.PathListSeparator)),
		"TF_INPUT=0", "TF_CLI_ARGS=-no-color")
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

// pipeline returns a workspace with an example of the guides.
func pipeline(t *testing.T, name string, needs ...string) *workspace {
	t.Helper()
	c, folder := pipelineFolder(t, name, needs...)
	return newWorkspace(t, c, folder)
}

// pipelineFolder finds an example of the guides, and what is needed to run it.
func pipelineFolder(t *testing.T, name string, needs ...string) (*cli, string) {
	t.Helper()
	c := realCLI(t)
	for _, command := range append(needs, "sh") {
		if _, err := exec.LookPath(command); err != nil {
			t.Skipf("this machine has no %s", command)
		}
	}
	folder := filepath.Join(pipelines, name)
	skipWithoutFeatures(t, c, readAll(t, folder, "*.tf")+readAll(t, folder, "*.tftest.hcl"))
	return c, folder
}

func TestAccPipelineNoticesDrift(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "drift")
	code, stdout, stderr := w.script(t, "commercelayer-emulator exec -data before.json -next after.json -- sh rehearse.sh")
	if code != 0 || !strings.Contains(stdout, `"acquired" -> "repeat"`) {
		t.Errorf("got %d and\n%s\n%s", code, stdout, stderr)
	}
}

// TestAccPipelineRehearsalFailsWithoutAnApply leaves the customer out, so that
// the first of both runs fails.
func TestAccPipelineRehearsalFailsWithoutAnApply(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "drift")
	if err := w.driver.Write("nobody.json", `{"data": []}`); err != nil {
		t.Fatal(err)
	}
	// The second run would see a change.
	code, stdout, stderr := w.script(t, "commercelayer-emulator exec -data nobody.json -next after.json -- sh rehearse.sh")
	if code != 1 || !strings.Contains(stderr, "Customer not found") || strings.Contains(stdout, "partner_status") {
		t.Errorf("got %d and\n%s\n%s", code, stdout, stderr)
	}
}

// TestAccPolicyLooksWhereCustomersAre checks that a real plan has the structure
// that the policy expects. The tests of the policy itself, which OPA runs, use
// an example of a plan.
func TestAccPolicyLooksWhereCustomersAre(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "policy")
	w.mustRun(t, "plan", "-input=false", "-out=plan.tfplan")
	_, stdout, _ := w.script(t, "terraform show -json plan.tfplan")
	var plan struct {
		PriorState struct {
			Values struct {
				RootModule struct {
					Resources []struct {
						Mode, Type string
						Values     struct {
							ID, Mode  string
							Customers []json.RawMessage
						}
					}
				} `json:"root_module"`
			}
		} `json:"prior_state"`
	}
	if err := json.Unmarshal([]byte(stdout), &plan); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range plan.PriorState.Values.RootModule.Resources {
		found[r.Mode+" "+r.Type] = r.Values.ID == "xYZkjABcde" && r.Values.Mode == "test" || len(r.Values.Customers) > 0
	}
	want := map[string]bool{"data commercelayer_customer": true, "data commercelayer_customers": true}
	if !maps.Equal(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
}

// TestAccPipelineRecords records data from an emulator, and serves it with
// another emulator.
func TestAccPipelineRecords(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "record", "curl", "jq")
	w.api.AddCustomer(emulator.Customer{
		ID: "wItHnOtEsX", Email: "private@personal.example",
		Metadata: json.RawMessage(`{"note":"write to <Eve@Personal.example>!"}`),
	})
	w.env["COMMERCELAYER_TOKEN"] = emulator.DefaultToken
	w.env["PAUSE"] = "0"
	code, stdout, stderr := w.script(t, "sh record.sh recorded")
	if code != 0 || stdout != "" || stderr != "" {
		t.Fatalf("%d\n%s\n%s", code, stdout, stderr)
	}
	recorded := readAll(t, filepath.Join(w.driver.WorkingDir(), "recorded"), "*.json")
	for _, personal := range []string{"john@example.com", "ada@example.com", "personal.example",
		"Personal.example", "Travis", "mary@", "customer-000001@"} {
		if strings.Contains(recorded, personal) {
			t.Errorf("the recording still has %s", personal)
		}
	}
	for _, want := range []string{"xYZkjABcde@example.com", "write to <removed@example.com>!", "Lovelace"} {
		if !strings.Contains(recorded, want) {
			t.Errorf("the recording lacks %s", want)
		}
	}
	data, err := emulator.ReadData(filepath.Join(w.driver.WorkingDir(), "recorded"))
	if err != nil {
		t.Fatal(err)
	}
	got, want := len(emulator.New(emulator.WithData(data)).CustomerIDs()), len(w.api.CustomerIDs())
	if got != want || want <= 50 {
		t.Errorf("%d of %d customers were recorded", got, want)
	}
	// The configuration can be planned with the recorded data.
	code, _, stderr = w.script(t, "commercelayer-emulator exec -data recorded -- terraform plan")
	if code != 0 {
		t.Errorf("%d\n%s", code, stderr)
	}
}

func TestAccPipelinesShareAToken(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "token", "curl", "jq", "xargs")
	w.env["COMMERCELAYER_AUTH_ENDPOINT"] = w.env["COMMERCELAYER_DOMAIN"] + "/oauth/token"
	folders := []string{"one", "two", "three"}
	for _, folder := range folders {
		if err := os.CopyFS(filepath.Join(w.driver.WorkingDir(), folder),
			os.DirFS(filepath.Join(pipelines, "token"))); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr := w.script(t, "sh plan-all.sh "+strings.Join(folders, " "))
	if code != 0 {
		t.Fatalf("%d\n%s\n%s", code, stdout, stderr)
	}
	tokens, reads := w.api.Count(http.MethodPost, "/oauth/token"), w.api.Count(http.MethodGet, "/api/customers")
	if tokens != 1 || reads != 3 {
		t.Errorf("%d tokens and %d customers were asked for, want 1 and 3", tokens, reads)
	}
	// The exit code says that one of the folders could not be planned.
	if code, _, _ := w.script(t, "sh plan-all.sh one absent"); code == 0 {
		t.Error("a plan that failed is not noticed")
	}
}

func TestAccPipelineTestsOnTheEmulator(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "emulated-test")
	line := "commercelayer-emulator exec -data customers.json -- terraform test"
	junit := !w.cli.version.OpenTofu && !w.cli.version.Before(1, 11)
	if junit {
		line += " -junit-xml=report.xml"
	}
	code, stdout, stderr := w.script(t, line)
	if code != 0 || !strings.Contains(stdout, "1 passed") {
		t.Errorf("%d\n%s\n%s", code, stdout, stderr)
	}
	if junit {
		report := read(t, filepath.Join(w.driver.WorkingDir(), "report.xml"))
		if !strings.Contains(report, `name="finds_the_customers_of_the_segment"`) {
			t.Errorf("got the report\n%s", report)
		}
	}
}
