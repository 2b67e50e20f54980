package examples

import (
	"context"
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

// job sets the variables of a job whose values are in the file, and returns its
// commands in order.
func (w *workspace) job(t *testing.T, file, name string) (commands []string) {
	t.Helper()
	path := filepath.Join(pipelines, filepath.FromSlash(file))
	add := func(env map[string]string, lines ...string) {
		for name, value := range env {
			if !strings.Contains(value, "$") {
				w.env[name] = value
			}
		}
		for _, line := range lines {
			// What is put into a command by the runner is a part of the program,
			// even if a stranger wrote it. Variables are not.
			if strings.Contains(line, "${{") {
				t.Errorf("%s: an expression is in the command %s", file, line)
			}
			if line != "" && !installs.MatchString(line) {
				commands = append(commands, line)
			}
		}
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
	if len(commands) < 2 {
		t.Fatalf("%s: only %q was found in the job %s", file, commands, name)
	}
	return commands
}

// runner returns a workspace for a job: a clean checkout of an example with its
// lock file, where init installs the provider.
func runner(t *testing.T, example string, commands ...string) *workspace {
	t.Helper()
	c, folder := pipelineFolder(t, example, commands...)
	w := newEmptyWorkspace(t, c, folder)
	w.path = append(w.path, standIns(t, "gh"))
	for _, script := range []string{"quiet.sh", "summary.sh"} {
		if err := w.driver.Write(script, read(t, filepath.Join(pipelines, "plan", script))); err != nil {
			t.Fatal(err)
		}
	}
	binary := filepath.Join(w.cli.programs, "terraform-provider-commercelayer")
	if err := w.driver.AddProvider(binary, source, "0.1.0"); err != nil {
		t.Fatal(err)
	}
	w.mustPerform(t, "terraform init -backend=false")
	state := t.TempDir()
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context()) // the test's own context has ended by now
		_ = exec.CommandContext(ctx, "gpgconf", "--homedir", state, "--kill", "all").Run()
	})
	maps.Copy(w.env, map[string]string{
		"TF_PLUGIN_CACHE_DIR": filepath.Join(w.driver.WorkingDir(), ".terraform-plugins"),
		"GITHUB_STEP_SUMMARY": "/dev/stdout", "GITHUB_OUTPUT": "/dev/stdout",
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "1",
		"GH_TOKEN": "token", "LOG": state, "PULL_REQUEST": "https://github.com/acme/shop/pull/1",
		"GNUPGHOME": state, "PLAN_PASSPHRASE": "correct horse battery staple",
	})
	return w
}

const discountSummary = "### Plan Changes of resources: 1. Changes of outputs: 0. - `terraform_data.discount`: create"

// TestAccPipelineOfPullRequests runs the jobs without secrets and those with them.
func TestAccPipelineOfPullRequests(t *testing.T) {
	t.Parallel()
	const (
		planned   = "+ input = 10"
		requested = "GET /api/customers/xYZkjABcde 200"
	)
	for _, tt := range []struct {
		file, job string
		wants     []string
	}{
		{"plan/github-plan.yml", "emulator", []string{planned, requested}},
		{"plan/gitlab-ci.yml", "emulator", []string{planned, requested}},
		{"plan/github-plan.yml", "organization", []string{
			`>>"$GITHUB_STEP_SUMMARY" ` + discountSummary, "--body-file summary.md " + discountSummary,
		}},
		{"plan/gitlab-ci.yml", "organization", []string{
			discountSummary, `counts.json: { "create": 1, "update": 0, "delete": 0 }`,
		}},
	} {
		t.Run(tt.file+" "+tt.job, func(t *testing.T) {
			t.Parallel()
			w := runner(t, "plan", "jq")
			output := w.mustPerform(t, w.job(t, tt.file, tt.job)...)
			output = unwrapped(output + "counts.json: " + readAll(t, w.driver.WorkingDir(), "counts.json"))
			for _, want := range tt.wants {
				if !strings.Contains(output, want) {
					t.Errorf("got\n%s\nwant in it\n%s", output, want)
				}
			}
			if asked := len(w.api.Requests()) > 0; asked != (tt.job == "organization") {
				t.Errorf("the organization of the environment was asked: %t", asked)
			}
		})
	}
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
			output := unwrapped(plans.mustPerform(t, plans.job(t, file, "plan")...))
			handed := strings.Contains(output, "status=2") || strings.Contains(file, "gitlab")
			if !handed || !strings.Contains(output, discountSummary) {
				t.Errorf("the status or the summary is missing:\n%s", output)
			}
			artifact := read(t, filepath.Join(plans.driver.WorkingDir(), "plan.tfplan.gpg"))
			if strings.HasPrefix(artifact, "PK") {
				t.Error("the plan is not encrypted")
			}
			if err := applies.driver.Write("plan.tfplan.gpg", artifact); err != nil {
				t.Fatal(err)
			}
			before := len(live.Requests())
			maps.DeleteFunc(applies.env, func(name, _ string) bool { return strings.HasPrefix(name, "COMMERCELAYER_") })
			applies.mustPerform(t, applies.job(t, file, "apply")...)
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
	commands := w.job(t, "plan/github-apply.yml", "plan")
	w.env["PLAN_PASSPHRASE"] = ""
	w.env["COMMERCELAYER_MODE"] = "test"
	code, output := w.perform(t, commands...)
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
	output := w.mustPerform(t,
		"terraform init -lockfile=readonly",
		"sh quiet.sh plan -out=plan.tfplan",
		"sh summary.sh plan.tfplan",
		"sh quiet.sh apply plan.tfplan",
	)
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
	code, output := w.perform(t, "sh quiet.sh plan")
	if code != 1 || !strings.Contains(output, "error: Wrong mode (data.commercelayer_customer.buyer)\n") ||
		strings.Contains(output, "example.com") {
		t.Errorf("exit code %d\n%s", code, output)
	}
	// The CLI quotes a key that is there twice.
	if err := w.driver.Write("main.tf",
		"output \"twice\" {\n  value = { for id in [\"a\", \"b\"] : \"ada@example.com\" => id }\n}\n"); err != nil {
		t.Fatal(err)
	}
	code, output = w.perform(t, "sh quiet.sh plan")
	if code != 1 || !strings.Contains(output, "error: Duplicate object key\n") || strings.Contains(output, "example.com") {
		t.Errorf("exit code %d\n%s", code, output)
	}
}

// TestAccPipelineKeepsOneIssueAboutDrift plans four times: when nothing has
// changed, twice after a change, and when the state was updated.
func TestAccPipelineKeepsOneIssueAboutDrift(t *testing.T) {
	t.Parallel()
	w := runner(t, "drift", "jq")
	commands := w.job(t, "drift/github-drift.yml", "drift")
	planned := len(commands) - 1
	w.mustPerform(t, commands[:planned]...)
	w.env["COMMERCELAYER_MODE"] = "test"
	if err := w.driver.Write("job.sh", "set -e\n"+commands[planned]); err != nil {
		t.Fatal(err)
	}
	check := func(data, want string) {
		t.Helper()
		w.mustPerform(t, "commercelayer-emulator exec -data "+data+" -- sh job.sh")
		issues := strings.Join(strings.Fields(read(t, filepath.Join(w.env["LOG"], "issues.json"))), " ")
		if !regexp.MustCompile(want).MatchString(issues) || strings.Contains(issues, "example.com") {
			t.Errorf("got the issues %s, want %s", issues, want)
		}
	}
	const apply = "commercelayer-emulator exec -data %s -- terraform apply -auto-approve"
	w.mustPerform(t, fmt.Sprintf(apply, "before.json"))
	check("before.json", `^\[\]$`)
	check("after.json",
		`^\[ \{ "number": 1, "title": "Customers have changed \(test\)", "body": ".*output\.partner_status`+
			"`"+`: update.*/actions/runs/1.*", "comments": 0 \} \]$`)
	check("after.json", `^\[ \{ "number": 1, .*"comments": 1, .*output.partner_status.* \} \]$`)
	w.mustPerform(t, fmt.Sprintf(apply, "after.json"))
	check("after.json", `^\[\]$`)
}

// TestIssueIsNotCreatedWhenTheListCannotBeRead would find a second issue every
// day that GitHub has a bad day.
func TestIssueIsNotCreatedWhenTheListCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newScript(t, "drift/issue.sh", []string{"gh"}, "GH_TOKEN=")
	code, output := s.run(t, "Customers have changed", "2")
	if issues := read(t, filepath.Join(s.dir, "issues.json")); code == 0 || strings.TrimSpace(issues) != "[]" {
		t.Errorf("exit code %d and the issues %s\n%s", code, issues, output)
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
