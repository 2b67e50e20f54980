package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A configuration is what the provider block sets.
type configuration struct {
	// texts are the values of [providerSettings].
	texts      map[string]types.String
	maxRetries types.Number
}

func readConfiguration(ctx context.Context, config tfsdk.Config) (*configuration, diag.Diagnostics) {
	c := &configuration{texts: map[string]types.String{}}
	diags := config.GetAttribute(ctx, path.Root(attrMaxRetries), &c.maxRetries)
	for attribute := range providerSettings {
		var text types.String
		diags.Append(config.GetAttribute(ctx, path.Root(attribute), &text)...)
		c.texts[attribute] = text
	}
	return c, diags
}

// has returns those of the attributes that are given and known.
func (c *configuration) has(attributes ...string) []string {
	var list []string
	for _, attribute := range attributes {
		if isSet(c.texts[attribute]) {
			list = append(list, attribute)
		}
	}
	return list
}

// conflicts reports attributes that must not be set together. It checks the
// configuration only, because a validation may run in another environment than
// the plan.
func (c *configuration) conflicts() diag.Diagnostics {
	var diags diag.Diagnostics
	if isSet(c.texts[attrToken]) {
		if others := c.has(attrClientID, attrClientSecret); len(others) > 0 {
			diags.AddAttributeError(path.Root(others[0]), "Conflicting credentials",
				listed(quoted(append(others, attrToken)))+" are "+either(len(others) == 1, "both", "all")+" set. "+
					"Set either `token`, or `client_id` and `client_secret`. With these the provider requests its tokens itself.")
		}
		if isSet(c.texts[attrScope]) {
			diags.AddAttributeWarning(path.Root(attrScope), "Scope without effect",
				"`scope` is sent with a request for an access token. Since `token` is set, the provider requests no token.")
		}
		return diags
	}
	if isSet(c.texts[attrClientSecret]) && c.texts[attrClientID].IsNull() {
		diags.AddAttributeError(path.Root(attrClientSecret), "Client ID missing",
			"`client_secret` is set without `client_id`. Set both in the configuration. The provider does not mix "+
				"credentials of the configuration with credentials of the environment.")
	}
	return diags
}
