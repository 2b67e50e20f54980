package provider

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// huge is a text that is too long for a diagnostic.
var huge = strings.Repeat("x", 1<<20)

func TestDiagnosticsHaveABoundWhateverTheConfiguration(t *testing.T) {
	t.Parallel()
	predicates := args{}
	for i := range 300 {
		predicates["a"+strings.Repeat("b", i)+"_eq"] = "c"
	}
	for name, tt := range map[string]struct {
		source string
		given  args
	}{
		"an ID":           {oneCustomer, args{"id": huge + "/"}},
		"many IDs":        {manyCustomers, args{"ids": slices.Repeat([]string{"a/"}, 20_000)}},
		"many predicates": {manyCustomers, args{"filter": predicates}},
		"a duration":      {"provider", args{attrRequestTimeout: huge}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diagnostics := newProtocol(t).validate(t, tt.source, tt.given)
			if len(diagnostics) == 0 {
				t.Fatal("nothing is wrong")
			}
			isShort(t, diagnostics)
		})
	}
}

func TestOnlyTheFirstWrongElementsAreNamed(t *testing.T) {
	t.Parallel()
	wrong := args{"ids": slices.Repeat([]string{"a/"}, maxAlike)}
	last := slices.MaxFunc(newProtocol(t).validate(t, manyCustomers, wrong), func(a, b diagnostic) int {
		return len(b.Address) - len(a.Address)
	})
	wantDiagnostic(t, last, "Invalid customer ID", "Only the first 24 elements were checked")
}

func TestLongTextsOfTheFrameworkAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", maxDetail) + "."
	for _, d := range boundedDiagnostics([]*tfprotov6.Diagnostic{{Summary: "a" + long, Detail: long}}) {
		for _, text := range []string{d.Summary, d.Detail} {
			if len(text) > maxDetail+len("…") || !utf8.ValidString(text) || !strings.HasSuffix(text, "é…") {
				t.Errorf("the text has %d bytes: %.100q", len(text), text)
			}
		}
	}
}

// A caller that does not validate gets the errors from the read.
func TestDiagnosticsOfAReadHaveABound(t *testing.T) {
	t.Parallel()
	wrong := args{}
	for i := range 300 {
		wrong["a"+strings.Repeat("b", i)] = "c"
	}
	p := connect(t, startAPI(t))
	for _, read := range p.readers(manyCustomers) {
		isShort(t, read(t, manyCustomers, args{"filter": wrong}).diagnostics)
	}
}

// isShort fails unless the diagnostics are short enough for a person to read.
func isShort(t *testing.T, diagnostics []diagnostic) {
	t.Helper()
	if len(diagnostics) > 2*maxAlike {
		t.Errorf("there are %d diagnostics", len(diagnostics))
	}
	for _, d := range diagnostics {
		if size := len(d.Summary) + len(d.Detail); size > maxDetail {
			t.Errorf("the diagnostic has %d bytes: %.200s", size, d.Summary+": "+d.Detail)
		}
		if len(d.Address) > 1000 {
			t.Errorf("the path has %d bytes", len(d.Address))
		}
	}
}

func TestDiagnosticsHaveABoundWhateverTheAnswer(t *testing.T) {
	t.Parallel()
	const address = "joe@corp.example"
	var twins []string
	for i := range 25 {
		twins = append(twins,
			`{"type":"customers","id":"`+huge[:1<<18]+string(rune('a'+i))+`","attributes":{"email":"`+address+`"}}`)
	}
	id := args{"id": "one"}
	for name, tt := range map[string]struct {
		given  args
		answer emulator.Answer
		want   string
	}{
		"a long ID that is not there": {args{"id": huge}, nil, "…"},
		"many errors": {id, emulator.Body(400, "application/json",
			`{"errors":[`+strings.Repeat(`{"title":"`+huge[:1000]+`"},`, 90)+`{}]}`), "…"},
		"25 customers of one address": {args{"email": address}, jsonAPI(`{"data":[` + strings.Join(twins, ",") +
			`],"meta":{"record_count":20000}}`), "19,975 more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			if tt.answer != nil {
				api.Inject(emulator.Fault{Answer: tt.answer})
			}
			p := connect(t, api)
			for _, read := range p.readers(oneCustomer) {
				d := read(t, oneCustomer, tt.given).diagnostics
				wantOne(t, d, d[0].Summary, tt.want)
				isShort(t, d)
			}
		})
	}
}

func TestKeysThatMustNotBeShownAreNotInPaths(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	for key, want := range map[string]string{
		"status_equals":    `AttributeName("filter").ElementKeyString("status_equals")`,
		"joe@corp.example": `AttributeName("filter")`,
		huge:               `AttributeName("filter")`,
	} {
		d := p.validate(t, manyCustomers, args{"filter": args{key: "a"}})
		if len(d) != 1 || d[0].Address != want || strings.Contains(d[0].Detail, "joe") {
			t.Errorf("%.20s: the diagnostics are %.2000v", key, d)
		}
	}
}
