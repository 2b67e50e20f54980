package tools

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheDemoAsksTheEmulatorOrTheOrganization(t *testing.T) {
	t.Parallel()
	const (
		emulated = "exec -log -- "
		seed     = `id = "xYZkjABcde"`
	)
	for name, test := range map[string]struct {
		env             []string
		present, absent []string
	}{
		"without credentials": {present: []string{emulated, seed, "apply -auto", "show"}, absent: []string{"limit = 1"}},
		"with a token": {
			env: []string{"COMMERCELAYER_TOKEN=secret"},
			present: []string{
				"id = one(data.commercelayer_customers.first.customers[*].id)", "limit = 1", "apply -auto", "show",
			},
			absent: []string{emulated, seed, "secret"},
		},
		"with a client and a customer": {
			env:     []string{"COMMERCELAYER_CLIENT_ID=c", "CUSTOMER_ID=aBcDeFgHiJ"},
			present: []string{`id = "aBcDeFgHiJ"`},
			absent:  []string{emulated, seed, "limit = 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "demo.sh", `terraform=cat "${1#-chdir=}"/*.tf "$TF_CLI_CONFIG_FILE"`,
				`commercelayer-emulator=shift 3; "$@"`)
			s.env = append(s.env, append(test.env, "TF_ACC_TERRAFORM_PATH="+s.bin+"/terraform")...)
			if err := os.Symlink(s.bin, filepath.Join(s.dir, "bin")); err != nil {
				t.Fatal(err)
			}
			example := filepath.Join("examples", "data-sources", "commercelayer_customer")
			if err := os.CopyFS(filepath.Join(s.dir, example), os.DirFS(filepath.Join(root, example))); err != nil {
				t.Fatal(err)
			}
			succeeded, output, commands := s.run(t)
			for _, want := range append(test.present, `"commercelayer/commercelayer" = "`+s.dir+`/bin"`) {
				if !succeeded || !strings.Contains(output+commands, want) {
					t.Errorf("%q is missing in\n%s%s", want, output, commands)
				}
			}
			for _, never := range test.absent {
				if strings.Contains(output+commands, never) {
					t.Errorf("%q does not belong in\n%s%s", never, output, commands)
				}
			}
		})
	}
}
