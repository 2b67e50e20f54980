package main

import (
	"strings"
	"testing"
)

func TestShellLines(t *testing.T) {
	t.Parallel()

	environ := []string{
		"HOME=/home/me",
		"COMMERCELAYER_TOKEN=secret",
		"TF_LOG=TRACE",
		"TF_CLI_ARGS_plan=-parallelism=1",
		"TF_WORKSPACE=x",
		"TF_VAR_a;rm=1",
	}

	t.Run("a run on a real organization keeps its credentials and its log", func(t *testing.T) {
		t.Parallel()

		lines := shellLines(cli{path: "/opt/it's/terraform"}, environ, false)
		want := "unset TF_CLI_ARGS_plan\nunset TF_WORKSPACE\nexport TF_ACC='1'\n" +
			"export TF_ACC_TERRAFORM_PATH='/opt/it'\\''s/terraform'\n"

		if !strings.HasPrefix(lines, want) {
			t.Errorf("got\n%s\nwant it to begin with\n%s", lines, want)
		}

		if strings.Contains(lines, "TF_ACC_PROVIDER_HOST") {
			t.Errorf("Terraform was sent to OpenTofu's registry:\n%s", lines)
		}
	})

	t.Run("a hermetic run keeps nothing", func(t *testing.T) {
		t.Parallel()

		lines := shellLines(cli{path: "/opt/tofu", openTofu: true}, environ, true)
		for _, want := range []string{
			"unset COMMERCELAYER_TOKEN\n", "unset TF_LOG\n", "export TF_CLI_CONFIG_FILE=",
			"export TF_ACC_PROVIDER_HOST='registry.opentofu.org'\n", "export TF_ACC_PROVIDER_NAMESPACE='hashicorp'\n",
		} {
			if !strings.Contains(lines, want) {
				t.Errorf("%q is missing in\n%s", want, lines)
			}
		}

		for _, never := range []string{"secret", "HOME", ";"} {
			if strings.Contains(lines, never) {
				t.Errorf("%q does not belong in\n%s", never, lines)
			}
		}
	})
}
