package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// The attributes of the provider block.
const (
	attrDomain         = "domain"
	attrToken          = "token"
	attrClientID       = "client_id"
	attrClientSecret   = "client_secret"
	attrScope          = "scope"
	attrAuthEndpoint   = "auth_endpoint"
	attrMode           = "mode"
	attrRequestTimeout = "request_timeout"
	attrMaxRetries     = "max_retries"
)

// environment maps attributes of the provider block to their environment
// variables.
var environment = map[string]string{
	attrDomain:       "COMMERCELAYER_DOMAIN",
	attrToken:        "COMMERCELAYER_TOKEN",
	attrClientID:     "COMMERCELAYER_CLIENT_ID",
	attrClientSecret: "COMMERCELAYER_CLIENT_SECRET",
	attrScope:        "COMMERCELAYER_SCOPE",
	attrAuthEndpoint: "COMMERCELAYER_AUTH_ENDPOINT",
	attrMode:         "COMMERCELAYER_MODE",
}

var modes = []string{commercelayer.ModeTest, commercelayer.ModeLive}

func envSentence(attribute string) string {
	return "Can also be set with the environment variable `" + environment[attribute] + "`."
}

func backticked(values []string) string { return strings.Join(quoted(values), " or ") }

// quoted puts backticks around names.
func quoted(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "`" + name + "`"
	}
	return list
}

type providerModel struct {
	Domain         types.String `tfsdk:"domain"`
	Token          types.String `tfsdk:"token"`
	ClientID       types.String `tfsdk:"client_id"`
	ClientSecret   types.String `tfsdk:"client_secret"`
	Scope          types.String `tfsdk:"scope"`
	AuthEndpoint   types.String `tfsdk:"auth_endpoint"`
	Mode           types.String `tfsdk:"mode"`
	RequestTimeout types.String `tfsdk:"request_timeout"`
	MaxRetries     types.Number `tfsdk:"max_retries"`
}

// configured returns the value of an attribute in the provider block. It is
// null for attributes that are not strings.
func (m *providerModel) configured(attribute string) types.String {
	switch attribute {
	case attrDomain:
		return m.Domain
	case attrToken:
		return m.Token
	case attrClientID:
		return m.ClientID
	case attrClientSecret:
		return m.ClientSecret
	case attrScope:
		return m.Scope
	case attrAuthEndpoint:
		return m.AuthEndpoint
	case attrMode:
		return m.Mode
	case attrRequestTimeout:
		return m.RequestTimeout
	}
	return types.StringNull()
}

// conflicts reports attributes that must not be set together. It checks the
// configuration only, because a validation may run in another environment than
// the plan.
func (m *providerModel) conflicts() diag.Diagnostics {
	var diags diag.Diagnostics
	if isSet(m.Token) {
		if isSet(m.ClientID) || isSet(m.ClientSecret) {
			var both []string
			for _, attribute := range []string{attrClientID, attrClientSecret} {
				if isSet(m.configured(attribute)) {
					both = append(both, "`"+attribute+"`")
				}
			}
			diags.AddAttributeError(path.Root(strings.Trim(both[0], "`")), "Conflicting credentials",
				listed(append(both, "`token`"))+" are "+either(len(both) == 1, "both", "all")+" set. "+
					"Set either `token`, or `client_id` and `client_secret`. With these the provider requests its tokens itself.")
		}
		if isSet(m.Scope) {
			diags.AddAttributeWarning(path.Root(attrScope), "Scope without effect",
				"`scope` is sent with a request for an access token. Since `token` is set, the provider requests no token.")
		}
	}
	if isSet(m.ClientSecret) && m.ClientID.IsNull() && !isSet(m.Token) {
		diags.AddAttributeError(
			path.Root(attrClientSecret),
			"Client ID missing",
			"`client_secret` is set without `client_id`. Set both in the configuration. The provider does not mix credentials of the configuration with credentials of the environment.",
		)
	}
	return diags
}

// isSet tells whether a value is given and known.
func isSet(v types.String) bool { return !v.IsNull() && !v.IsUnknown() }

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// listed joins names for use in a sentence: a, b and c.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// sentence turns the text of an error into a sentence.
func sentence(err error) string {
	text := err.Error()
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
