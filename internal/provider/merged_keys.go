package provider

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/text/unicode/norm"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// composed converts the keys of a map to Unicode's composed form (NFC). The CLI
// does the same with the keys of every map. If two keys become equal, the CLI
// keeps one of the two values at random. composed always keeps the value of the
// key whose bytes sort last. That key is also the last one in the JSON text of
// the map, so jsondecode keeps the same value. It also returns the keys that became
// equal.
func composed[V any](members map[string]V) (result map[string]V, merged []string) {
	if isComposed(members) {
		return members, nil
	}
	result = make(map[string]V, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		key := norm.NFC.String(name)
		if _, taken := result[key]; taken && !slices.Contains(merged, key) {
			merged = append(merged, key)
		}
		result[key] = members[name]
	}
	return result, merged
}

func isComposed[V any](members map[string]V) bool {
	for key := range members {
		if !norm.NFC.IsNormalString(key) {
			return false
		}
	}
	return true
}

// mergedKeys collects the keys of customers that become equal, for a warning. A
// customer then has fewer keys in Terraform than in the API.
type mergedKeys struct {
	metadata, relationships []string
	// known are the configured secrets, which a server may send back.
	known redact.Secrets
}

// look adds the keys of a customer that become equal.
func (m *mergedKeys) look(c *commercelayer.Customer) {
	// If the whole text is composed, all keys are composed. This check is fast.
	if !norm.NFC.IsNormal(c.Metadata) {
		var members map[string]json.RawMessage
		if json.Unmarshal(c.Metadata, &members) == nil {
			_, merged := composed(members)
			m.metadata = append(m.metadata, m.named(c.ID, merged)...)
		}
	}
	_, merged := composed(c.Relationships)
	m.relationships = append(m.relationships, m.named(c.ID, merged)...)
}

func (m *mergedKeys) named(id string, keys []string) []string {
	var lines []string
	for _, key := range keys {
		lines = append(lines, fmt.Sprintf("  - %q of the customer %q", m.known.Name(key), m.known.Name(id)))
	}
	return lines
}

// maxMergedShown is the greatest number of keys that a warning names.
const maxMergedShown = 12

// warnings returns a warning for each kind of map. The argument list names the
// attribute that holds the customers. It is empty if a single customer was
// read.
func (m *mergedKeys) warnings(list string) diag.Diagnostics {
	var diags diag.Diagnostics
	warn := func(attribute, instead string, lines []string) {
		if len(lines) == 0 {
			return
		}
		shown := lines[:min(len(lines), maxMergedShown)]
		if more := len(lines) - len(shown); more > 0 {
			shown = append(slices.Clone(shown), fmt.Sprintf("  - and %s more", thousands(more)))
		}
		diags.AddAttributeWarning(path.Root(cmp.Or(list, attribute)), "Several keys are one to Terraform", fmt.Sprintf(
			"Some keys of `%s` differ only in their Unicode encoding: a letter with an accent is one character in "+
				"one key, and two characters in the other. Terraform treats such keys as the same key:\n\n%s\n\n%s",
			attribute, strings.Join(shown, "\n"), instead))
	}
	warn("metadata", "The value is that of the key which comes last in `metadata_json`. To get both values, rename "+
		"one of the keys in Commerce Layer.", m.metadata)
	warn("relationships", "The value is that of the name whose bytes come last.", m.relationships)
	return diags
}
