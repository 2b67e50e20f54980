package tools

import (
	"strings"
	"testing"
)

func TestACommandRunsWithTheCLIAndWithoutWhatChangesIt(t *testing.T) {
	t.Parallel()
	environment := []string{
		"COMMERCELAYER_TOKEN=secret", "TF_LOG=TRACE", "TF_CLI_ARGS_plan=-parallelism=1", "TF_WORKSPACE=x", "TF_VAR_a=1",
		"TF_CLI_CONFIG_FILE=/mine", "TOFU_X=1", "TERRAFORM_CONFIG=/mine", "TFX=a\nTF_FAKE=b",
	}
	for name, test := range map[string]struct {
		args    []string
		present []string
		absent  []string
	}{
		"for an organization it keeps the credentials and the log": {
			args:    []string{"terraform"},
			present: []string{"COMMERCELAYER_TOKEN=secret", "TF_LOG=TRACE", "TFX=a", "TF_CLI_CONFIG_FILE=/dev/null"},
			absent:  []string{"TF_CLI_ARGS_plan", "TF_WORKSPACE", "TF_VAR_a", "TERRAFORM_CONFIG", "TF_ACC_PROVIDER_HOST"},
		},
		"a hermetic run keeps nothing": {
			args:    []string{"-hermetic", "terraform"},
			present: []string{"TFX=a", "TF_ACC=1", "TF_CLI_CONFIG_FILE=/dev/null", "CHECKPOINT_DISABLE=1"},
			absent:  []string{"COMMERCELAYER_TOKEN", "TF_LOG", "TF_VAR_a", "TOFU_X", "TERRAFORM_CONFIG"},
		},
		"OpenTofu has another registry": {
			args:    []string{"-hermetic", "tofu"},
			present: []string{"TF_ACC_PROVIDER_HOST=registry.opentofu.org", "TF_ACC_PROVIDER_NAMESPACE=hashicorp"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "with-cli.sh", "terraform=", "tofu=")
			s.env = append(s.env, environment...)
			_, output, log := s.run(t, append(test.args, "env")...)
			cli := s.bin + "/" + test.args[len(test.args)-1]
			for _, want := range append(test.present, "TF_ACC_TERRAFORM_PATH="+cli) {
				if !strings.Contains(output, want+"\n") {
					t.Errorf("%s is missing in\n%s%s", want, output, log)
				}
			}
			for _, never := range test.absent {
				if strings.Contains(output, "\n"+never+"=") {
					t.Errorf("%s does not belong in\n%s", never, output)
				}
			}
		})
	}
}
