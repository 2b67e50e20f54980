package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The name Zoë, with ë as one character and as a letter and an accent.
const zoe, zoeApart = "zo\u00eb", "zoe\u0308"

func TestKeysThatTerraformMakesOneHaveTheSameValueEachTime(t *testing.T) {
	t.Parallel()
	// NFC turns the Kelvin sign into the letter K, whose bytes sort first.
	const kelvin = "\u212a"
	customer := &commercelayer.Customer{
		ID:       "a",
		Metadata: fmt.Appendf(nil, `{"K":"letter",%q:"apart",%q:"composed",%q:"sign"}`, zoeApart, zoe, kelvin),
		Relationships: map[string]commercelayer.Relationship{
			zoe: {Self: new("composed")}, zoeApart: {Self: new("apart")}, "tags": {},
		},
	}
	for range 50 {
		got, want := metadataValue(customer.Metadata), map[string]any{zoe: "composed", "K": "sign"}
		if !maps.Equal(got, want) {
			t.Fatalf("the metadata is %v", got)
		}
		relationships := composed(customer.Relationships)
		if len(relationships) != 2 || *relationships[zoe].Self != "composed" {
			t.Fatalf("the relationships are %v", relationships)
		}
	}
}

func TestAKeyInDecomposedLettersAloneIsComposedWithoutAWarning(t *testing.T) {
	t.Parallel()
	customer := &commercelayer.Customer{
		ID: "a", Metadata: fmt.Appendf(nil, `{%q:"apart","x":{%q:1,%q:2}}`, zoeApart, zoe, zoeApart),
	}
	if got := metadataValue(customer.Metadata)[zoe]; got != "apart" {
		t.Errorf("the value is %v", got)
	}
	var merged mergedKeys
	merged.look(customer)
	if got := merged.warnings(""); len(got) > 0 {
		t.Errorf("warnings: %v", got)
	}
}

func TestWarningsAboutKeysAreBounded(t *testing.T) {
	t.Parallel()
	var merged mergedKeys
	for i := range 5000 {
		merged.look(&commercelayer.Customer{
			ID: fmt.Sprintf("a%d", i), Metadata: fmt.Appendf(nil, `{%q:1,%q:2}`, zoe, zoeApart),
		})
	}
	got := merged.warnings("customers")
	if len(got) != 1 || len(got[0].Detail()) > 2000 || !strings.Contains(got[0].Detail(), "and 4,988 more") {
		t.Errorf("warnings: %v", got)
	}
}

func TestAccKeysThatTerraformMakesOneAreWarnedAbout(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	id := api.AddCustomer(emulator.Customer{
		Metadata: fmt.Appendf(nil, `{%q:"apart",%q:"composed","joe@example.com":1}`, zoeApart, zoe),
	})
	for _, config := range []string{
		customerByID(id) + `output "value" { value = data.commercelayer_customer.test.metadata }`,
		fmt.Sprintf("data \"commercelayer_customers\" \"test\" {\n  ids = [%q]\n}\n", id) +
			`output "value" { value = data.commercelayer_customers.test.customers[0].metadata }`,
	} {
		for range 3 {
			result := newCLI(t, api.config(config)).apply().ok()
			result.wantOutput("value", fmt.Sprintf(`{"joe@example.com":"1",%q:"composed"}`, zoe))
			warnings := result.warnings()
			if len(warnings) == 0 {
				t.Fatal("there is no warning")
			}
			wantDiagnostic(t, warnings[0], "Several keys are one to Terraform", `"`+zoe+`" of the customer "`+id+`"`)
		}
	}
}
