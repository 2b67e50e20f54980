package examples

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// pipelines is the folder of the guide "Pipelines".
var pipelines = filepath.Join(root, "examples", "pipelines")

// pipeline returns a workspace with an example of the guides.
func pipeline(t *testing.T, name string, commands ...string) *workspace {
	t.Helper()
	c, folder := pipelineFolder(t, name, commands...)
	return newWorkspace(t, c, folder)
}

// pipelineFolder finds an example of the guides, and what is needed to run it.
func pipelineFolder(t *testing.T, name string, commands ...string) (*cli, string) {
	t.Helper()
	needs(t, append(commands, "sh")...)
	c := realCLI(t)
	folder := filepath.Join(pipelines, name)
	skipWithoutFeatures(t, c, readAll(t, folder, "*.tf")+readAll(t, folder, "*.tftest.hcl"))
	return c, folder
}

func TestAccPipelineNoticesDrift(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "drift")
	code, output := w.shell(t, "commercelayer-emulator exec -data before.json -next after.json -- sh rehearse.sh")
	if code != 0 || !strings.Contains(output, `"acquired" -> "repeat"`) {
		t.Errorf("got %d and\n%s", code, output)
	}
}

// TestAccPolicyLooksWhereCustomersAre checks that a real plan has the structure
// that the policy expects. The tests of the policy itself, which OPA runs, use
// an example of a plan.
func TestAccPolicyLooksWhereCustomersAre(t *testing.T) {
	t.Parallel()
	w := pipeline(t, "policy", "jq")
	w.mustPerform(t, "terraform plan -out=plan.tfplan")
	_, output := w.shell(t, `terraform show -json plan.tfplan | jq --compact-output '
		.prior_state.values.root_module.resources[] | [.mode, .type, (.values | .mode, .customers[0]?.mode)]'`)
	want := `["data","commercelayer_customer","test",null] ["data","commercelayer_customers",null,"test"]`
	if unwrapped(output) != want {
		t.Errorf("got\n%s\nwant\n%s", output, want)
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
	if code, output := w.shell(t, "sh record.sh recorded"); code != 0 || output != "" {
		t.Fatalf("%d\n%s", code, output)
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
	if code, output := w.shell(t, "commercelayer-emulator exec -data recorded -- terraform plan"); code != 0 {
		t.Errorf("%d\n%s", code, output)
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
	if code, output := w.shell(t, "sh plan-all.sh "+strings.Join(folders, " ")); code != 0 {
		t.Fatalf("%d\n%s", code, output)
	}
	tokens, reads := w.api.Count(http.MethodPost, "/oauth/token"), w.api.Count(http.MethodGet, "/api/customers")
	if tokens != 1 || reads != 3 {
		t.Errorf("%d tokens and %d customers were asked for, want 1 and 3", tokens, reads)
	}
	// The exit code says that one of the folders could not be planned.
	if code, _ := w.shell(t, "sh plan-all.sh one absent"); code == 0 {
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
	if code, output := w.shell(t, line); code != 0 || !strings.Contains(output, "1 passed") {
		t.Errorf("%d\n%s", code, output)
	}
	report := readAll(t, w.driver.WorkingDir(), "report.xml")
	if strings.Contains(report, `name="finds_the_customers_of_the_segment"`) != junit {
		t.Errorf("got the report\n%s", report)
	}
}
