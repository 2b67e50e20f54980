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
// environment. Both ways are checked by the same rules, with a remedy that fits
// the way.
type setting struct {
	attribute string
	// noun is what the value is called in a sentence.
	noun string
	// want completes "The value must be". It is empty if any text will do.
	want string
	// check finds what is wrong with a value without stray characters. It is nil
	// if any text will do.
	check func(string) error
}

// settingList are all settings. A secret is never quoted by its check.
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
			return fmt.Errorf("the mode %q is not known", shortened(s))
		}
		return nil
	}},
}

// settingOf returns the setting of an attribute.
func settingOf(attribute string) setting {
	i := slices.IndexFunc(settingList, func(s setting) bool { return s.attribute == attribute })
	return settingList[i]
}

// summary is the title of what is wrong with a value.
func (s setting) summary() string { return "Invalid " + s.noun }

// problem says what is wrong with a value and what to do, or nothing. The
// variable is that of the environment which the value came from, or empty.
func (s setting) problem(value, variable string) string {
	if value == "" {
		return "The " + s.noun + " is empty. To leave the attribute out, set it to null."
	}
	if stray := commercelayer.FindStray(value); stray.Found() {
		subject := "The " + s.noun
		if variable != "" {
			subject += " in the environment variable " + variable
		}
		return subject + " " + stray.String() + ". " + remedy(stray, variable)
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
		text += " It is that of the environment variable " + variable + "."
	}
	return text
}

// remedy says how to get rid of stray characters where the value came from.
func remedy(stray commercelayer.Stray, variable string) string {
	var advice []string
	add := func(applies bool, configuration, environment string) {
		switch {
		case !applies:
		case variable == "" && configuration != "":
			advice = append(advice, configuration)
		case variable != "" && environment != "":
			advice = append(advice, strings.ReplaceAll(environment, "NAME", variable))
		}
	}
	add(stray.LineEnd || stray.Blank,
		"If the value is read from a file, write `trimspace(file(\"…\"))`. `trimspace()` removes blanks and line "+
			"ends from other values, too.", "")
	add(stray.LineEnd, "",
		"Set the variable again without the line end. From a file, in a shell: `export NAME=\"$(tr -d '\\r\\n' < "+
			"FILE)\"`. In the settings of a pipeline, enter the value again.")
	add(stray.Blank, "",
		"Set the variable again without the blank. In the command prompt of Windows, `set NAME=value && …` keeps "+
			"the blank before `&&`.")
	add(stray.Quotes,
		"Remove these quotes where the value is kept, such as in a file or in the value of a variable. In HCL, the "+
			"quotes that begin and end a string are not part of it, but these are.",
		"Set the variable again without the quotes. A shell removes quotes. An env file that no shell reads keeps "+
			"them, such as that of `docker run --env-file`: write `NAME=…` without quotes there.")
	add(stray.Hidden,
		"Copy the value again from where it was issued. A file that an editor saved as UTF-16 or with a byte order "+
			"mark is a common cause.",
		"Copy the value again from where it was issued, and set the variable again. A file that an editor saved as "+
			"UTF-16 or with a byte order mark is a common cause.")
	return strings.Join(advice, " ")
}

// checkToken finds what can't be sent in a header. The token itself is not quoted.
func checkToken(token string) error {
	switch {
	case len(token) > 7 && strings.EqualFold(token[:7], "bearer "):
		return errors.New("the access token begins with the word Bearer, which the provider adds itself")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the access token contains a character that no token has")
	}
	return nil
}

// shortened is a text from outside, fit to be quoted.
func shortened(text string) string {
	const most = 40
	text = commercelayer.Redact(text)
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
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
