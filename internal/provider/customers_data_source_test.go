package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// customersWith returns a configuration that lists customers with the given
// arguments, and has the result as outputs.
func customersWith(arguments ...string) string {
	return "data \"commercelayer_customers\" \"test\" {\n  " + strings.Join(arguments, "\n  ") + `
}
output "ids" { value = data.commercelayer_customers.test.customers[*].id }
output "emails" { value = data.commercelayer_customers.test.customers[*].email }
output "total" { value = data.commercelayer_customers.test.total_count }
output "id" { value = data.commercelayer_customers.test.id }
`
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAccCustomersHaveTheAttributesOfACustomer(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	config := api.config(customersWith(`filter = { email_eq = "ada@example.com" }`, `include = ["customer_group"]`) + fmt.Sprintf(`
data "commercelayer_customer" "one" {
  id      = %q
  include = ["customer_group"]
}
output "same" {
  value = [for name, value in data.commercelayer_customers.test.customers[0] : name if jsonencode(value) != jsonencode(data.commercelayer_customer.one[name])]
}
output "missing" {
  value = setsubtract(keys(data.commercelayer_customer.one), keys(data.commercelayer_customers.test.customers[0]))
}
`, emulator.FullCustomerID))
	result := newCLI(t, config).apply()
	result.wantOutput("same", "[]")
	result.wantOutput("missing", `["fields","include","timeouts"]`)
}

func TestAccCustomersWithoutMatchesAreAnEmptyList(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	config := api.config(customersWith(`filter = { email_eq = "nobody@example.org" }`))
	acceptance(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: has("data.commercelayer_customers.test", map[string]knownvalue.Check{
				"customers":   knownvalue.ListExact(nil),
				"total_count": knownvalue.Int64Exact(0),
				"ids":         null(), "emails": null(), "sort": null(), "limit": null(), "include": null(), "fields": null(),
				"filter": knownvalue.MapExact(map[string]knownvalue.Check{"email_eq": exactly("nobody@example.org")}),
			}),
		},
		emptyPlan(config),
	)
	for _, none := range []string{`ids = []`, `emails = []`, `ids = ["nOsUcHoNeX"]`, `emails = ["nobody@example.org"]`} {
		newCLI(t, api.config(customersWith(none))).apply().wantOutput("ids", "[]")
	}
}

func TestAccCustomersArgumentsBecomeTheQuery(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		arguments []string
		requests  []string
		total     string
	}{
		"everything": {
			[]string{`timeouts { read = "1m" }`},
			[]string{"GET /api/customers?page[size]=25&sort=id", "GET /api/customers?filter[q][id_gt]=%25&page[size]=25&sort=id"},
			"42",
		},
		"a filter": {
			[]string{`filter = { status_eq = "prospect", email_cont = "example" }`},
			[]string{"GET /api/customers?filter[q][email_cont]=example&filter[q][status_eq]=prospect&page[size]=25&sort=id", "GET /api/customers?filter[q][email_cont]=example&filter[q][id_gt]=%25&filter[q][status_eq]=prospect&page[size]=25&sort=id"},
			"27",
		},
		"a limit": {
			[]string{`limit = 2`},
			[]string{"GET /api/customers?page[size]=2&sort=id"},
			"42",
		},
		"a limit of more than a page": {
			[]string{`limit = 30`},
			[]string{"GET /api/customers?page[size]=25&sort=id", "GET /api/customers?filter[q][id_gt]=%25&page[size]=5&sort=id"},
			"42",
		},
		"a sort": {
			[]string{`sort = ["-created_at", "email"]`},
			[]string{"GET /api/customers?page[size]=25&sort=-created_at,email,id", "GET /api/customers?page[number]=2&page[size]=25&sort=-created_at,email,id"},
			"42",
		},
		"relationships": {
			[]string{`limit = 1`, `include = ["customer_group", "tags"]`},
			[]string{"GET /api/customers?include=customer_group,tags&page[size]=1&sort=id"},
			"42",
		},
		"identifiers": {
			[]string{`ids = ["xYZkjABcde", "` + emulator.FullCustomerID + `", "xYZkjABcde"]`},
			[]string{"GET /api/customers?filter[q][id_in]=xYZkjABcde," + emulator.FullCustomerID + "&page[size]=25&sort=id"},
			"2",
		},
		"identifiers and a filter": {
			[]string{`ids = ["xYZkjABcde", "` + emulator.FullCustomerID + `"]`, `filter = { email_start = "ada" }`},
			[]string{"GET /api/customers?filter[q][email_start]=ada&filter[q][id_in]=xYZkjABcde," + emulator.FullCustomerID + "&page[size]=25&sort=id"},
			"1",
		},
		"addresses": {
			[]string{`emails = ["john@example.com", "nobody@example.org"]`},
			[]string{"GET /api/customers?filter[q][email_in]=john@example.com,nobody@example.org&page[size]=25&sort=id"},
			"1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t, emulator.WithCustomers(40))
			newCLI(t, api.config(customersWith(tt.arguments...))).apply().wantOutput("total", tt.total)
			got := api.lines(t)
			if !slices.EqualFunc(got, tt.requests, func(got, want string) bool {
				before, after, last := strings.Cut(want, "%25") // %25 is the last ID of the page before
				return got == want || last && strings.HasPrefix(got, before) && strings.HasSuffix(got, after)
			}) {
				t.Errorf("requests:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(tt.requests, "\n  "))
			}
		})
	}
}

func TestAccCustomersComeInTheOrderAskedFor(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	newCLI(t, api.config(customersWith())).apply().wantOutput("ids", jsonOf(t, ids))

	backwards := slices.Clone(ids)
	slices.Reverse(backwards)
	newCLI(t, api.config(customersWith(`sort = ["-id"]`))).apply().wantOutput("ids", jsonOf(t, backwards))

	api.ResetLog()
	newCLI(t, api.config(customersWith("ids = "+hclList(append([]string{"nOsUcHoNeX", backwards[0]}, backwards...))))).
		apply().wantOutput("ids", jsonOf(t, backwards))
	api.wantCustomerRequests(t, 3, 3)
}

func TestAccCustomersByManyIDsTakeARequestForTwentyFive(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(118), emulator.WithLimits())
	ids := api.CustomerIDs()
	newCLI(t, api.config(customersWith("ids = "+hclList(ids)))).apply().wantOutput("ids", jsonOf(t, ids))
	api.wantCustomerRequests(t, 5, 5)
}

func TestAccCustomersHaveAStableID(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	id := func(arguments ...string) string {
		t.Helper()
		return string(newCLI(t, api.config(customersWith(arguments...))).apply().ok().outputs["id"].Value)
	}
	one := id(`filter = { status_eq = "prospect", email_end = ".com" }`)
	if again := id(`filter = { email_end = ".com", status_eq = "prospect" }`); again != one {
		t.Errorf("the ID changed from %s to %s", one, again)
	}
	api.AddCustomer(emulator.Customer{Email: "new@example.com"})
	if again := id(`filter = { status_eq = "prospect", email_end = ".com" }`); again != one {
		t.Errorf("the ID changed from %s to %s when a customer came", one, again)
	}
	if other := id(`filter = { status_eq = "repeat", email_end = ".com" }`); other == one {
		t.Errorf("two queries have the ID %s", one)
	}
	for arguments, want := range map[string]string{
		`filter = { status_eq = "repeat", email_end = "@example.com" }
		sort = ["-created_at", "email"]
		limit = 5
		include = ["customer_group"]
		fields = ["status", "metadata"]`: `"56843e725ad3198a3bc82644b744c5e2f544ae0714ce8908904bf02a5da57706"`,
		`ids = ["xYZkjABcde", "bKqTzWmXdL"]`: `"ce6e329e9cdb7e63acaf1074639b6b25bfba3b7d2b71aac02dbbf295a6e54170"`,
		`limit = 0`:                          `"f5d392ee71898bf7e2f4015541e0c8dd696846220e8752246dae64d5822aebf7"`,
	} {
		if got := id(arguments); got != want {
			t.Errorf("%s has the ID %s, want that of version 0.1.0, %s", arguments, got, want)
		}
	}
}

func TestAccCustomersArgumentsAreCheckedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	const conflict = "Conflicting arguments"
	refusals(t, "commercelayer_customers", map[string]refusal{
		"no_matcher": {`filter = { email = "a@example.com" }`, "Invalid filter predicate", "does not end in " +
			"a matcher"},
		"wrong_matcher":  {`filter = { email_equals = "a@example.com" }`, "Invalid filter predicate", "The nearest are `eq`, `in` and `cont`."},
		"no_predicate":   {`filter = { "email eq" = "a@example.com" }`, "Invalid filter predicate", "such as status_eq"},
		"no_value":       {`filter = { email_eq = null }`, "Invalid filter value", "`filter[\"email_eq\"]` is null"},
		"an_empty_value": {`filter = { status_eq = "repeat", email_eq = "" }`, "Invalid filter value", "In `filter[\"email_eq\"]`, the value is empty"},
		"a_blank_value":  {`filter = { email_eq = " \t" }`, "Invalid filter value", "the value is empty"},
		"an_empty_part": {`filter = { email_start_any = "a," }`, "Invalid filter value", "between the commas is " +
			"empty"},
		"a_value_from_a_file": {"filter = { status_eq = <<-EOT\n    repeat\n  EOT\n  }", "Invalid filter value", "ends with a line end. If the value is read " +
			"from a file, write `trimspace(file("},
		"a_hidden_letter": {`filter = { status_eq = "repeat\u200b" }`, "Invalid filter value", "ends with an invisible character (U+200B)"},
		"a_hidden_key":    {`filter = { "status_eq\u200b" = "repeat" }`, "Invalid filter predicate", "ends with an invisible character (U+200B)"},
		"a_hidden_sort":   {`sort = ["email\n"]`, "Invalid sort key", "ends with a line end"},
		"a_hidden_field":  {`fields = ["\ufeffstatus"]`, "Invalid field", "begins with an invisible character (U+FEFF)"},
		"empty_json":      {`filter = { metadata_jcont = jsonencode({}) }`, "Invalid filter value", "empty JSON"},
		"no_json":         {`filter = { metadata_jcont = "vip" }`, "Invalid filter value", "jsonencode()"},
		"ids_and_id_in": {"ids = [\"a\"]\n  filter = { id_in = \"b\" }", conflict, "`filter[\"id_in\"]` and " +
			"`ids` are both set. Both filter by the attribute `id`"},
		"ids_and_id_eq":    {"ids = []\n  filter = { id_eq = \"b\" }", conflict, "`filter[\"id_eq\"]` and `ids`"},
		"emails_and_email": {"emails = [\"a@example.com\"]\n  filter = { email_in = \"b@example.com\" }", conflict, "`filter[\"email_in\"]` and `emails`"},
		"ids_and_emails": {"ids = [\"a\"]\n  emails = [\"a@example.com\"]", conflict, "`ids` and `emails` are " +
			"both set"},
		"ids_and_sort": {"ids = [\"a\"]\n  sort = [\"email\"]", conflict, "`ids` and `sort` are both set"},
		"emails_and_sort": {"emails = [\"a@example.com\"]\n  sort = [\"email\"]", conflict, "`emails` and `sort` " +
			"are both set"},
		"two_ids_in_one":     {`ids = ["a,b"]`, "Invalid customer ID", "contains a comma"},
		"a_path":             {`ids = ["a/b"]`, "Invalid customer ID", "give the ID alone"},
		"an_empty_id":        {`ids = [""]`, "Invalid customer ID", "is empty"},
		"two_emails_in_one":  {`emails = ["a@example.com,b@example.com"]`, "Invalid e-mail address", "contains a comma"},
		"an_odd_sort":        {`sort = ["created_at desc"]`, "Invalid sort key", "-created_at"},
		"a_limit_below_zero": {`limit = -1`, "Invalid limit", "0 or more"},
		"half_a_limit": {`limit = 1.5`, "Invalid limit", "1.5 is not a valid limit: the value must be a whole " +
			"number"},
		"a_huge_limit":       {`limit = 1e30`, "Invalid limit", "1e+30 is not a valid limit"},
		"an_odd_include":     {`include = ["Tags"]`, "Invalid relationship", "not the name of a relationship"},
		"a_null_among_ids":   {`ids = ["a", null]`, "Invalid customer ID", "`ids[1]` is null"},
		"a_null_address":     {`emails = [null]`, "Invalid e-mail address", "`emails[0]` is null"},
		"a_null_sort":        {`sort = [null]`, "Invalid sort key", "`sort[0]` is null"},
		"a_null_include":     {`include = ["tags", null]`, "Invalid relationship", "`include[1]` is null"},
		"no_duration_at_all": {"timeouts {\n    read = \"\"\n  }", "Invalid timeout", "is not a duration"},
		"no_time":            {"timeouts {\n    read = \"-5s\"\n  }", "Invalid timeout", "not above zero"},
	})
}

func TestAccCustomersFilterThatTheAPIRefusesHasItsError(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	d := newCLI(t, api.config(customersWith(`filter = { nickname_eq = "joe" }`))).plan().
		wantError("Filter refused", "nickname_eq is not allowed", "FILTER_NOT_ALLOWED", "`filter`")
	if !strings.Contains(d.Snippet.Code, "nickname_eq") {
		t.Errorf("the diagnostic does not point at the filter: %s", d)
	}
	newCLI(t, api.config(customersWith(`sort = ["nickname"]`))).plan().wantError("Unknown sort key", "nickname is "+
		"not a valid sort criteria")
	api.wantCustomerRequests(t, 2, 2)
}

func TestAccCustomersBeyondTenThousandAreCountedAndNotRead(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(10_001))
	newCLI(t, api.config(customersWith())).plan().wantError("Too many customers", "10,003 customers match", "at most 10,000", "`limit`")
	api.wantRequests(t, "GET /api/customers?page[size]=25&sort=id")
}

func TestAccCustomersAreReadUntilTheDeadline(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	api.Inject(emulator.Fault{After: 1, Answer: api.Delay(time.Minute)})
	result := newCLI(t, api.config(customersWith("timeouts {\n    read = \"1s\"\n  }"))).plan()
	result.wantError("Timeout", "The deadline of the read passed", "GET /api/customers", "`timeouts { read }`")
	if result.took > 10*time.Second {
		t.Errorf("the read took %s", result.took)
	}
	api.wantCustomerRequests(t, 2, 2)
}

func TestAccCustomersThatComeAndGoAreNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	pages := 0
	api.OnRequest(func(r *http.Request) {
		if pages++; pages == 2 { // delete a customer that was read, and create one
			api.DeleteCustomer(ids[0])
			api.AddCustomer(emulator.Customer{Email: "late@example.com"})
		}
	})
	result := newCLI(t, api.config(customersWith()+`output "distinct" { value = length(distinct(data.commercelayer_customers.test.customers[*].id)) }`)).apply()
	result.wantOutput("distinct", "63")
	if len(result.warnings()) > 0 {
		t.Errorf("warnings: %v", result.warnings())
	}
}

func TestAccCustomersReadByPageNumberWarnWhenTheirNumberChanges(t *testing.T) {
	t.Parallel()
	api := startAPI(t, emulator.WithCustomers(60))
	ids := api.CustomerIDs()
	pages := 0
	api.OnRequest(func(*http.Request) {
		if pages++; pages == 2 {
			api.DeleteCustomer(ids[0])
		}
	})
	warnings := newCLI(t, api.config(customersWith(`sort = ["email"]`))).apply().ok().warnings()
	if len(warnings) != 1 || warnings[0].Summary != "Customers changed while they were read" {
		t.Errorf("warnings: %v", warnings)
	}
}
