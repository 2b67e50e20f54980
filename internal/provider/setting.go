package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// A setting is an attribute of the provider block that can also be set in the
// environment. Both values are checked by the same rules. The advice in an
// error depends on where the value came from.
type setting struct {
	attribute string
	// noun is what error texts call the value.
	noun string
	// want completes "The value must be". It is empty if any text is valid.
	want string
	// check returns an error for a value that is not valid. It is called only
	// with a value that has no stray characters. It is nil if any text is
	// valid.
	check func(string) error
}

// settingList has all settings. The check of a secret must not quote the value.
var settingList = []setting{
	{attrDomain, "domain", "a slug, a host or an https URL without a path", func(s string) error {
		_, err := commercelayer.ParseDomain(s)
		return err
	}},
	{attrToken, "access token", "an access token without blanks", checkToken},
	{attrClientID, "client ID", "", nil},
	{attrClientSecret, "client secret", "", nil},
	{attrScope, "scope", "", nil},
	{attrAuthEndpoint, "token endpoint", "an https URL with a path", func(s string) error {
		_, err := commercelayer.ParseAuthEndpoint(s)
		return err
	}},
	{attrMode, "mode", backticked(modes), func(s string) error {
		if !slices.Contains(modes, s) {
			return fmt.Errorf("the mode %q is not known", commercelayer.Redact(s))
		}
		return nil
	}},
}

// settingOf returns the setting of an attribute.
func settingOf(attribute string) setting {
	i := slices.IndexFunc(settingList, func(s setting) bool { return s.attribute == attribute })
	return settingList[i]
}

// summary is the title of an error about the value.
func (s setting) summary() string { return "Invalid " + s.noun }

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
	if s.check == nil {
		return ""
	}
	err := s.check(value)
	if err == nil {
		return ""
	}
	text := sentence(err) + " The value must be " + s.want + "."
	if variable != "" {
		text += " The value comes from the environment variable " + variable + "."
	}
	return text
}

// checkToken returns an error for a token that can't be sent in a header. The
// error does not quote the token.
func checkToken(token string) error {
	switch {
	case len(token) > 7 && strings.EqualFold(token[:7], "bearer "):
		return errors.New("the access token begins with the word Bearer, which the provider adds itself")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the access token contains a character that no token has")
	}
	return nil
}

// settingCheck is the validator of a setting in the provider block.
type settingCheck struct{ setting }

var _ validator.String = settingCheck{}

// checkSetting returns the validators of an attribute of the provider block.
func checkSetting(attribute string) []validator.String {
	return []validator.String{settingCheck{settingOf(attribute)}}
}

// Description implements [validator.Describer].
func (v settingCheck) Description(context.Context) string {
	if v.want == "" {
		return "value must be text without blanks and quotes around it"
	}
	return "value must be " + v.want
}

// MarkdownDescription implements [validator.Describer].
func (v settingCheck) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements [validator.String].
func (v settingCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isSet(req.ConfigValue) {
		return
	}
	if problem := v.problem(req.ConfigValue.ValueString(), ""); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary(), problem)
	}
}
