package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// The name Zoë, with ë as one character and as a letter and an accent.
const zoe, zoeApart = "zo\u00eb", "zoe\u0308"

// TestKeysThatTerraformMakesOneHaveTheSameValueEachTime reads customers whose keys
// are equal in composed letters (NFC). The key whose bytes come last is taken.
func TestKeysThatTerraformMakesOneHaveTheSameValueEachTime(t *testing.T) {
	t.Parallel()
	// NFC turns the Kelvin sign into the letter K, whose bytes sort first.
	const kelvin = "\u212a"
	// Keys inside of a value stay as they are, and so does a key that has no twin.
	const alone = `"x":{"zo\u00eb":1,"zoe\u0308":2},"e\u0301":"alone"`
	api := startAPI(t)
	const id = "merged"
	metadata := fmt.Sprintf(`{"K":"letter",%q:"apart",%q:"composed",%q:"sign",%s}`, zoeApart, zoe, kelvin, alone)
	relationships := fmt.Sprintf(`{%q:{"links":{"self":"first"}},%q:{},"e\u0301":{"links":{"self":"second"}}}`, zoe, zoeApart)
	api.AddDocument(id, fmt.Appendf(nil, `{"data":{"id":%q,"type":"customers","attributes":{"metadata":%s},"relationships":%s}}`,
		id, metadata, relationships))
	p := connect(t, api)
	for range 20 {
		got := p.read(t, oneCustomer, args{"id": id})
		warned := slices.DeleteFunc(got.diagnostics, func(d diagnostic) bool {
			return d.Summary != "Several keys are one to Terraform"
		})
		if len(warned) != 2 || strings.Contains(warned[0].Detail, "\u00e9") {
			t.Fatalf("the warnings are %v, want one about the metadata and one about the relationships", got.diagnostics)
		}
		for name, value := range map[string]tftypes.Value{
			"composed": member(t, got.value, "metadata", key(zoe)), "sign": member(t, got.value, "metadata", key("K")),
			"alone":  member(t, got.value, "metadata", key("\u00e9")),
			"first":  member(t, got.value, "relationships", key(zoe), "self"),
			"second": member(t, got.value, "relationships", key("\u00e9"), "self"),
		} {
			if !value.Equal(tftypes.NewValue(tftypes.String, name)) {
				t.Fatalf("got %s, want %s", value, name)
			}
		}
	}
}

func TestAccKeysThatTerraformMakesOneAreWarnedAbout(t *testing.T) {
	t.Parallel()
	api := startAPI(t)
	id := api.AddCustomer(emulator.Customer{Metadata: fmt.Appendf(nil, `{%q:"apart",%q:"composed","joe@example.com":1}`,
		zoeApart, zoe)})
	result := newCLI(t, api.config(fmt.Sprintf("data \"commercelayer_customers\" \"test\" {\n  ids = [%q]\n}\n", id)+
		`output "value" { value = data.commercelayer_customers.test.customers[0].metadata }`)).apply().ok()
	result.wantOutput("value", fmt.Sprintf(`{"joe@example.com":"1",%q:"composed"}`, zoe))
	wantOne(t, result.warnings(), "Several keys are one to Terraform", `"`+zoe+`" of the customer "`+id+`"`)
}
