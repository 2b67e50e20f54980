package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// validate returns the diagnostics for the arguments of a data source.
func (p *protocol) validate(t *testing.T, dataSource string, given map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := p.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: dataSource, Config: object(t, p.schema.DataSourceSchemas[dataSource], given),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// huge is a text that is too long for a diagnostic.
var huge = strings.Repeat("x", 1<<20)

func TestDiagnosticsHaveABoundWhateverTheConfiguration(t *testing.T) {
	t.Parallel()
	many := func(value string) tftypes.Value { return strs(slices.Repeat([]string{value}, 20_000)...) }
	const one, list = "commercelayer_customer", "commercelayer_customers"
	predicates := map[string]string{}
	for i := range 300 {
		predicates["a"+strings.Repeat("b", i)+"_eq"] = "c"
	}
	timeout := func(text string) tftypes.Value {
		return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"read": tftypes.String}},
			map[string]tftypes.Value{"read": str(text)})
	}
	for name, tt := range map[string]struct {
		dataSource string
		given      map[string]tftypes.Value
	}{
		"an ID":          {one, map[string]tftypes.Value{"id": str(huge + "/")}},
		"an address":     {one, map[string]tftypes.Value{"email": str(huge + " @" + huge)}},
		"a relationship": {one, map[string]tftypes.Value{"id": str("a"), "include": strs(huge + "!")}},
		"a timeout":      {one, map[string]tftypes.Value{"id": str("a"), "timeouts": timeout(huge)}},
		"a timeout of zeros": {one, map[string]tftypes.Value{"id": str("a"), "timeouts": timeout("-" +
			strings.Repeat("0", 1<<20) + "s")}},
		"a sort key":       {list, map[string]tftypes.Value{"sort": strs(huge + "!")}},
		"a predicate":      {list, map[string]tftypes.Value{"filter": strMap(map[string]string{huge: "a"})}},
		"a filter's value": {list, map[string]tftypes.Value{"filter": strMap(map[string]string{"status_null": huge})}},
		"an empty value":   {list, map[string]tftypes.Value{"filter": strMap(map[string]string{huge + "_eq": ""})}},
		"attributes": {list,
			map[string]tftypes.Value{"filter": strMap(map[string]string{strings.Repeat(huge[:1000]+"_or_", 1000) +
				"b_eq": "c"})}},
		"many IDs":        {list, map[string]tftypes.Value{"ids": many("a/")}},
		"many empty IDs":  {list, map[string]tftypes.Value{"ids": many("")}},
		"many addresses":  {list, map[string]tftypes.Value{"emails": many("a b")}},
		"many sort keys":  {list, map[string]tftypes.Value{"sort": many("!")}},
		"many predicates": {list, map[string]tftypes.Value{"filter": strMap(predicates)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diagnostics := newProtocol(t, NewServer("test")()).validate(t, tt.dataSource, tt.given)
			if len(diagnostics) == 0 {
				t.Fatal("nothing is wrong")
			}
			isShort(t, diagnostics)
		})
	}
}

// isShort fails unless the diagnostics are short enough for a person to read.
func isShort(t *testing.T, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	if len(diagnostics) > 2*maxAlike {
		t.Errorf("there are %d diagnostics", len(diagnostics))
	}
	for _, d := range diagnostics {
		if size := len(d.Summary) + len(d.Detail); size > maxDetail {
			t.Errorf("the diagnostic has %d bytes: %.200s", size, d.Summary+": "+d.Detail)
		}
		if size := len(d.Attribute.String()); size > 1000 {
			t.Errorf("the path has %d bytes", size)
		}
	}
}

func TestDiagnosticsHaveABoundWhateverTheAnswer(t *testing.T) {
	t.Parallel()
	const address = "joe@corp.example"
	var twins strings.Builder
	for i := range 25 {
		if i > 0 {
			twins.WriteString(",")
		}
		twins.WriteString(`{"type":"customers","id":"` + strings.Repeat("x", 1<<18) + string(rune('a'+i)) +
			`","attributes":{"email":"` + address + `"},"meta":{"mode":"test"}}`)
	}
	id, byAddress := map[string]tftypes.Value{"id": str("one")}, map[string]tftypes.Value{"email": str(address)}
	for name, tt := range map[string]struct {
		given  map[string]tftypes.Value
		answer emulator.Answer
		want   string
	}{
		"a long ID that is not there": {map[string]tftypes.Value{"id": str(huge)}, nil, "…"},
		"another customer":            {id, jsonAPI(`{"data":{"type":"customers","id":"` + huge + `"}}`), "…"},
		"another type":                {id, jsonAPI(`{"data":{"type":"` + huge + `","id":"one"}}`), "…"},
		"a long code": {id, emulator.Body(400, "application/json",
			`{"errors":[{"code":"`+huge+`","title":"`+huge+`","detail":"`+huge+`"}]}`), "…"},
		"many errors": {id, emulator.Body(400, "application/json",
			`{"errors":[`+strings.Repeat(`{"title":"`+huge[:1000]+`"},`, 90)+`{}]}`), "…"},
		"a long title": {id, emulator.Body(403, "text/html", "<title>"+huge[:190]+"</title>"+huge), "Forbidden"},
		"a long mode":  {id, jsonAPI(`{"data":{"type":"customers","id":"one","meta":{"mode":"` + huge + `"}}}`), "…"},
		"a long media type": {id, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/"+huge[:100_000])
			_, _ = w.Write([]byte("{}"))
		}, "…"},
		"a long request ID": {id, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Request-Id", huge[:100_000])
			w.WriteHeader(http.StatusBadRequest)
		}, "…"},
		"a redirect to a long host": {id, emulator.Redirect(302, "https://"+huge[:100_000]+"/"), "…"},
		"25 customers of one address": {byAddress, jsonAPI(`{"data":[` + twins.String() +
			`],"meta":{"record_count":20000}}`), "19,975 more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := startAPI(t)
			if tt.answer != nil {
				api.Inject(emulator.Fault{Answer: tt.answer})
			}
			p := newProtocol(t, NewServer("test")())
			if d := p.configure(t, false, map[string]tftypes.Value{
				attrDomain: str(api.url), attrToken: str(emulator.DefaultToken), attrMode: str("test"),
			}); len(d) > 0 {
				t.Fatal(d[0].Summary, d[0].Detail)
			}
			resp := p.read(t, t.Context(), "commercelayer_customer", tt.given)
			if len(resp.Diagnostics) != 1 {
				t.Fatalf("the diagnostics are %v", resp.Diagnostics)
			}
			if d := resp.Diagnostics[0]; !strings.Contains(d.Detail, tt.want) {
				t.Errorf("%q is not in %.2000s", tt.want, d.Detail)
			}
			isShort(t, resp.Diagnostics)
		})
	}
}

func TestKeysThatMustNotBeShownAreNotInPaths(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, NewServer("test")())
	for key, want := range map[string]string{
		"status_equals":    `AttributeName("filter").ElementKeyString("status_equals")`,
		"joe@corp.example": `AttributeName("filter")`,
		huge:               `AttributeName("filter")`,
	} {
		d := p.validate(t, "commercelayer_customers",
			map[string]tftypes.Value{"filter": strMap(map[string]string{key: "a"})})
		if len(d) != 1 || d[0].Attribute.String() != want || strings.Contains(d[0].Detail, "joe") {
			t.Errorf("%.20s: the diagnostics are %v", key, d)
		}
	}
}
