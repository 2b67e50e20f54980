package examples

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// installs matches commands that fetch something from other hosts.
var installs = regexp.MustCompile(`^(go install|apk|apt-get|curl|unzip) `)

// A workflow is what the tests need of a workflow of GitHub.
type workflow struct {
	On          map[string]any
	Env         map[string]string
	Concurrency struct{ Group string }
	Jobs        map[string]struct {
		If          string
		Env         map[string]string
		Concurrency struct{ Group string }
		Steps       []struct {
			Run string
			Env map[string]string
		}
	}
}

// decode reads a file of the guide "Pipelines". A path begins at the root of the
// source tree.
func decode(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// A job is what a runner does for one job of a pipeline: its variables whose
// values are in the file, and its commands in order.
type job struct {
	env      map[string]string
	commands []string
}

func readJob(t *testing.T, file, name string) job {
	t.Helper()
	path := filepath.Join(pipelines, filepath.FromSlash(file))
	j := job{env: map[string]string{}}
	var lines []string
	add := func(env map[string]string, commands ...string) {
		for name, value := range env {
			if !strings.Contains(value, "$") {
				j.env[name] = value
			}
		}
		lines = append(lines, commands...)
	}
	if strings.Contains(file, "github") {
		var text workflow
		decode(t, path, &text)
		add(text.Env)
		add(text.Jobs[name].Env)
		for _, step := range text.Jobs[name].Steps {
			add(step.Env, step.Run)
		}
	} else { // GitLab has the jobs at the top. What they share is .terraform.
		var parts map[string]yaml.Node
		decode(t, path, &parts)
		var own struct {
			Variables    map[string]string
			BeforeScript []string `yaml:"before_script"`
			Script       []string
		}
		shared, jobs := parts[".terraform"], parts[name]
		if err := errors.Join(shared.Decode(&own), jobs.Decode(&own)); err != nil {
			t.Fatal(err)
		}
		add(own.Variables, append(own.BeforeScript, own.Script...)...)
	}
	for _, line := range lines {
		// What is put into a command by the runner is a part of the program,
		// even if a stranger wrote it. Variables are not.
		if strings.Contains(line, "${{") {
			t.Errorf("%s: an expression is in the command %s", file, line)
		}
		if line != "" && !installs.MatchString(line) {
			j.commands = append(j.commands, line)
		}
	}
	if len(j.commands) < 2 {
		t.Fatalf("%s: only %q was found in the job %s", file, j.commands, name)
	}
	return j
}

// runner returns a workspace for a job: a clean checkout of an example with its
// lock file, where init installs the provider.
func runner(t *testing.T, example string, needs ...string) *workspace {
	t.Helper()
	c, folder := pipelineFolder(t, example, needs...)
	w := newEmptyWorkspace(t, c, folder)
	w.path = standIns(t, "gh")
	for _, script := range []string{"quiet.sh", "summary.sh"} {
		if err := w.driver.Write(script, read(t, filepath.Join(pipelines, "plan", script))); err != nil {
			t.Fatal(err)
		}
	}
	binary := filepath.Join(w.cli.provider, "terraform-provider-commercelayer")
	if err := w.driver.AddProvider(binary, source, "0.1.0"); err != nil {
		t.Fatal(err)
	}
	w.mustRun(t, "init", "-backend=false", "-input=false")
	state := t.TempDir()
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context()) // the test's own context has ended by now
		_ = exec.CommandContext(ctx, "gpgconf", "--homedir", state, "--kill", "all").Run()
	})
	maps.Copy(w.env, map[string]string{
		"TF_PLUGIN_CACHE_DIR": filepath.Join(w.driver.WorkingDir(), ".terraform-plugins"),
		"GITHUB_STEP_SUMMARY": filepath.Join(state, "summary.md"),
		"GITHUB_OUTPUT":       filepath.Join(state, "output"),
		"GITHUB_SERVER_URL":   "https://github.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "1",
		"GH_TOKEN": "token", "GH_STATE": state, "PULL_REQUEST": "https://github.com/acme/shop/pull/1",
		"GNUPGHOME": state, "PLAN_PASSPHRASE": "correct horse battery staple",
	})
	return w
}

// perform runs the commands of a job as a runner does: each in a shell of its
// own, and only until one fails.
func (w *workspace) perform(t *testing.T, j job) (code int, output string) {
	t.Helper()
	maps.Copy(w.env, j.env)
	for _, line := range j.commands {
		var stdout, stderr string
		code, stdout, stderr = w.script(t, "set -e\n"+line)
		output += "$ " + line + "\n" + stdout + stderr
		if code != 0 {
			break
		}
	}
	return code, output
}

func (w *workspace) mustPerform(t *testing.T, j job) string {
	t.Helper()
	code, output := w.perform(t, j)
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, output)
	}
	return output
}

// withoutCredentials takes the credentials of the organization away.
func (w *workspace) withoutCredentials() {
	maps.DeleteFunc(w.env, func(name, _ string) bool { return strings.HasPrefix(name, "COMMERCELAYER_") })
}

// TestAccPipelineOfForks runs the jobs that need no secrets.
func TestAccPipelineOfForks(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"plan/github-plan.yml", "plan/gitlab-ci.yml"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			w := runner(t, "plan")
			output := w.mustPerform(t, readJob(t, file, "emulator"))
			if !regexp.MustCompile(`\+ input +=\s+10\b`).MatchString(output) {
				t.Errorf("got\n%s", output)
			}
			if !strings.Contains(output, "GET /api/customers/xYZkjABcde 200") {
				t.Errorf("the requests are not listed:\n%s", output)
			}
			if n := len(w.api.Requests()); n != 0 {
				t.Errorf("the organization of the environment was asked %d times", n)
			}
		})
	}
}

const discountSummary = "### Plan\n\nChanges of resources: 1. Changes of outputs: 0.\n\n" +
	"- `terraform_data.discount`: create\n"

// TestAccPipelineOfPullRequests runs the jobs that have the secrets.
func TestAccPipelineOfPullRequests(t *testing.T) {
	t.Parallel()
	t.Run("GitHub", func(t *testing.T) {
		t.Parallel()
		w := runner(t, "plan", "jq")
		w.mustPerform(t, readJob(t, "plan/github-plan.yml", "organization"))
		for _, file := range []string{w.env["GITHUB_STEP_SUMMARY"], filepath.Join(w.env["GH_STATE"], "comment.md")} {
			if got := read(t, file); got != discountSummary {
				t.Errorf("%s holds\n%s", filepath.Base(file), got)
			}
		}
	})
	t.Run("GitLab", func(t *testing.T) {
		t.Parallel()
		w := runner(t, "plan", "jq")
		output := w.mustPerform(t, readJob(t, "plan/gitlab-ci.yml", "organization"))
		if !strings.Contains(output, discountSummary) {
			t.Errorf("got\n%s", output)
		}
		var counts map[string]int
		if err := json.Unmarshal([]byte(read(t, filepath.Join(w.driver.WorkingDir(), "counts.json"))), &counts); err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{"create": 1, "update": 0, "delete": 0}; !maps.Equal(counts, want) {
			t.Errorf("got %v, want %v", counts, want)
		}
	})
}

// TestAccPipelineAppliesThePlanThatWasApproved hands the plan from one job to
// the next. The second job has no credentials, and asks for no customer.
func TestAccPipelineAppliesThePlanThatWasApproved(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"plan/github-apply.yml", "plan/gitlab-ci.yml"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			plans, applies := runner(t, "plan", "jq", "gpg"), runner(t, "plan", "jq", "gpg")
			plans.api.Close()
			live, domain := startEmulator(t, emulator.WithLive())
			customer := emulator.Customer{ID: "lIvEcUsToM", Email: "live@example.com", Status: "repeat"}
			live.AddCustomer(customer)
			plans.env["COMMERCELAYER_DOMAIN"], plans.env["TF_VAR_buyer_id"] = domain, customer.ID
			output := plans.mustPerform(t, readJob(t, file, "plan"))
			if strings.HasPrefix(filepath.Base(file), "github") {
				if got := read(t, plans.env["GITHUB_OUTPUT"]); got != "status=2\n" {
					t.Errorf("the job ends with the output %q", got)
				}
				output = read(t, plans.env["GITHUB_STEP_SUMMARY"])
			}
			if !strings.Contains(output, discountSummary) {
				t.Errorf("the summary is not shown:\n%s", output)
			}
			artifact := read(t, filepath.Join(plans.driver.WorkingDir(), "plan.tfplan.gpg"))
			if strings.HasPrefix(artifact, "PK") {
				t.Error("the plan is not encrypted")
			}
			if err := applies.driver.Write("plan.tfplan.gpg", artifact); err != nil {
				t.Fatal(err)
			}
			before := len(live.Requests())
			applies.withoutCredentials()
			applies.mustPerform(t, readJob(t, file, "apply"))
			if after := len(live.Requests()); after != before || after == 0 {
				t.Errorf("the plan made %d requests, and the apply %d", before, after-before)
			}
			state := read(t, filepath.Join(applies.driver.WorkingDir(), "terraform.tfstate.d", "live", "terraform.tfstate"))
			if !strings.Contains(state, `"name": "discount"`) {
				t.Errorf("nothing was applied:\n%s", state)
			}
		})
	}
}

// TestAccPipelineDoesNotHandOnAPlanWithoutAPassphrase leaves the secret out.
func TestAccPipelineDoesNotHandOnAPlanWithoutAPassphrase(t *testing.T) {
	t.Parallel()
	w := runner(t, "plan", "jq", "gpg")
	w.env["PLAN_PASSPHRASE"] = ""
	j := readJob(t, "plan/github-apply.yml", "plan")
	j.env["COMMERCELAYER_MODE"] = "test"
	code, output := w.perform(t, j)
	if code == 0 || exists(filepath.Join(w.driver.WorkingDir(), "plan.tfplan.gpg")) {
		t.Errorf("exit code %d\n%s", code, output)
	}
}

// keyed has addresses as keys of instances, of a resource and of a module.
const keyed = `
locals {
  buyers = {
    "ada@example.com"              = "bKqTzWmXdL"
    "odd\"]$${x} \\@ pie@example.com" = "xYZkjABcde"
  }
}

data "commercelayer_customer" "buyer" {
  for_each = local.buyers
  id       = each.value
}

resource "terraform_data" "letter" {
  for_each = local.buyers
  input    = data.commercelayer_customer.buyer[each.key].email
}

module "letters" {
  source   = "./letter"
  for_each = local.buyers
  address  = each.key
}

output "addresses" {
  value = values(data.commercelayer_customer.buyer)[*].email
}
`

const keyedModule = `
variable "address" {
  type = string
}

resource "terraform_data" "letter" {
  count = 2
  input = var.address
}
`

// TestAccPipelinePrintsNoValuesAndNoKeys looks for an address in everything that
// a reader of the log and of the summary sees.
func TestAccPipelinePrintsNoValuesAndNoKeys(t *testing.T) {
	t.Parallel()
	w := runner(t, "plan", "jq")
	if err := os.Mkdir(filepath.Join(w.driver.WorkingDir(), "letter"), 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"main.tf": keyed, "letter/main.tf": keyedModule} {
		if err := w.driver.Write(file, text); err != nil {
			t.Fatal(err)
		}
	}
	w.env["COMMERCELAYER_MODE"] = "" // this is a warning
	output := w.mustPerform(t, job{commands: []string{
		"terraform init -lockfile=readonly",
		"sh quiet.sh plan -out=plan.tfplan",
		"sh summary.sh plan.tfplan",
		"sh quiet.sh apply plan.tfplan",
	}})
	if regexp.MustCompile(`example\.com|@|pie`).MatchString(output) {
		t.Errorf("an address is printed:\n%s", output)
	}
	for _, want := range []string{
		"warning: Mode without effect",
		"Changes of resources: 6. Changes of outputs: 1.",
		"- `module.letters.terraform_data.letter`: create, 4 times\n",
		"- `terraform_data.letter`: create, 2 times\n",
		"- `output.addresses`: create\n",
	} {
		if !strings.Contains(output, want) {
			t.Errorf("got\n%s\nwant in it\n%s", output, want)
		}
	}
	// An error names the place without the key, too.
	w.env["COMMERCELAYER_MODE"] = "live"
	code, output := w.perform(t, job{commands: []string{"sh quiet.sh plan"}})
	if code != 1 || !strings.Contains(output, "error: Wrong mode (data.commercelayer_customer.buyer)\n") ||
		strings.Contains(output, "example.com") {
		t.Errorf("exit code %d\n%s", code, output)
	}
	// The CLI quotes a key that is there twice.
	if err := w.driver.Write("main.tf",
		"output \"twice\" {\n  value = { for id in [\"a\", \"b\"] : \"ada@example.com\" => id }\n}\n"); err != nil {
		t.Fatal(err)
	}
	code, output = w.perform(t, job{commands: []string{"sh quiet.sh plan"}})
	if code != 1 || !strings.Contains(output, "error: Duplicate object key\n") || strings.Contains(output, "example.com") {
		t.Errorf("exit code %d\n%s", code, output)
	}
}

// TestAccPipelineKeepsOneIssueAboutDrift plans four times: when nothing has
// changed, twice after a change, and when the state was updated.
func TestAccPipelineKeepsOneIssueAboutDrift(t *testing.T) {
	t.Parallel()
	w := runner(t, "drift", "jq")
	j := readJob(t, "drift/github-drift.yml", "drift")
	w.env["COMMERCELAYER_MODE"] = "test"
	after := func(file string) {
		t.Helper()
		w.mustPerform(t,
			job{commands: []string{"commercelayer-emulator exec -data " + file + " -- terraform apply -auto-approve"}})
	}
	planned := j.commands[len(j.commands)-1]
	check := func(file, want string) {
		t.Helper()
		if err := w.driver.Write("job.sh", "set -e\n"+planned); err != nil {
			t.Fatal(err)
		}
		w.mustPerform(t, job{commands: []string{"commercelayer-emulator exec -data " + file + " -- sh job.sh"}})
		issues := strings.Join(strings.Fields(read(t, filepath.Join(w.env["GH_STATE"], "issues.json"))), " ")
		if !regexp.MustCompile(want).MatchString(issues) || strings.Contains(issues, "example.com") {
			t.Errorf("got the issues %s, want %s", issues, want)
		}
	}
	w.mustPerform(t, job{commands: j.commands[:len(j.commands)-1]})
	after("before.json")
	check("before.json", `^\[\]$`)
	check("after.json",
		`^\[ \{ "number": 1, "title": "Customers have changed \(test\)", "body": ".*output\.partner_status`+
			"`"+`: update.*/actions/runs/1.*", "comments": 0 \} \]$`)
	check("after.json", `^\[ \{ "number": 1, .*"comments": 1, .*output.partner_status.* \} \]$`)
	after("after.json")
	check("after.json", `^\[\]$`)
}

// TestIssueIsNotCreatedWhenTheListCannotBeRead would find a second issue every
// day that GitHub has a bad day.
func TestIssueIsNotCreatedWhenTheListCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newShell(t, "drift", "gh")
	s.env = append(s.env, "GH_STATE="+s.dir, "GH_TOKEN=")
	if code, output := s.run(t, "issue.sh", "Customers have changed", "2"); code == 0 {
		t.Errorf("the script passes:\n%s", output)
	}
	if got := read(t, filepath.Join(s.dir, "issues.json")); strings.TrimSpace(got) != "[]" {
		t.Errorf("got the issues %s", got)
	}
}

// TestNoRunIsLostAndNoSecretIsMissing looks at what only GitHub can run. A
// concurrency group keeps one pending run, and a newer run cancels it. So only runs
// that replace each other may share a group. Pull requests of forks and of Dependabot
// get no secrets, so jobs with secrets must not run for them.
func TestNoRunIsLostAndNoSecretIsMissing(t *testing.T) {
	t.Parallel()
	const own = "github.event.pull_request.head.repo.full_name == github.repository"
	const person = "github.event.pull_request.user.login != 'dependabot[bot]'"
	for _, file := range files(t, "examples/pipelines", ".yml") {
		if !strings.Contains(file, "github") {
			continue
		}
		var text workflow
		decode(t, file, &text)
		groups := []string{text.Concurrency.Group}
		_, forPulls := text.On["pull_request"]
		for name, job := range text.Jobs {
			groups = append(groups, job.Concurrency.Group)
			if secret := strings.Contains(fmt.Sprint(job), "secrets."); forPulls && secret &&
				(!strings.Contains(job.If, own) || !strings.Contains(job.If, person)) {
				t.Errorf("%s: the job %s has secrets and runs for forks or Dependabot", file, name)
			}
		}
		for _, group := range groups {
			if group != "" && !strings.Contains(group, "github.event.pull_request.number") {
				t.Errorf("%s has the group %s", file, group)
			}
		}
	}
}

// standIns puts programs of testdata/bin before those of PATH.
func standIns(t *testing.T, names ...string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a POSIX shell")
	}
	bin := t.TempDir()
	for _, name := range names {
		target, err := filepath.Abs(filepath.Join("testdata", "bin", name))
		if err == nil {
			err = os.Symlink(target, filepath.Join(bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return bin
}
