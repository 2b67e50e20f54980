package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestEphemeralCustomersAreReadAsTheDataSourceReadsThem(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	p := newProtocol(t, NewServer("test")()).configured(t, api)
	const name = "commercelayer_customers"
	limit := tftypes.NewValue(tftypes.Number, 30)
	for what, given := range map[string]map[string]tftypes.Value{
		"a limit":            {"limit": limit, "include": strs("customer_group", "tags")},
		"fields":             {"limit": limit, "fields": strs("status", "tags")},
		"a filter":           {"filter": strMap(map[string]any{"email_start": "ada"})},
		"IDs":                {"ids": strs(api.CustomerIDs()[:30]...)},
		"addresses":          {"emails": strs("john@example.com", "ada@example.com", "nobody@example.org")},
		"a sort":             {"limit": limit, "sort": strs("-created_at")},
		"nobody":             {"ids": strs()},
		"nothing but counts": {"limit": tftypes.NewValue(tftypes.Number, 0)},
	} {
		want := p.state(t, name, p.read(t, t.Context(), name, given))
		got := p.opened(t, name, p.open(t, name, given))
		if diff, err := got.Diff(want); err != nil || len(diff) > 0 {
			t.Errorf("%s: %v %v", what, err, diff[:min(3, len(diff))])
		}
	}
}

// ephemeralCustomers returns a configuration that opens the ephemeral resource
// and passes the result to a provisioner. Only a few places may use ephemeral
// values, and a provisioner is one of them.
func ephemeralCustomers(arguments ...string) string {
	return "ephemeral \"commercelayer_customers\" \"test\" {\n  " + strings.Join(arguments, "\n  ") + `
}
resource "terraform_data" "test" {
  provisioner "local-exec" {
    command = "echo $EMAILS > seen.txt"
    environment = {
      EMAILS = join(" ", ephemeral.commercelayer_customers.test.customers[*].email)
    }
  }
}
`
}

func TestAccEphemeralCustomersArriveAndLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	c := newCLI(t, api.config(ephemeralCustomers(`filter = { email_end = "@example.com" }`)))
	c.plan("-out=saved").ok()
	kept := members(t, c.path("saved"))
	c.run("apply", "saved").ok()
	kept["state"] = c.read("terraform.tfstate")
	got := strings.Fields(c.read("seen.txt"))
	if slices.Sort(got); !slices.Equal(got, []string{emulator.FullCustomerEmail, "john@example.com"}) {
		t.Errorf("%v arrived", got)
	}
	for name, content := range kept {
		for _, value := range []string{"john@example.com", emulator.FullCustomerEmail} {
			if strings.Contains(content, value) {
				t.Errorf("%s is in the %s", value, name)
			}
		}
	}
	// The CLI opens the ephemeral resource for the plan and again for the
	// apply.
	line := "GET /api/customers?filter[q][email_end]=@example.com&page[size]=25&sort=id"
	api.wantRequests(t, line, line)
}

func TestAccEphemeralCustomersWaitForValuesThatAreNotKnown(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	c := newCLI(t, api.config(created("address", "john@example.com")+
		ephemeralCustomers("emails = [terraform_data.address.output]")))
	c.plan().ok()
	api.wantRequests(t)
	c.apply().ok()
	if got := strings.TrimSpace(c.read("seen.txt")); got != "john@example.com" {
		t.Errorf("%q arrived", got)
	}
	c = newCLI(t, api.config(created("address", "")+ephemeralCustomers("filter = { email_eq = "+
		"terraform_data.address.output }")))
	api.ResetLog()
	c.apply().wantError("Invalid filter value", "the value is empty")
	api.wantRequests(t)
}

func TestAccEphemeralCustomersArgumentsAreCheckedByValidate(t *testing.T) {
	t.Parallel()
	needsEphemeral(t)
	api := startAPI(t)
	for arguments, want := range map[string]struct{ summary, word string }{
		`filter = { email_eq = "" }`:                    {"Invalid filter value", "the value is empty"},
		"ids = [\"a\"]\n  emails = [\"a@example.com\"]": {"Conflicting arguments", "`ids` and `emails` are both set"},
		"ids = [\"a\"]\n  filter = { id_in = \"b\" }":   {"Conflicting arguments", "Both filter by the attribute `id`"},
		`limit = -1`:                                      {"Invalid limit", "0 or more"},
		`fields = ["links"]`:                              {"Invalid field", "always there"},
		"timeouts {\n    read = \"soon\"\n  }":            {"Invalid timeout", "is not a duration"},
		`sort = ["created_at desc"]`:                      {"Invalid sort key", "-created_at"},
		"emails = [\"a@example.com\"]\n  sort = [\"id\"]": {"Conflicting arguments", "leave `sort` out"},
	} {
		found := newCLI(t, api.config(ephemeralCustomers(arguments))).validate()
		if len(found) != 1 {
			t.Errorf("%s: %d errors, want one: %v", arguments, len(found), found)
			continue
		}
		wantDiagnostic(t, found[0], want.summary, want.word)
	}
	api.wantRequests(t)
}

func TestEphemeralCustomersHaveTheErrorsOfTheDataSource(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer emulator.Answer
		given  map[string]tftypes.Value
		want   string
	}{
		"wrong token":    {emulator.InvalidToken(), nil, "Access token not accepted"},
		"no permission":  {emulator.Unauthorized(), nil, "Permission missing"},
		"a page":         {emulator.HTML(200), nil, "Answer without JSON"},
		"no list":        {jsonAPI(`{"data":{}}`), nil, "Malformed answer"},
		"a server error": {emulator.Status(503), nil, "Server error of the API"},
		"a stranger": {
			jsonAPI(`{"data":[{"id":"b","type":"customers"}],"meta":{"record_count":1}}`),
			map[string]tftypes.Value{"ids": strs("a")}, "Filter ignored by the API",
		},
		"an ignored count": {
			jsonAPI(`{"data":[],"meta":{"record_count":2}}`),
			map[string]tftypes.Value{"ids": strs("a"), "limit": tftypes.NewValue(tftypes.Number, 0)},
			"Filter ignored by the API",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			api.Inject(emulator.Fault{Answer: tt.answer})
			p := newProtocol(t, NewServer("test")())
			if d := p.configure(t, false, map[string]tftypes.Value{
				attrDomain: str(api.url), attrToken: str(emulator.DefaultToken),
				attrMaxRetries: tftypes.NewValue(tftypes.Number, 0),
			}); len(d) > 0 {
				t.Fatal(d[0].Summary)
			}
			given := maps.Clone(tt.given)
			for kind, diagnostics := range map[string][]string{
				"data":      summaries(p.read(t, t.Context(), "commercelayer_customers", given).Diagnostics),
				"ephemeral": summaries(p.open(t, "commercelayer_customers", given).Diagnostics),
			} {
				if !slices.Equal(diagnostics, []string{tt.want}) {
					t.Errorf("%s: %v, want %s", kind, diagnostics, tt.want)
				}
			}
		})
	}
}

// TestAccKeysThatTheAPIRefusesAreAnErrorOnTheirArgument reads from an API that
// can't list by key. The error must not mention `filter`, since that is not
// set.
func TestAccKeysThatTheAPIRefusesAreAnErrorOnTheirArgument(t *testing.T) {
	t.Parallel()
	for arguments, refuted := range map[string]string{
		`ids = ["xYZkjABcde", "nOsUcHoNeX"]`:                    "id-in:refused",
		`emails = ["john@example.com", "nobody@example.org"]`:   "email-in:refused",
		`ids    = ["xYZkjABcde", "nOsUcHoNeX", "xYZkjABcde"]`:   "id-in:ignored",
		`emails = ["john@example.com", "somebody@example.org"]`: "email-in:ignored",
	} {
		api := startAPI(t, emulator.WithRefuted(refuted), emulator.WithCustomers(3))
		errors := newCLI(t, api.config(customersWith(arguments))).plan().errors()
		name := strings.Fields(arguments)[0]
		if len(errors) != 1 || !strings.Contains(errors[0].Snippet.Code, name+" ") ||
			strings.Contains(errors[0].Detail, "`filter`") {
			t.Errorf("%s, %s: %v", arguments, refuted, errors)
		}
	}
}
