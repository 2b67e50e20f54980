package provider

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

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

// environment names the variable of each attribute that has one.
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

func backticked(values []string) string {
	return "`" + strings.Join(values, "` or `") + "`"
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
	MaxRetries     types.Int64  `tfsdk:"max_retries"`
}

// settings are what a configuration and its environment amount to.
type settings struct {
	options []commercelayer.Option
	// credentials is set if the options hold client credentials.
	credentials bool
	// secrets are the values that must never be seen.
	secrets []string
	// unknown names the attributes without whose values nothing can be read.
	unknown []string
}

// conflicts finds what can't be meant together. It looks at the configuration
// alone, since the environment of a validation may be another than a plan's.
func (m *providerModel) conflicts() diag.Diagnostics {
	var diags diag.Diagnostics
	if isSet(m.Token) {
		if isSet(m.ClientID) || isSet(m.ClientSecret) {
			attribute := either(isSet(m.ClientID), attrClientID, attrClientSecret)
			diags.AddAttributeError(path.Root(attribute), "Conflicting credentials",
				fmt.Sprintf("`%s` and `token` are both set. Set either `token`, or `client_id` and `client_secret`, with which the provider requests its tokens itself.", attribute))
		}
		if isSet(m.Scope) {
			diags.AddAttributeWarning(path.Root(attrScope), "Scope without effect",
				"`scope` belongs to a request for an access token. With `token` set, none is requested.")
		}
	}
	if isSet(m.ClientSecret) && m.ClientID.IsNull() && !isSet(m.Token) {
		diags.AddAttributeError(path.Root(attrClientSecret), "Client ID missing",
			"`client_secret` is set without `client_id`. Set both in the configuration: credentials of the environment are not mixed with credentials of the configuration.")
	}
	return diags
}

// resolve merges the configuration with the environment. Credentials in the
// configuration, known or not, make those of the environment ignored as a whole.
func (m *providerModel) resolve(getenv func(string) string) (settings, diag.Diagnostics) {
	r := &resolution{getenv: getenv, fromEnvironment: map[string]bool{}}
	r.diags.Append(m.conflicts()...)
	mode := r.value(attrMode, m.Mode)
	if isSet(mode) && !slices.Contains(modes, mode.ValueString()) {
		r.fail(attrMode, "Invalid mode", fmt.Sprintf("The mode is %q, and must be %s.", mode.ValueString(), backticked(modes)))
	}
	var domain *url.URL
	if text := r.value(attrDomain, m.Domain); isSet(text) {
		var err error
		if domain, err = commercelayer.ParseDomain(text.ValueString()); err != nil {
			r.fail(attrDomain, "Invalid domain", sentence(err))
		}
	}
	r.options = append(r.options, commercelayer.WithDomain(domain), commercelayer.WithMode(mode.ValueString()))
	if isSet(m.RequestTimeout) {
		timeout, err := parseDuration(m.RequestTimeout.ValueString())
		if err != nil {
			r.fail(attrRequestTimeout, "Invalid request timeout", sentence(err))
		}
		r.options = append(r.options, commercelayer.WithRequestTimeout(timeout))
	}
	if !m.MaxRetries.IsNull() && !m.MaxRetries.IsUnknown() {
		r.options = append(r.options, commercelayer.WithMaxRetries(int(m.MaxRetries.ValueInt64())))
	}
	m.resolveCredentials(r, domain)
	return r.settings, r.diags
}

// resolveCredentials settles on a token or on client credentials.
func (m *providerModel) resolveCredentials(r *resolution, domain *url.URL) {
	token, id, secret, scope := m.Token, m.ClientID, m.ClientSecret, m.Scope
	if token.IsNull() && id.IsNull() && secret.IsNull() {
		token, id, secret = r.fromEnv(attrToken), r.fromEnv(attrClientID), r.fromEnv(attrClientSecret)
		if scope.IsNull() {
			scope = r.fromEnv(attrScope)
		}
	}
	switch {
	case isSet(token) && (isSet(id) || isSet(secret)):
		if r.diags.HasError() {
			return // said already: both stand in the configuration
		}
		r.fail(attrToken, "Conflicting credentials", fmt.Sprintf("The environment variables %s and %s are both set. Set either %[1]s, or %s and %s.",
			environment[attrToken], either(isSet(id), environment[attrClientID], environment[attrClientSecret]), environment[attrClientID], environment[attrClientSecret]))
	case isSet(token):
		if err := checkToken(token.ValueString()); err != nil {
			r.fail(attrToken, "Invalid access token", sentence(err))
			return
		}
		if domain == nil && !slices.Contains(r.unknown, attrDomain) && commercelayer.ParseClaims(token.ValueString()).Domain() == nil && !r.diags.HasError() {
			r.fail(attrDomain, "Domain missing", "The access token does not name its organization, so the provider can't tell which domain to ask. "+
				"Set `domain` or "+environment[attrDomain]+" to the organization's slug, such as `acme`.")
		}
		r.options = append(r.options, commercelayer.WithToken(token.ValueString()))
		r.secrets = append(r.secrets, token.ValueString())
	case token.IsUnknown():
		r.unknown = append(r.unknown, attrToken)
	case isSet(id) || id.IsUnknown():
		m.resolveClientCredentials(r, domain, id, secret, scope)
	case secret.IsUnknown():
		r.unknown = append(r.unknown, attrClientSecret)
	case isSet(secret):
		if !r.diags.HasError() {
			r.fail(attrClientSecret, "Client ID missing", fmt.Sprintf("The environment variable %s is set without %s.", environment[attrClientSecret], environment[attrClientID]))
		}
	default:
		r.fail(attrToken, "Credentials missing", fmt.Sprintf("The provider has nothing to sign in with. Set either\n\n"+
			"  - `client_id` and `client_secret`, or %s and %s: with them the provider requests its tokens itself; or\n"+
			"  - `token`, or %s: an access token, which is good for two hours.",
			environment[attrClientID], environment[attrClientSecret], environment[attrToken]))
	}
}

func (m *providerModel) resolveClientCredentials(r *resolution, domain *url.URL, id, secret, scope types.String) {
	for _, credential := range []struct {
		attribute, noun string
		value           types.String
		optional        bool
	}{
		{attrClientID, "client ID", id, false},
		{attrClientSecret, "client secret", secret, false},
		{attrScope, "scope", scope, true},
	} {
		switch {
		case credential.value.IsUnknown():
			r.unknown = append(r.unknown, credential.attribute)
		case isSet(credential.value) && credential.value.ValueString() == "" && !credential.optional:
			r.fail(credential.attribute, "Invalid "+credential.noun, "The "+credential.noun+" is empty.")
		}
	}
	if secret.IsNull() && r.getenv(environment[attrClientSecret]) != "" {
		r.diags.AddAttributeWarning(path.Root(attrClientID), "Client secret ignored",
			fmt.Sprintf("The environment variable %s is set but not used, since `client_id` is set in the configuration: credentials of the two are not mixed. "+
				"Set `client_secret` too, or leave both to the environment.", environment[attrClientSecret]))
	}
	var endpoint *url.URL
	var err error
	if text := r.value(attrAuthEndpoint, m.AuthEndpoint); isSet(text) {
		if endpoint, err = commercelayer.ParseAuthEndpoint(text.ValueString()); err != nil {
			r.fail(attrAuthEndpoint, "Invalid token endpoint", sentence(err))
		}
	} else if len(r.unknown) == 0 && !r.diags.HasError() {
		if endpoint, err = commercelayer.DefaultAuthEndpoint(domain); err != nil {
			r.fail(attrAuthEndpoint, "Token endpoint missing", sentence(err)+" Set `auth_endpoint` or "+environment[attrAuthEndpoint]+".")
		}
	}
	r.credentials = true
	if isSet(secret) {
		r.secrets = append(r.secrets, secret.ValueString())
	}
	r.options = append(r.options, commercelayer.WithClientCredentials(commercelayer.ClientCredentials{
		ID: id.ValueString(), Secret: secret.ValueString(), Scope: scope.ValueString(), Endpoint: endpoint,
	}))
}

// resolution gathers settings, and what is wrong with them.
type resolution struct {
	settings
	diags  diag.Diagnostics
	getenv func(string) string
	// fromEnvironment holds the attributes whose values are the environment's.
	fromEnvironment map[string]bool
}

// value returns what is configured, else what the environment says, else null.
// A value that is not known yet is noted, and never replaced.
func (r *resolution) value(attribute string, configured types.String) types.String {
	switch {
	case configured.IsUnknown():
		r.unknown = append(r.unknown, attribute)
	case configured.IsNull():
		return r.fromEnv(attribute)
	}
	return configured
}

// fromEnv returns the value of an attribute's variable; empty counts as not set.
func (r *resolution) fromEnv(attribute string) types.String {
	v := r.getenv(environment[attribute])
	if v == "" {
		return types.StringNull()
	}
	r.fromEnvironment[attribute] = true
	return types.StringValue(v)
}

// fail adds an error on an attribute, and says so if the environment is at fault.
func (r *resolution) fail(attribute, summary, detail string) {
	if variable := environment[attribute]; r.fromEnvironment[attribute] && !strings.Contains(detail, variable) {
		detail += " The value is that of the environment variable " + variable + "."
	}
	r.diags.AddAttributeError(path.Root(attribute), summary, detail)
}

func isSet(v types.String) bool { return !v.IsNull() && !v.IsUnknown() }

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// checkToken finds what can't be sent in a header, such as the newline at the
// end of a file. The token itself is not quoted.
func checkToken(token string) error {
	switch {
	case token == "":
		return errors.New("the access token is empty")
	case strings.TrimSpace(token) != token:
		return errors.New("the access token begins or ends with white space, such as the newline at the end of a file: use trimspace()")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the access token contains a character that no token has")
	}
	return nil
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration, such as 5s or 1m30s", text)
	case d <= 0:
		return 0, fmt.Errorf("the duration %s is not above zero", text)
	}
	return d, nil
}

// sentence makes one of an error's text.
func sentence(err error) string {
	text := err.Error()
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
