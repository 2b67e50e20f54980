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
	config    *configuration
	lookupEnv func(string) (string, bool)
	// ignored are the attributes whose variables are not used.
	ignored []string
	// hosts are those that a read asks, as far as they are known.
	hosts []*url.URL
	// diags are the errors and warnings about the configuration.
	diags diag.Diagnostics
}

// resolve merges the configuration with the environment. If the configuration
// sets any credential, the credentials of the environment are ignored, even
// while the value in the configuration is unknown.
func (c *configuration) resolve(lookupEnv func(string) (string, bool)) (settings, diag.Diagnostics) {
	r := &resolution{config: c, lookupEnv: lookupEnv}
	for _, credential := range []string{attrToken, attrClientID, attrClientSecret} {
		if !c.texts[credential].IsNull() {
			r.ignored = []string{attrToken, attrClientID, attrClientSecret, attrScope}
		}
	}
	mode := r.needed(attrMode)
	if mode.IsNull() && r.isEmpty(attrMode) {
		r.atRead.AddWarning("Mode without effect", r.emptyVariables(attrMode)+" The provider reads customers of "+
			"either mode. Set the variable to "+backticked(modes)+", or unset it.")
	}
	var domain *url.URL
	if text := r.needed(attrDomain); isSet(text) {
		domain, _ = commercelayer.ParseDomain(text.ValueString()) // needed has reported the error
	}
	r.options = append(r.options, commercelayer.WithDomain(domain), commercelayer.WithMode(mode.ValueString()))
	if text := c.texts[attrRequestTimeout]; isSet(text) && r.check(attrRequestTimeout, text) {
		timeout, _ := parseDuration(text.ValueString()) // check has reported the error
		r.options = append(r.options, commercelayer.WithRequestTimeout(timeout))
	}
	if isKnownNumber(c.maxRetries) {
		r.options = append(r.options, commercelayer.WithMaxRetries(wholeNumber(c.maxRetries)))
	}
	r.hosts = append(r.hosts, domain)
	r.resolveCredentials(domain)
	if err := commercelayer.CheckProxyEnvironment(r.getenv, r.hosts...); err != nil {
		r.fail("", "Invalid proxy", sentence(err)+" Requests would not go through the proxy. Set the variable to a "+
			"URL such as `http://proxy.example.com:3128`, or unset it.")
	}
	r.settings.provenance = r.provenance()
	return r.settings, r.diags
}

// CheckEnvironment returns what reads report if the provider block is empty and
// the environment is wrong. A command beside the provider refuses by it what
// the provider refuses. The tokens name variables with further access tokens that
// the command sends.
func CheckEnvironment(lookupEnv func(string) (string, bool), tokens ...string) error {
	s, diags := new(configuration).resolve(lookupEnv)
	var problems []error
	for _, d := range append(diags.Errors(), s.atRead.Errors()...) {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
	}
	for _, name := range tokens {
		if value, _ := lookupEnv(name); value != "" {
			if problem := providerSettings[attrToken].problem(value, name); problem != "" {
				problems = append(problems, errors.New(problem))
			}
		}
	}
	return errors.Join(problems...)
}

// resolveCredentials chooses between a token and client credentials.
func (r *resolution) resolveCredentials(domain *url.URL) {
	conflicts := r.config.conflicts().Errors() // the validation has shown the warnings
	r.diags.Append(conflicts...)
	token, id, secret := r.value(attrToken), r.value(attrClientID), r.value(attrClientSecret)
	switch {
	case len(conflicts) > 0:
	case isSet(token) && (isSet(id) || isSet(secret)):
		var others []string
		for _, credential := range []string{attrClientID, attrClientSecret} {
			if isSet(r.value(credential)) {
				others = append(others, variable(credential))
			}
		}
		r.fail(attrToken, "Conflicting credentials", fmt.Sprintf("The environment variables %s are %s set. The "+
			"provider needs either an access token, or a client ID and its secret. Unset %s, or unset %s.",
			listed(append([]string{variable(attrToken)}, others...)), either(len(others) == 1, "both", "all"),
			variable(attrToken), listed(others)))
	case isSet(token):
		r.resolveToken(domain)
	case token.IsUnknown():
		r.needed(attrToken)
	case isSet(id) || id.IsUnknown():
		r.resolveClientCredentials(domain)
	case secret.IsUnknown():
		r.needed(attrClientSecret)
	case isSet(secret):
		r.fail(attrClientSecret, "Client ID missing", joined(" ", fmt.Sprintf("The environment variable %s is set "+
			"without %s.", variable(attrClientSecret), variable(attrClientID)),
			r.emptyVariables(attrClientID), "Set both, or unset both."))
	default:
		r.fail(attrToken, "Credentials missing", joined(" ", "The provider has no credentials for the API.",
			r.emptyVariables(attrToken, attrClientID, attrClientSecret),
			fmt.Sprintf("Set either\n\n  - `client_id` and `client_secret`, or %s and %s: the provider then requests "+
				"its tokens itself; or\n  - `token`, or %s: an access token, which is valid for a few hours.",
				variable(attrClientID), variable(attrClientSecret), variable(attrToken))))
	}
}

func (r *resolution) resolveToken(domain *url.URL) {
	token := r.value(attrToken)
	if !r.check(attrToken, token) {
		return
	}
	told := commercelayer.ParseClaims(token.ValueString()).Domain()
	if domain == nil {
		r.hosts = append(r.hosts, told)
	}
	if domain == nil && told == nil && !slices.Contains(r.unknown, attrDomain) && !r.hasErrors() {
		r.fail(attrDomain, "Domain missing", joined(" ", domainUnknown, r.emptyVariables(attrDomain),
			"Set `domain` or "+variable(attrDomain)+" to the organization's slug, such as `acme`."))
	}
	r.options = append(r.options, commercelayer.WithToken(token.ValueString()))
	r.secrets = append(r.secrets, token.ValueString())
}

func (r *resolution) resolveClientCredentials(domain *url.URL) {
	id, secret, scope := r.needed(attrClientID), r.needed(attrClientSecret), r.needed(attrScope)
	switch fromEnv := r.config.texts[attrClientID].IsNull(); {
	case !secret.IsNull():
	case fromEnv && r.isEmpty(attrClientSecret):
		r.fail(attrClientSecret, "Client secret missing", joined(" ",
			fmt.Sprintf("The environment variable %s is set.", variable(attrClientID)),
			r.emptyVariables(attrClientSecret), "Set it to the secret that belongs to the client ID."))
	case !fromEnv && r.getenv(variable(attrClientSecret)) != "":
		r.diags.AddAttributeWarning(path.Root(attrClientID), "Client secret ignored",
			fmt.Sprintf("The environment variable %s is not used, because `client_id` is set in the "+
				"configuration. The provider does not mix credentials of the configuration with credentials of the "+
				"environment. Set `client_secret` in the configuration too, or set both in the environment.",
				variable(attrClientSecret)))
	}
	var endpoint *url.URL
	if text := r.needed(attrAuthEndpoint); isSet(text) {
		endpoint, _ = commercelayer.ParseAuthEndpoint(text.ValueString()) // needed has reported the error
	} else if len(r.unknown) == 0 && !r.hasErrors() {
		var err error
		if endpoint, err = commercelayer.DefaultAuthEndpoint(domain); err != nil {
			r.fail(attrAuthEndpoint, "Token endpoint missing", joined(" ",
				sentence(err), "The host comes from "+r.made(attrDomain)+".", r.emptyVariables(attrAuthEndpoint),
				"Set `auth_endpoint` or "+variable(attrAuthEndpoint)+"."))
		}
	}
	r.hosts = append(r.hosts, endpoint)
	r.credentials = true
	if isSet(secret) {
		r.secrets = append(r.secrets, secret.ValueString())
	}
	r.options = append(r.options, commercelayer.WithClientCredentials(commercelayer.ClientCredentials{
		ID: id.ValueString(), Secret: secret.ValueString(), Scope: scope.ValueString(), Endpoint: endpoint,
	}))
}

// value returns the value of an attribute: from the configuration, or else from
// the environment, or else null. The environment does not replace a value that is
// unknown. A variable that is empty is null, because pipelines set variables
// without a value to "".
func (r *resolution) value(attribute string) types.String {
	v := r.config.texts[attribute]
	if inEnv := r.getenv(variable(attribute)); v.IsNull() && inEnv != "" && !slices.Contains(r.ignored, attribute) {
		return types.StringValue(inEnv)
	}
	return v
}

// needed returns and checks a value that a read needs. A value that is unknown is
// added to r.unknown.
func (r *resolution) needed(attribute string) types.String {
	v := r.value(attribute)
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
	s := providerSettings[attribute]
	from := s.variable
	if !r.config.texts[attribute].IsNull() {
		from = ""
	}
	problem := s.problem(v.ValueString(), from)
	if problem != "" {
		r.fail(attribute, s.summary(), problem)
	}
	return problem == ""
}

func (r *resolution) getenv(name string) string {
	v, _ := r.lookupEnv(name)
	return v
}

// isEmpty tells whether an attribute's variable is set to an empty value.
func (r *resolution) isEmpty(attribute string) bool {
	v, set := r.lookupEnv(variable(attribute))
	return set && v == ""
}

// emptyVariables returns a sentence about those variables of the attributes
// that are set to an empty value. It returns "" if there are no such variables.
func (r *resolution) emptyVariables(attributes ...string) string {
	var names []string
	for _, attribute := range attributes {
		if r.isEmpty(attribute) {
			names = append(names, variable(attribute))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "The environment " + either(len(names) == 1, "variable "+names[0]+" is", "variables "+listed(names)+" are") +
		" set, but empty. Pipelines set an empty variable if they have no value for it, for example in a run for a fork."
}

func (r *resolution) hasErrors() bool { return r.diags.HasError() || r.atRead.HasError() }

// fail adds an error. If the configuration sets the attribute, the error is
// reported on the attribute. Otherwise the environment is wrong, and reads
// report the error.
func (r *resolution) fail(attribute, summary, detail string) {
	if !r.config.texts[attribute].IsNull() {
		r.diags.AddAttributeError(path.Root(attribute), summary, detail)
		return
	}
	r.atRead.AddError(summary, detail)
}
