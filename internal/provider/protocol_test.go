package provider

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The names of the data sources. The first two also have ephemeral resources.
const (
	oneCustomer      = "commercelayer_customer"
	manyCustomers    = "commercelayer_customers"
	relatedResources = "commercelayer_customer_related"
)

// args are the arguments of a configuration as plain values of Go. A list is a
// slice, and a map or an object is args. What is nil or missing is null.
type args map[string]any

// notKnown is a value that is known only after apply, as the protocol encodes it.
var notKnown = msgpack.RawMessage{0xd4, 0, 0}

// configOf returns a configuration with the given arguments. As from the CLI, equal
// ones have equal bytes.
func configOf(t testing.TB, schema *tfprotov6.Schema, given args) *tfprotov6.DynamicValue {
	t.Helper()
	whole := map[string]any{}
	for _, a := range schema.Block.Attributes {
		whole[a.Name] = given[a.Name]
	}
	for _, block := range schema.Block.BlockTypes {
		whole[block.TypeName] = given[block.TypeName]
	}
	var encoded bytes.Buffer
	noError(t, msgpack.NewEncoder(&encoded).SetSortMapKeys(true).Encode(whole))
	return &tfprotov6.DynamicValue{MsgPack: encoded.Bytes()}
}

// protocol calls the provider in the way in which the CLI does.
type protocol struct {
	tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
	// deferral is set for a CLI that allows to defer reads.
	deferral bool
}

func newProtocol(t testing.TB) *protocol {
	t.Helper()
	return protocolOf(t, NewServer("test")())
}

func protocolOf(t testing.TB, server tfprotov6.ProviderServer) *protocol {
	t.Helper()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schema.Diagnostics) > 0 {
		t.Fatal(err, schema)
	}
	return &protocol{ProviderServer: server, schema: schema}
}

// connect returns a provider that is configured for an emulated API.
func connect(t testing.TB, api *api) *protocol {
	t.Helper()
	return newProtocol(t).connect(t, api)
}

func (p *protocol) connect(t testing.TB, api *api) *protocol {
	t.Helper()
	if said := p.configure(t, args{attrDomain: api.url, attrToken: emulator.DefaultToken}); len(said) > 0 {
		t.Fatal(said)
	}
	return p
}

func (p *protocol) configure(t testing.TB, given args) []diagnostic {
	t.Helper()
	resp, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion:   "1.2.3",
		Config:             configOf(t, p.schema.Provider, given),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: p.deferral},
	})
	noError(t, err)
	return said(resp.Diagnostics)
}

// An outcome is what a read gave.
type outcome struct {
	// value is null after an error.
	value       tftypes.Value
	size        int
	diagnostics []diagnostic
	deferred    *tfprotov6.Deferred
}

func outcomeOf(
	t testing.TB, schema *tfprotov6.Schema, result *tfprotov6.DynamicValue, diagnostics []*tfprotov6.Diagnostic,
) outcome {
	t.Helper()
	o := outcome{diagnostics: said(diagnostics)}
	if result != nil {
		var err error
		if o.value, err = result.Unmarshal(schema.ValueType()); err != nil {
			t.Fatal(err)
		}
		o.size = len(result.MsgPack)
	}
	return o
}

// ok returns the value, and fails the test if there is any diagnostic.
func (o outcome) ok(t testing.TB) tftypes.Value {
	t.Helper()
	if len(o.diagnostics) > 0 {
		t.Fatal(o.diagnostics)
	}
	return o.value
}

// read reads with a data source.
func (p *protocol) read(t testing.TB, name string, given args) outcome {
	t.Helper()
	schema := p.schema.DataSourceSchemas[name]
	resp, err := p.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName:           name,
		Config:             configOf(t, schema, given),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: p.deferral},
	})
	noError(t, err)
	o := outcomeOf(t, schema, resp.State, resp.Diagnostics)
	o.deferred = resp.Deferred
	return o
}

// open reads with an ephemeral resource.
func (p *protocol) open(t testing.TB, name string, given args) outcome {
	t.Helper()
	schema := p.schema.EphemeralResourceSchemas[name]
	resp, err := p.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: name,
		Config:   configOf(t, schema, given),
	})
	noError(t, err)
	return outcomeOf(t, schema, resp.Result, resp.Diagnostics)
}

// readers are the ways to read with the given arguments: the data source, and the
// ephemeral resource of the same name if there is one.
func (p *protocol) readers(name string) map[string]func(testing.TB, string, args) outcome {
	list := map[string]func(testing.TB, string, args) outcome{"data source": p.read}
	if p.schema.EphemeralResourceSchemas[name] != nil {
		list["ephemeral resource"] = p.open
	}
	return list
}

// validate validates the arguments of a data source, or of the provider. The
// ephemeral resource of the same name must say the same.
func (p *protocol) validate(t testing.TB, name string, given args) []diagnostic {
	t.Helper()
	if name == "provider" {
		resp, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
			Config: configOf(t, p.schema.Provider, given),
		})
		noError(t, err)
		return said(resp.Diagnostics)
	}
	resp, err := p.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: configOf(t, p.schema.DataSourceSchemas[name], given),
	})
	noError(t, err)
	list := said(resp.Diagnostics)
	if schema := p.schema.EphemeralResourceSchemas[name]; schema != nil {
		twin, err := p.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
			TypeName: name, Config: configOf(t, schema, given),
		})
		noError(t, err)
		if other := said(twin.Diagnostics); !slices.Equal(other, list) {
			t.Errorf("the ephemeral resource says\n%v\nand the data source\n%v", other, list)
		}
	}
	return list
}

// said returns diagnostics in the form in which the tests of the CLI have them. The
// address is the path of the argument. The framework has attributes in a random
// order, so they are sorted.
func said(list []*tfprotov6.Diagnostic) []diagnostic {
	var all []diagnostic
	for _, d := range list {
		all = append(all, diagnostic{
			Severity: strings.ToLower(d.Severity.String()), Summary: d.Summary, Detail: d.Detail, Address: d.Attribute.String(),
		})
	}
	slices.SortFunc(all, func(a, b diagnostic) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// wantOne fails the test unless there is exactly one diagnostic, with the given
// summary and with all the given words in its detail.
func wantOne(t testing.TB, list []diagnostic, summary string, words ...string) diagnostic {
	t.Helper()
	if len(list) != 1 {
		t.Fatalf("%d diagnostics, want one with the title %s:\n%v", len(list), summary, list)
	}
	wantDiagnostic(t, list[0], summary, words...)
	return list[0]
}

func wantDiagnostic(t testing.TB, d diagnostic, summary string, words ...string) {
	t.Helper()
	if d.Summary != summary {
		t.Errorf("the summary is %q, want %q:\n%s", d.Summary, summary, d)
	}
	for _, w := range words {
		if !strings.Contains(d.Detail, w) {
			t.Errorf("%q is missing in:\n%s", w, d)
		}
	}
}

// A key is a key of a map.
type key string

// member returns a nested value. Each step is an attribute of an object, an index
// of a list, or a key of a map.
func member(t testing.TB, in tftypes.Value, steps ...any) tftypes.Value {
	t.Helper()
	path := tftypes.NewAttributePath()
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			path = path.WithAttributeName(step)
		case int:
			path = path.WithElementKeyInt(step)
		case key:
			path = path.WithElementKeyString(string(step))
		}
	}
	found, _, err := tftypes.WalkAttributePath(in, path)
	value, ok := found.(tftypes.Value)
	if err != nil || !ok {
		t.Fatalf("%s: %v", path, err)
	}
	return value
}

func TestUnknownConfigurationIsDeferredWhereTheCLIAllowsIt(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		p := newProtocol(t)
		p.deferral = allowed
		if said := p.configure(t, args{attrDomain: "acme", attrToken: notKnown}); len(said) > 0 {
			t.Fatal(said)
		}
		got := p.read(t, oneCustomer, args{"id": "xYZkjABcde"})
		if deferred := got.deferred != nil; deferred != allowed {
			t.Errorf("the read was deferred: %t, want %t", deferred, allowed)
		}
		if allowed {
			got.ok(t)
			continue
		}
		wantOne(t, got.diagnostics, "Provider configuration not known yet", "`token`")
	}
}

func TestReadsBeforeTheProviderIsConfiguredAreErrors(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	for name, given := range map[string]args{oneCustomer: {"id": "a"}, manyCustomers: nil, relatedResources: nil} {
		for _, read := range p.readers(name) {
			wantOne(t, read(t, name, given).diagnostics, "Provider not configured")
		}
	}
}
