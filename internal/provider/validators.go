package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// stringCheck is a validator that calls a function, usually one of package
// commercelayer. The client uses the same functions, so each rule exists only
// once.
type stringCheck struct {
	// noun is what error texts call the value, such as "customer ID".
	noun string
	// want completes "The value must be".
	want string
	// check returns an error for a value that is not valid. It is nil if any text
	// is valid that has no stray characters.
	check func(string) error
}

var _ validator.String = stringCheck{}

// parsedBy returns a check for values that a function can parse.
func parsedBy[T any](parse func(string) (T, error)) func(string) error {
	return func(value string) error {
		_, err := parse(value)
		return err
	}
}

// Description implements [validator.Describer].
func (v stringCheck) Description(context.Context) string {
	return "value must be " + v.want
}

// MarkdownDescription implements [validator.Describer].
func (v stringCheck) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString implements [validator.String].
func (v stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if isSet(req.ConfigValue) {
		resp.Diagnostics.Append(v.problem(req.Path, req.ConfigValue.ValueString())...)
	}
}

// problem reports a value that is not valid.
func (v stringCheck) problem(at path.Path, value string) diag.Diagnostics {
	problem := v.refusal(value)
	if strings.TrimSpace(value) != "" {
		if stray := strayProblem(v.noun, value, "", false); stray != "" {
			problem = stray + " The value must be " + v.want + "."
		}
	}
	if problem == "" {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, v.summary(), problem)}
}

// summary is the title of an error about the value.
func (v stringCheck) summary() string { return "Invalid " + v.noun }

// refusal says why the check refuses a value. It returns "" if it does not.
func (v stringCheck) refusal(value string) string {
	if v.check == nil {
		return ""
	}
	if err := v.check(value); err != nil {
		return sentence(err) + " The value must be " + v.want + "."
	}
	return ""
}
