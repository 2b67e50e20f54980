package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// wantFile compares a file with its wanted content. With -update it writes the
// file instead.
func wantFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	switch {
	case *update:
		err = os.WriteFile(path, []byte(want), 0o644)
	case string(got) != want:
		t.Errorf("%s is out of date: run `go test ./internal/emulator -update`, and look at the difference", path)
	}
	if err != nil {
		t.Error(err)
	}
}

// random are the parts that differ from answer to answer.
var random = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}`)

// testdata/answers.txt has whole answers, with their JSON indented.
func TestAnswersHaveTheRecordedForms(t *testing.T) {
	e := emulator.New()
	nobody := func(refuted ...string) answer {
		return get(emulator.New(emulator.WithRefuted(refuted...)), customers+"/nObOdYnObO")
	}
	faulty := func(a emulator.Answer, refuted ...string) answer {
		broken := emulator.New(emulator.WithRefuted(refuted...))
		broken.Inject(emulator.Fault{Answer: a})
		return get(broken, oneCustomer)
	}
	full := emulator.New(emulator.WithLimitsOf(emulator.Limits{Average: 1}))
	get(full, oneCustomer)
	file := emulator.New(emulator.WithData(readData(t, recorded)))
	var text bytes.Buffer
	for _, tt := range []struct {
		name   string
		answer answer
	}{
		{"the full customer", get(e, "https://acme.test"+fullCustomer)},
		{"a customer, with limits", get(emulator.New(emulator.WithLimits()), query(oneCustomer, "fields[customers]", "email"))},
		{"fields", get(e, query(fullCustomer, "fields[customers]", "id,email,status"))},
		{"fields with an included relationship", get(e, query(fullCustomer, "fields[customers]", "email,tags",
			"include", "tags", "fields[tags]", "name"))},
		{"fields without an included relationship", get(e, query(fullCustomer, "fields[customers]", "email",
			"include", "tags"))},
		{"fields that a document lacks", get(e, query(oneCustomer, "fields[customers]", "email,profile_id"))},
		{"a list", page(e, "page[size]", "1", "fields[customers]", "email,tags", "include", "tags")},
		{"a related resource", get(e, fullCustomer+"/customer_group")},
		{"no related resource", get(e, fullCustomer+"/jwt_customer")},
		{"no related resource of a document", get(e, oneCustomer+"/customer_group")},
		{"related resources", get(e, query(fullCustomer+"/orders", "page[size]", "1", "include", "shipments",
			"fields[orders]", "number,shipments"))},
		{"the organization", get(e, "/api/organization")},
		{"the application", get(e, "/api/application?fields[application]=kind")},
		{"a customer from a file", get(file, customers+"/zFirst0001")},
		{"a customer from a file, without links", get(file, customers+"/aSecond002")},
		{"a customer from a file, with fields", get(file, query(customers+"/zFirst0001",
			"fields[customers]", "loyalty_level,tags"))},
		{"a customer from a file, with what the file lacks", get(file, query(customers+"/zFirst0001",
			"fields[customers]", "events", "include", "events"))},
		{"customers from a file, with their group", page(file, "fields[customers]", "customer_group",
			"include", "customer_group")},
		{"a related resource from a file", get(file, customers+"/zFirst0001/customer_group")},
		{"no related resource from a file", get(file, customers+"/aSecond002/customer_group")},
		{"400", page(e, "sort", "color")},
		{"401", get(e, oneCustomer, withToken("unknown"))},
		{"404 as an object", nobody()},
		{"404 as an array", nobody("not-found-form:array")},
		{"404 as a page", nobody("not-found-form:html")},
		{"429", get(full, oneCustomer)},
		{"a refused token", requestToken(e, emulator.DefaultClientID, "wrong")},

		{"fault: 204", faulty(emulator.Status(204))},
		{"fault: 401", faulty(emulator.Status(401))},
		{"fault: 403", faulty(emulator.Status(403))},
		{"fault: 404", faulty(emulator.Status(404))},
		{"fault: 429", faulty(emulator.Status(429))},
		{"fault: 500", faulty(emulator.Status(500))},
		{"fault: 500 as an object", faulty(emulator.Status(500), emulator.AssumeServerErrors)},
		{"fault: 503", faulty(emulator.Status(503))},
		{"fault: a page with status 200", faulty(emulator.HTML(200))},
		{"fault: a body", faulty(emulator.Body(418, "text/plain", "teapot"))},
		{"fault: throttled", faulty(emulator.ThrottledWith("7"))},
		{"fault: redirected", faulty(emulator.Redirect(307, "https://elsewhere.test/"))},
		{"fault: unauthorized", faulty(emulator.Unauthorized())},
		{"fault: empty", faulty(emulator.Empty200())},
		{"fault: another ID", faulty(emulator.WrongID())},
		{"fault: truncated", faulty(emulator.Truncated())},
	} {
		fmt.Fprintf(&text, "# %s\n\n%d\n", tt.name, tt.answer.status)
		_ = tt.answer.header.Write(&text)
		text.WriteByte('\n')
		if json.Indent(&text, tt.answer.body, "", "  ") != nil {
			text.Write(tt.answer.body)
		}
		text.WriteString("\n\n")
	}
	want := strings.ReplaceAll(random.ReplaceAllString(text.String(), "(random)"), "\r\n", "\n")
	wantFile(t, "testdata/answers.txt", want)
}

func TestTraceIDsChange(t *testing.T) {
	e := emulator.New()
	first, _ := get(e, fullCustomer).one(t)
	second, _ := get(e, fullCustomer).one(t)
	if first.Meta["trace_id"] == second.Meta["trace_id"] {
		t.Errorf("both are %s", first.Meta["trace_id"])
	}
}
