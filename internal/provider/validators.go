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
	// description completes "The value must be".
	description string
	// check returns an error for a value that is not valid.
	check func(string) error
}

var _ validator.String = stringCheck{}

// Description implements [validator.Describer].
func (v stringCheck) Description(context.Context) string {
	return "value must be " + v.description
}

// MarkdownDescription implements [validator.Describer].
func (v stringCheck) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString implements [validator.String].
func (v stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(v.problem(req.Path, req.ConfigValue.ValueString())...)
}

// problem reports a value that is not valid.
func (v stringCheck) problem(at path.Path, value string) diag.Diagnostics {
	var problem string
	if strings.TrimSpace(value) != "" {
		problem = strayProblem(v.noun, value, "", false)
	}
	if problem == "" {
		err := v.check(value)
		if err == nil {
			return nil
		}
		problem = sentence(err)
	}
	return diag.Diagnostics{
		diag.NewAttributeErrorDiagnostic(at, "Invalid "+v.noun, problem+" The value must be "+v.description+"."),
	}
}
