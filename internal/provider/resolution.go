package provider

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// settings are the result of merging a configuration with the environment.
type settings struct {
	options []commercelayer.Option
	provenance
	// secrets are the values that are masked in the log.
	secrets []string
	// unknown names the attributes that a read needs and whose values are not
	// known yet.
	unknown []string
	// atRead are the errors and warnings about the environment. A read reports
	// them: a run that reads nothing needs no credentials in the environment, and
	// the CLI shows a line of the configuration beside them, which Configure may
	// not have.
	atRead diag.Diagnostics
}

// resolution collects the settings, and the errors and warnings about them.
type resolution struct {
	settings
	model     *providerModel
	lookupEnv func(string) (string, bool)
	// diags are the errors and warnings about the configuration.
	diags diag.Diagnostics
}

// resolve merges the configuration with the environment. If the configuration
// sets any credential, the credentials of the environment are ignored, even
// while the value in the configuration is unknown.
func (m *providerModel) resolve(lookupEnv func(string) (string, bool)) (settings, diag.Diagnostics) {
	r := &resolution{model: m, lookupEnv: lookupEnv}
	// The validation has shown the warnings.
	r.diags.Append(m.conflicts().Errors()...)
	mode := r.value(attrMode)
	if m.Mode.IsNull() && r.isEmpty(attrMode) {
		r.atRead.AddWarning("Mode without effect", r.emptyVariables(attrMode)+" The provider reads customers of "+
			"either mode. Set the variable to "+backticked(modes)+", or unset it.")
	}
	var domain *url.URL
	if text := r.value(attrDomain); isSet(text) {
		domain, _ = commercelayer.ParseDomain(text.ValueString()) // r.value has reported the error
	}
	r.options = append(r.options, commercelayer.WithDomain(domain), commercelayer.WithMode(mode.ValueString()))
	if isSet(m.RequestTimeout) {
		timeout, err := parseDuration(m.RequestTimeout.ValueString())
		if err != nil {
			r.fail(attrRequestTimeout, "Invalid request timeout", sentence(err))
		}
		r.options = append(r.options, commercelayer.WithRequestTimeout(timeout))
	}
	if isKnownNumber(m.MaxRetries) {
		r.options = append(r.options, commercelayer.WithMaxRetries(wholeNumber(m.MaxRetries)))
	}
	r.resolveCredentials(domain)
	if err := commercelayer.CheckProxyEnvironment(r.getenv); err != nil {
		r.fail("", "Invalid proxy", sentence(err)+" Requests would not go through the proxy. Set the variable to a "+
			"URL such as `http://proxy.example.com:3128`, or unset it.")
	}
	r.settings.provenance = r.provenance()
	return r.settings, r.diags
}

// CheckEnvironment returns what reads report if the provider block is empty and
// the environment is wrong. A command beside the provider refuses by it what
// the provider refuses.
func CheckEnvironment(lookupEnv func(string) (string, bool)) error {
	s, diags := new(providerModel).resolve(lookupEnv)
	var problems []error
	for _, d := range append(diags.Errors(), s.atRead.Errors()...) {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
	}
	return errors.Join(problems...)
}

// resolveCredentials chooses between a token and client credentials.
func (r *resolution) resolveCredentials(domain *url.URL) {
	m := r.model
	source := m.configured
	if m.Token.IsNull() && m.ClientID.IsNull() && m.ClientSecret.IsNull() {
		source = r.fromEnv
	}
	token, id, secret := source(attrToken), source(attrClientID), source(attrClientSecret)
	switch {
	case isSet(token) && (isSet(id) || isSet(secret)):
		r.failConflict(id, secret)
	case isSet(token):
		r.resolveToken(domain, token)
	case token.IsUnknown():
		r.unknown = append(r.unknown, attrToken)
	case isSet(id) || id.IsUnknown():
		scope := m.Scope
		if scope.IsNull() {
			scope = source(attrScope)
		}
		r.resolveClientCredentials(domain, id, secret, scope)
	case secret.IsUnknown():
		r.unknown = append(r.unknown, attrClientSecret)
	case isSet(secret):
		r.failWithoutID()
	default:
		r.fail(attrToken, "Credentials missing", "The provider has no credentials for the API."+
			sentenceAfter(r.emptyVariables(attrToken, attrClientID, attrClientSecret))+" Set either\n\n"+
			fmt.Sprintf("  - `client_id` and `client_secret`, or %s and %s: the provider then requests its "+
				"tokens itself; or\n"+
				"  - `token`, or %s: an access token, which is valid for a few hours.",
				environment[attrClientID], environment[attrClientSecret], environment[attrToken]))
	}
}

// failConflict reports a token that is set together with client credentials in
// the environment. For the configuration, [providerModel.conflicts] reports it.
func (r *resolution) failConflict(id, secret types.String) {
	if isSet(r.model.Token) {
		return
	}
	var others []string
	for _, credential := range []struct {
		attribute string
		value     types.String
	}{{attrClientID, id}, {attrClientSecret, secret}} {
		if isSet(credential.value) {
			others = append(others, environment[credential.attribute])
		}
	}
	r.fail(attrToken, "Conflicting credentials", fmt.Sprintf("The environment variables %s are %s set. The "+
		"provider needs either an access token, or a client ID and its secret. Unset %s, or unset %s.",
		listed(append([]string{environment[attrToken]}, others...)), either(len(others) == 1, "both", "all"),
		environment[attrToken], listed(others)))
}

// failWithoutID reports a client secret without a client ID in the environment.
// For the configuration, [providerModel.conflicts] reports it.
func (r *resolution) failWithoutID() {
	if isSet(r.model.ClientSecret) {
		return
	}
	text := fmt.Sprintf("The environment variable %s is set without "+
		"%s.", environment[attrClientSecret], environment[attrClientID])
	r.fail(attrClientSecret, "Client ID missing",
		text+sentenceAfter(r.emptyVariables(attrClientID))+" Set both, or unset both.")
}

func (r *resolution) resolveToken(domain *url.URL, token types.String) {
	if !r.check(attrToken, token) {
		return
	}
	unclear := domain == nil && !slices.Contains(r.unknown, attrDomain) && !r.hasErrors()
	if unclear && commercelayer.ParseClaims(token.ValueString()).Domain() == nil {
		r.fail(attrDomain, "Domain missing", domainUnknown+sentenceAfter(r.emptyVariables(attrDomain))+
			" Set `domain` or "+environment[attrDomain]+" to the organization's slug, such as `acme`.")
	}
	r.options = append(r.options, commercelayer.WithToken(token.ValueString()))
	r.secrets = append(r.secrets, token.ValueString())
}

func (r *resolution) resolveClientCredentials(domain *url.URL, id, secret, scope types.String) {
	for _, credential := range []struct {
		attribute string
		value     types.String
	}{{attrClientID, id}, {attrClientSecret, secret}, {attrScope, scope}} {
		if credential.value.IsUnknown() {
			r.unknown = append(r.unknown, credential.attribute)
		} else if isSet(credential.value) {
			r.check(credential.attribute, credential.value)
		}
	}
	switch inEnv := r.fromEnv(attrClientSecret); {
	case secret.IsNull() && !r.model.ClientID.IsNull() && isSet(inEnv):
		r.diags.AddAttributeWarning(path.Root(attrClientID), "Client secret ignored",
			fmt.Sprintf("The environment variable %s is not used, because `client_id` is set in the "+
				"configuration. The provider does not mix credentials of the configuration with credentials of the "+
				"environment. Set `client_secret` in the configuration too, or set both in the environment.", environment[attrClientSecret]))
	case secret.IsNull() && r.model.ClientID.IsNull() && r.isEmpty(attrClientSecret):
		r.fail(attrClientSecret, "Client secret missing", fmt.Sprintf("The environment variable %s is "+
			"set.", environment[attrClientID])+
			sentenceAfter(r.emptyVariables(attrClientSecret))+" Set it to the secret that belongs to the client ID.")
	}
	var endpoint *url.URL
	if text := r.value(attrAuthEndpoint); isSet(text) {
		endpoint, _ = commercelayer.ParseAuthEndpoint(text.ValueString()) // r.value has reported the error
	} else if len(r.unknown) == 0 && !r.hasErrors() {
		var err error
		if endpoint, err = commercelayer.DefaultAuthEndpoint(domain); err != nil {
			r.fail(attrAuthEndpoint, "Token endpoint missing",
				sentence(err)+" The host comes from "+r.made(attrDomain)+"."+
					sentenceAfter(r.emptyVariables(attrAuthEndpoint))+
					" Set `auth_endpoint` or "+environment[attrAuthEndpoint]+".")
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

// value returns and checks the value of an attribute: from the configuration,
// or else from the environment, or else null. A value that is unknown is added
// to r.unknown. The environment does not replace it.
func (r *resolution) value(attribute string) types.String {
	v := r.model.configured(attribute)
	if v.IsNull() {
		v = r.fromEnv(attribute)
	}
	if v.IsUnknown() {
		r.unknown = append(r.unknown, attribute)
	} else if isSet(v) {
		r.check(attribute, v)
	}
	return v
}

// check adds an error if a value is not valid. It returns true if the value is
// valid.
func (r *resolution) check(attribute string, v types.String) bool {
	variable := ""
	if r.model.configured(attribute).IsNull() {
		variable = environment[attribute]
	}
	s := settingOf(attribute)
	problem := s.problem(v.ValueString(), variable)
	if problem != "" {
		r.fail(attribute, s.summary(), problem)
	}
	return problem == ""
}

func (r *resolution) getenv(name string) string {
	v, _ := r.lookupEnv(name)
	return v
}

// fromEnv returns the value of an attribute's variable. It returns null if the
// variable is empty, because pipelines set variables without a value to "".
func (r *resolution) fromEnv(attribute string) types.String {
	v := r.getenv(environment[attribute])
	if v == "" {
		return types.StringNull()
	}
	return types.StringValue(v)
}

// isEmpty tells whether an attribute's variable is set to an empty value.
func (r *resolution) isEmpty(attribute string) bool {
	v, set := r.lookupEnv(environment[attribute])
	return set && v == ""
}

// emptyVariables returns a sentence about those variables of the attributes
// that are set to an empty value. It returns "" if there are no such variables.
func (r *resolution) emptyVariables(attributes ...string) string {
	var names []string
	for _, attribute := range attributes {
		if r.isEmpty(attribute) {
			names = append(names, environment[attribute])
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "The environment variable " + names[0] + " is set, but empty. Pipelines set an empty variable if they " +
			"have no value for it, for example in a run for a fork."
	}
	return "The environment variables " + listed(names) + " are set, but empty. Pipelines set an empty " +
		"variable if they have no value for it, for example in a run for a fork."
}

func sentenceAfter(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}

func (r *resolution) hasErrors() bool { return r.diags.HasError() || r.atRead.HasError() }

// fail adds an error. If the configuration sets the attribute, the error is
// reported on the attribute. Otherwise the environment is wrong, and reads
// report the error.
func (r *resolution) fail(attribute, summary, detail string) {
	if !r.model.configured(attribute).IsNull() {
		r.diags.AddAttributeError(path.Root(attribute), summary, detail)
		return
	}
	r.atRead.AddError(summary, detail)
}
