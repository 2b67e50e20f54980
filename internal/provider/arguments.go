package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// described is the description that every validator of arguments has.
type described string

// Description implements [validator.Describer].
func (d described) Description(context.Context) string { return string(d) }

// MarkdownDescription implements [validator.Describer].
func (d described) MarkdownDescription(context.Context) string { return string(d) }

// elementsCheck is the validator of a list of strings. It has its own words for
// null elements: the framework's name neither the element nor a remedy.
type elementsCheck struct {
	described

	element stringCheck
}

var _ validator.List = elementsCheck{}

// The lists of the readers' arguments.
var (
	idsCheck    = checkElements("customer ID", "the ID of a customer, such as xYZkjABcde", checkListedID)
	emailsCheck = checkElements("e-mail address", "one e-mail address, without blanks and "+
		"commas", commercelayer.CheckListed)
	sortCheck = checkElements("sort key", "the name of an attribute, with - before it for descending "+
		"order", commercelayer.CheckSort)
	includeCheck = checkElements("relationship", "the name of a relationship, such as "+
		"customer_group", commercelayer.CheckInclude)
)

// checkElements returns the validator of a list whose elements must pass a
// check, as [check] takes it.
func checkElements(noun, description string, f func(string) error) elementsCheck {
	return elementsCheck{
		described: described("each value must be " + description),
		element:   stringCheck{noun, description, f},
	}
}

// ValidateList implements [validator.List].
func (v elementsCheck) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(v.problems(req.Path, req.ConfigValue)...)
}

// problems says what is wrong with the elements of a list. What is not known yet
// is looked at when it is.
func (v elementsCheck) problems(at path.Path, list types.List) diag.Diagnostics {
	var diags diag.Diagnostics
	for i, element := range list.Elements() {
		if len(diags) == maxAlike-1 {
			// More would not be read, and each is compared with all before it.
			diags.AddAttributeError(
				at,
				"Invalid "+v.element.noun,
				fmt.Sprintf(
					"The elements from number %d on were not looked at: %d before them are wrong.",
					i+1,
					len(diags),
				),
			)
			return diags
		}
		index := at.AtListIndex(i)
		text, ok := element.(types.String)
		switch {
		case !ok, element.IsUnknown():
		case element.IsNull():
			diags.AddAttributeError(index, "Invalid "+v.element.noun,
				fmt.Sprintf("`%s` is null, and must be %s. Leave such elements out, for example with `[for v in "+
					"values : v if v != null]`.", index, v.element.description))
		default:
			diags.Append(v.element.problem(index, text.ValueString())...)
		}
	}
	return diags
}

// without is the validator of an argument that can't stand beside others.
type without struct {
	described

	others []string
	why    string
}

var _ validator.List = without{}

// conflictsWith returns the validator of an argument that can't stand beside the
// others, for the reason given in a sentence.
func conflictsWith(why string, others ...string) validator.List {
	return without{described: "conflicts with other arguments", others: others, why: why}
}

// ValidateList implements [validator.List].
func (v without) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	for _, other := range v.others {
		if isGiven(ctx, req.Config, other, &resp.Diagnostics) {
			resp.Diagnostics.AddAttributeError(req.Path, "Conflicting arguments",
				fmt.Sprintf("`%s` and `%s` are both set. %s", req.Path, other, v.why))
		}
	}
}

// isGiven tells whether an argument has a value that is known.
func isGiven(ctx context.Context, config tfsdk.Config, argument string, diags *diag.Diagnostics) bool {
	v := argumentOf(ctx, config, argument, diags)
	return v != nil && !v.IsNull() && !v.IsUnknown()
}

func argumentOf(ctx context.Context, config tfsdk.Config, argument string, diags *diag.Diagnostics) attr.Value {
	var v attr.Value
	diags.Append(config.GetAttribute(ctx, path.Root(argument), &v)...)
	return v
}

// oneOf is the validator of the first of two arguments of which exactly one must
// be set.
type oneOf struct {
	described

	other, purpose string
}

var _ validator.String = oneOf{}

// exactlyOneWith returns the validator of an argument that, or else the other,
// must be set, to what the purpose says.
func exactlyOneWith(other, purpose string) validator.String {
	return oneOf{described: described("exactly one of this and " +
		"" + other + " must be set"), other: other, purpose: purpose}
}

// ValidateString implements [validator.String].
func (v oneOf) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	other := argumentOf(ctx, req.Config, v.other, &resp.Diagnostics)
	switch {
	case other == nil, other.IsUnknown(), req.ConfigValue.IsUnknown():
	case other.IsNull() && req.ConfigValue.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, "Argument missing", fmt.Sprintf("Neither `%s` nor `%s` is "+
			"set, or both are null. Set one of them: %s.", req.Path, v.other, v.purpose))
	case !other.IsNull() && !req.ConfigValue.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, "Conflicting arguments", fmt.Sprintf("`%s` and `%s` are both "+
			"set. Set one of them: %s.", req.Path, v.other, v.purpose))
	}
}

// checkTimeout returns the validator of the deadline of a read.
func checkTimeout() validator.String {
	return check("timeout", "a duration above zero, such as 30s or 5m", func(text string) error {
		_, err := parseDuration(text)
		return err
	})
}

// parseDuration reads a duration above zero, such as 30s.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration, such as 5s or 1m30s", shortened(text))
	case d <= 0:
		return 0, fmt.Errorf("the duration %s is not above zero", shortened(text))
	}
	return d, nil
}

func checkListedID(id string) error {
	if err := commercelayer.CheckID(id); err != nil {
		return err
	}
	return commercelayer.CheckListed(id)
}
