package provider

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// walk visits all attributes of a schema, including those of blocks and nested
// attributes.
func walk(schema *tfprotov6.Schema, visit func(path string, a *tfprotov6.SchemaAttribute)) {
	var attributes func(prefix string, list []*tfprotov6.SchemaAttribute)
	attributes = func(prefix string, list []*tfprotov6.SchemaAttribute) {
		for _, a := range list {
			visit(prefix+a.Name, a)
			if a.NestedType != nil {
				attributes(prefix+a.Name+".", a.NestedType.Attributes)
			}
		}
	}
	attributes("", schema.Block.Attributes)
	for _, block := range schema.Block.BlockTypes {
		attributes(block.TypeName+".", block.Block.Attributes)
	}
}

// schemas returns all schemas of the provider by a readable name.
func schemas(t *testing.T) map[string]*tfprotov6.Schema {
	t.Helper()
	p := newProtocol(t)
	all := map[string]*tfprotov6.Schema{"provider": p.schema.Provider}
	for name, s := range p.schema.DataSourceSchemas {
		all["data "+name] = s
	}
	for name, s := range p.schema.EphemeralResourceSchemas {
		all["ephemeral "+name] = s
	}
	return all
}

func TestSchemasAreWhatTheDesignNames(t *testing.T) {
	t.Parallel()
	want := []string{
		"data commercelayer_customer", "data commercelayer_customer_related", "data commercelayer_customers",
		"ephemeral commercelayer_customer", "ephemeral commercelayer_customers", "provider",
	}
	if got := slices.Sorted(maps.Keys(schemas(t))); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	p := newProtocol(t)
	if len(p.schema.ResourceSchemas) > 0 {
		t.Error("there is a resource, and this provider never writes")
	}
	sensitive := []string{}
	for name, schema := range schemas(t) {
		walk(schema, func(path string, a *tfprotov6.SchemaAttribute) {
			if a.Sensitive {
				sensitive = append(sensitive, name+" "+path)
			}
		})
	}
	// Other attributes must not be sensitive: a sensitive ID can't be a key of
	// for_each.
	if slices.Sort(sensitive); !slices.Equal(sensitive, []string{"provider client_secret", "provider token"}) {
		t.Errorf("sensitive are %v", sensitive)
	}
}

func TestEveryAttributeIsDescribedBySentences(t *testing.T) {
	t.Parallel()
	sentences := regexp.MustCompile("^[A-Z`][^\n]*\\.$")
	for name, schema := range schemas(t) {
		if !sentences.MatchString(schema.Block.Description) || schema.Block.DescriptionKind != tfprotov6.StringKindMarkdown {
			t.Errorf("%s: %q", name, schema.Block.Description)
		}
		walk(schema, func(path string, a *tfprotov6.SchemaAttribute) {
			if !sentences.MatchString(a.Description) || a.DescriptionKind != tfprotov6.StringKindMarkdown {
				t.Errorf("%s: %s: %q", name, path, a.Description)
			}
			if strings.Count(a.Description, "`")%2 != 0 {
				t.Errorf("%s: %s: a back-tick is missing in %q", name, path, a.Description)
			}
		})
	}
}

// fullDocument is the API's answer about a customer with every attribute.
func fullDocument(tb testing.TB) []byte {
	tb.Helper()
	path := "/api/customers/" + emulator.FullCustomerID
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Accept", "application/vnd.api+json")
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
	w := httptest.NewRecorder()
	emulator.New().ServeHTTP(w, r)
	return w.Body.Bytes()
}
