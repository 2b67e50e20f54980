package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// firstAttributes are shown first, because people look for them. The others
// follow in alphabetical order.
var firstAttributes = []string{"id", "email", "status", "created_at", "updated_at"}

// describeRequests shows requests as they arrived, but hides the token.
func describeRequests(base string, requests []emulator.Request) string {
	var text strings.Builder

	for _, request := range requests {
		url := base + request.Path
		if request.RawQuery != "" {
			url += "?" + request.RawQuery
		}

		fmt.Fprintf(&text, "%s %s -> %d\n", request.Method, url, request.Status)

		for _, name := range slices.Sorted(maps.Keys(request.Header)) {
			value := strings.Join(request.Header[name], ", ")
			if name == "Authorization" {
				scheme, _, _ := strings.Cut(value, " ")
				value = scheme + " (the token, not shown)"
			}

			fmt.Fprintf(&text, "  %s: %s\n", name, value)
		}
	}
	return text.String()
}

// describeCustomer finds the customer in the state, which the CLI gives as JSON.
// It lists the attributes that are not null.
func describeCustomer(state string) (string, error) {
	var document tfjson.State

	// Large numbers would lose digits as float64.
	document.UseJSONNumber(true)
	if err := json.Unmarshal([]byte(state), &document); err != nil {
		return "", fmt.Errorf("reading the state: %w", err)
	}

	if document.Values != nil && document.Values.RootModule != nil {
		for _, resource := range document.Values.RootModule.Resources {
			if resource.Type == "commercelayer_customer" {
				return table(resource.AttributeValues)
			}
		}
	}
	return "", errors.New("the state holds no commercelayer_customer")
}

func table(values map[string]any) (string, error) {
	var text bytes.Buffer

	writer := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)

	rest := slices.DeleteFunc(slices.Sorted(maps.Keys(values)), func(name string) bool {
		return slices.Contains(firstAttributes, name)
	})

	for _, name := range slices.Concat(firstAttributes, rest) {
		if value := values[name]; value != nil {
			fmt.Fprintf(writer, "%s\t%s\n", name, brief(name, value))
		}
	}
	if err := writer.Flush(); err != nil {
		return "", fmt.Errorf("formatting the customer: %w", err)
	}
	return text.String(), nil
}

// brief shows a value on one line. Of the relationships it shows only the names,
// because each of them holds nothing but two links.
func brief(name string, value any) string {
	switch value := value.(type) {
	case string:
		return value
	case map[string]any:
		if name == "relationships" {
			return strings.Join(slices.Sorted(maps.Keys(value)), " ")
		}
	}

	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

func count(requests int) string {
	switch requests {
	case 0:
		return "none"
	case 1:
		return "1 request"
	default:
		return fmt.Sprintf("%d requests", requests)
	}
}

func indent(text string) string {
	var indented strings.Builder

	for line := range strings.Lines(text) {
		indented.WriteString("  " + line)
	}
	return indented.String()
}
