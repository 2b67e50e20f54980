package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/text/unicode/norm"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// composed gives the keys of a map the form that the CLI gives them: composed
// letters (Unicode's NFC). Keys that become one would be chosen between at
// random there. Here the one wins whose bytes come last, which is also the last
// one in the JSON text of the same map, and so the one that jsondecode takes.
func composed[V any](members map[string]V) map[string]V {
	if isComposed(members) {
		return members
	}
	result := make(map[string]V, len(members))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		result[norm.NFC.String(key)] = members[key]
	}
	return result
}

func isComposed[V any](members map[string]V) bool {
	for key := range members {
		if !norm.NFC.IsNormalString(key) {
			return false
		}
	}
	return true
}

// keysThatMerge returns the keys that several keys of a map become.
func keysThatMerge[V any](members map[string]V) []string {
	if isComposed(members) {
		return nil
	}
	count := map[string]int{}
	for key := range members {
		count[norm.NFC.String(key)]++
	}
	maps.DeleteFunc(count, func(_ string, n int) bool { return n < 2 })
	return slices.Sorted(maps.Keys(count))
}

// mergedKeys collects the customers whose maps lose a key, to warn about them.
type mergedKeys struct {
	metadata, relationships []string
}

// look takes the keys of a customer's maps in which several become one.
func (m *mergedKeys) look(c *commercelayer.Customer) {
	// Text that is composed as a whole has no key that is not.
	if !norm.NFC.IsNormal(c.Metadata) {
		var members map[string]json.RawMessage
		if json.Unmarshal(c.Metadata, &members) == nil {
			m.metadata = append(m.metadata, namedKeys(c.ID, keysThatMerge(members))...)
		}
	}
	m.relationships = append(m.relationships, namedKeys(c.ID, keysThatMerge(c.Relationships))...)
}

func namedKeys(id string, keys []string) []string {
	var lines []string
	for _, key := range keys {
		line := fmt.Sprintf("  - %q of the customer %q", commercelayer.Redact(key), commercelayer.Redact(id))
		lines = append(lines, line)
	}
	return lines
}

// maxMergedShown bounds the keys that a warning names.
const maxMergedShown = 12

// warnings returns a warning for each kind of map. What is read many times is
// below the attribute list, and what is read once at the root.
func (m *mergedKeys) warnings(list string) diag.Diagnostics {
	var diags diag.Diagnostics
	warn := func(attribute, instead string, lines []string) {
		if len(lines) == 0 {
			return
		}
		at := path.Root(attribute)
		if list != "" {
			at = path.Root(list)
		}
		shown := lines[:min(len(lines), maxMergedShown)]
		if more := len(lines) - len(shown); more > 0 {
			shown = append(slices.Clone(shown), fmt.Sprintf("  - and %s more", thousands(more)))
		}
		diags.AddAttributeWarning(at, "Several keys are one to Terraform", fmt.Sprintf(
			"Some keys of `%s` differ only in how a letter and its accent are encoded, as one character or as two. "+
				"Terraform makes one key of them:\n\n%s\n\n%s",
			attribute, strings.Join(shown, "\n"), instead))
	}
	warn("metadata", "The value is that of the key which comes last in `metadata_json`. Give the keys names that "+
		"differ in their letters.", m.metadata)
	warn("relationships", "The value is that of the name whose bytes come last.", m.relationships)
	return diags
}
