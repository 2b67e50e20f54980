package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
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

var modes = []string{commercelayer.ModeTest, commercelayer.ModeLive}

// A setting is an attribute of the provider block that is a text. Most can also be
// set in the environment. Both values are checked by the same rules. The advice in
// an error depends on where the value came from.
type setting struct {
	// stringCheck must not quote a secret.
	stringCheck

	// variable is the environment variable, or empty.
	variable  string
	sensitive bool
	// description is that of the attribute, without a sentence about the variable.
	description string
}

// anyText is what a setting must be that has no check.
const anyText = "text without blanks and quotes around it"

// providerSettings has all settings by attribute. The schema of the provider block,
// its validation and what is taken from the environment follow from it.
var providerSettings = map[string]setting{
	attrDomain: {
		stringCheck: stringCheck{
			"domain", "a slug, a host or an https URL without a path", parsedBy(commercelayer.ParseDomain),
		},
		variable: "COMMERCELAYER_DOMAIN",
		description: "The organization's domain: its slug (`acme`), its host (`acme.commercelayer.io`) or its URL " +
			"(`https://acme.commercelayer.io`), without a path. `http://` is accepted for loopback hosts only. Access " +
			"tokens of Commerce Layer name the organization, so `domain` can usually be left out.",
	},
	attrToken: {
		stringCheck: stringCheck{"access token", "an access token without blanks", checkToken},
		variable:    "COMMERCELAYER_TOKEN", sensitive: true,
		description: "The access token that is sent with each request. Conflicts with `client_id` and `client_secret`.",
	},
	attrClientID: {
		stringCheck: stringCheck{"client ID", anyText, nil},
		variable:    "COMMERCELAYER_CLIENT_ID",
		description: "The client ID of the application that access tokens are requested for (OAuth2 client " +
			"credentials), instead of `token`. An integration with the role `read_only` is enough. If it is set, no " +
			"credential of the environment is used.",
	},
	attrClientSecret: {
		stringCheck: stringCheck{"client secret", anyText, nil},
		variable:    "COMMERCELAYER_CLIENT_SECRET", sensitive: true,
		description: "The client secret that belongs to `client_id`.",
	},
	attrScope: {
		stringCheck: stringCheck{"scope", anyText, nil},
		variable:    "COMMERCELAYER_SCOPE",
		description: "The scope to request access tokens for, such as `market:id:xYZkjABcde`. Several scopes are " +
			"separated by a space. Without `scope`, the API grants an integration `market:all`.",
	},
	attrAuthEndpoint: {
		stringCheck: stringCheck{
			"token endpoint", "an https URL with a path", parsedBy(commercelayer.ParseAuthEndpoint),
		},
		variable: "COMMERCELAYER_AUTH_ENDPOINT",
		description: "The URL of the token endpoint. Defaults to `https://auth.<base domain>/oauth/token`, where the " +
			"base domain is that of `domain`. For a loopback domain it defaults to `<domain>/oauth/token`. `http://` is " +
			"accepted for loopback hosts only.",
	},
	attrMode: {
		stringCheck: stringCheck{"mode", backticked(modes), checkMode},
		variable:    "COMMERCELAYER_MODE",
		description: "The mode of the organization that you mean to read, " + backticked(modes) + ". The provider then " +
			"refuses to read if the access token or a customer is of the other mode. Without `mode`, customers of " +
			"either mode are read.",
	},
	attrRequestTimeout: {
		stringCheck: stringCheck{"request timeout", "a duration above zero, such as 5s", parsedBy(parseDuration)},
		description: fmt.Sprintf("How long one HTTP attempt may take, as a duration such as `5s` or `1m30s`. Defaults "+
			"to `%s`. The deadline of a whole read is set in `timeouts` of the data source.",
			commercelayer.DefaultRequestTimeout),
	},
}

// variable returns the environment variable of an attribute.
func variable(attribute string) string { return providerSettings[attribute].variable }

// checkToken returns an error for a token that can't be sent in a header.
func checkToken(token string) error {
	switch {
	case len(token) > 7 && strings.EqualFold(token[:7], "bearer "):
		return errors.New("the access token begins with the word Bearer, which the provider adds itself")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the access token contains a character that no token has")
	}
	return nil
}

func checkMode(mode string) error {
	if !slices.Contains(modes, mode) {
		return fmt.Errorf("the mode %q is not known", redact.Name(mode))
	}
	return nil
}

// schemaAttribute returns the attribute of the provider block.
func (s setting) schemaAttribute() schema.Attribute {
	description := s.description
	if s.variable != "" {
		description += " Can also be set with the environment variable `" + s.variable + "`."
	}
	return schema.StringAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Sensitive:           s.sensitive,
		Validators:          []validator.String{s},
	}
}

// problem says what is wrong with a value and what to do. It returns "" if the
// value is valid. The variable is the environment variable that the value came
// from. It is empty for a value of the configuration.
func (s setting) problem(value, variable string) string {
	if value == "" {
		return "The " + s.noun + " is empty. To leave the attribute out, set it to null."
	}
	if problem := strayProblem(s.noun, value, variable, false); problem != "" {
		return problem
	}
	problem := s.refusal(value)
	if problem != "" && variable != "" {
		problem += " The value comes from the environment variable " + variable + "."
	}
	return problem
}

var _ validator.String = setting{}

// ValidateString implements [validator.String].
func (s setting) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isSet(req.ConfigValue) {
		return
	}
	if problem := s.problem(req.ConfigValue.ValueString(), ""); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, s.summary(), problem)
	}
}
