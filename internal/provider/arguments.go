package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// described implements the description methods of a validator. Validators embed
// it.
type described string

// Description implements [validator.Describer].
func (d described) Description(context.Context) string { return string(d) }

// MarkdownDescription implements [validator.Describer].
func (d described) MarkdownDescription(context.Context) string { return string(d) }

// elementsCheck is the validator of a list of strings. It reports null elements
// itself, because the framework's own error names neither the element nor what
// to do.
type elementsCheck struct {
	described

	element stringCheck
}

var _ validator.List = elementsCheck{}

// The validators of the arguments that are lists.
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
// check. The parameters are those of [stringCheck].
func checkElements(noun, description string, f func(string) error) elementsCheck {
	return elementsCheck{
		described: described("each value must be " + description),
		element:   stringCheck{noun, description, f},
	}
}

// ValidateList implements [validator.List]. It skips unknown elements: the CLI
// validates again before the read, when they are known.
func (v elementsCheck) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	diags := &resp.Diagnostics
	for i, element := range req.ConfigValue.Elements() {
		if len(*diags) == maxAlike-1 {
			// A person would not read more of them. Also, Append compares each
			// diagnostic with all before it, which takes long for many.
			diags.AddAttributeError(req.Path, "Invalid "+v.element.noun,
				fmt.Sprintf("Only the first %d elements were checked, because %d of them are wrong.", i, len(*diags)))
			return
		}
		index := req.Path.AtListIndex(i)
		text, ok := element.(types.String)
		switch {
		case !ok, element.IsUnknown():
		case element.IsNull():
			diags.AddAttributeError(index, "Invalid "+v.element.noun,
				fmt.Sprintf("`%s` is null. It must be %s. Leave null elements out, for example with `[for v in "+
					"values : v if v != null]`.", index, v.element.want))
		default:
			diags.Append(v.element.problem(index, text.ValueString())...)
		}
	}
}

// exclusive is the validator of an argument that must not be set together with
// another one. It is attached to one of the two, so that the error appears once.
type exclusive struct {
	described

	// other is the other argument, and why a sentence for the user.
	other, why string
	// needed is set if one of the two must be set.
	needed bool
}

var (
	_ validator.List   = exclusive{}
	_ validator.String = exclusive{}
)

// conflictsWith returns the validator of an argument that must not be set
// together with the other. The sentence why tells the user the reason.
func conflictsWith(other, why string) exclusive {
	return exclusive{described: described("conflicts with " + other), other: other, why: why}
}

// exactlyOneWith returns a validator that wants exactly one of two arguments:
// its own or the other. The purpose ends the sentence of the error.
func exactlyOneWith(other, purpose string) exclusive {
	return exclusive{
		described: described("exactly one of this and " + other + " must be set"),
		other:     other, why: "Set exactly one of them: " + purpose + ".", needed: true,
	}
}

// ValidateList implements [validator.List].
func (v exclusive) ValidateList(ctx context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	v.validate(ctx, req.Path, req.ConfigValue, req.Config, &resp.Diagnostics)
}

// ValidateString implements [validator.String].
func (v exclusive) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v.validate(ctx, req.Path, req.ConfigValue, req.Config, &resp.Diagnostics)
}

func (v exclusive) validate(
	ctx context.Context, at path.Path, own attr.Value, config tfsdk.Config, diags *diag.Diagnostics,
) {
	other := argumentOf(ctx, config, v.other, diags)
	switch {
	case other == nil, own.IsUnknown(), other.IsUnknown():
	case !own.IsNull() && !other.IsNull():
		diags.AddAttributeError(at, "Conflicting arguments",
			fmt.Sprintf("`%s` and `%s` are both set. %s", at, v.other, v.why))
	case v.needed && own.IsNull() && other.IsNull():
		diags.AddAttributeError(at, "Argument missing",
			fmt.Sprintf("Neither `%s` nor `%s` is set, or both are null. %s", at, v.other, v.why))
	}
}

// isGiven tells whether an argument has a value that is known.
func isGiven(ctx context.Context, config tfsdk.Config, argument string, diags *diag.Diagnostics) bool {
	v := argumentOf(ctx, config, argument, diags)
	return v != nil && !v.IsNull() && !v.IsUnknown()
}

// argumentOf returns the value of an argument, or nil after an error.
func argumentOf(ctx context.Context, config tfsdk.Config, argument string, diags *diag.Diagnostics) attr.Value {
	var v attr.Value
	diags.Append(config.GetAttribute(ctx, path.Root(argument), &v)...)
	return v
}

// parseDuration reads a duration above zero, such as 30s.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration, such as 5s or 1m30s", redact.Name(text))
	case d <= 0:
		return 0, fmt.Errorf("the duration %s is not above zero", redact.Name(text))
	}
	return d, nil
}

// checkEmail checks an e-mail address that a customer is looked up by.
func checkEmail(email string) error {
	if err := commercelayer.CheckListed(email); err != nil {
		return err
	}
	if !isAddress(email) {
		return errors.New("the value has no @ between a name and a domain")
	}
	return nil
}

// isAddress tells whether a text has the form of an e-mail address. The API
// decides what else an address must have.
func isAddress(text string) bool {
	at := strings.LastIndexByte(text, '@')
	return at > 0 && at < len(text)-1
}

// notAnAddress is the title of a warning about what no customer can have as an
// address.
const notAnAddress = "Not an e-mail address"

// addressesCheck is the validator that warns about values of `emails` that are
// no addresses. It is not an error, because a list leaves out what no customer
// has.
type addressesCheck struct{ described }

var _ validator.List = addressesCheck{}

// ValidateList implements [validator.List].
func (addressesCheck) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	var places []string
	for i, element := range req.ConfigValue.Elements() {
		if text, ok := element.(types.String); ok && isSet(text) && !isAddress(text.ValueString()) {
			places = append(places, fmt.Sprintf("`%s`", req.Path.AtListIndex(i)))
		}
	}
	if len(places) > 0 {
		resp.Diagnostics.AddAttributeWarning(req.Path, notAnAddress, fmt.Sprintf(
			"%s no @ between a name and a domain: %s. No customer can have such an address, so the result lacks it.",
			either(len(places) == 1, "This value has", "These values have"), firstOf(places, len(places))))
	}
}

// checkListedID checks an ID that is sent in a list with other IDs. In a list,
// a comma separates two IDs.
func checkListedID(id string) error {
	if err := commercelayer.CheckID(id); err != nil {
		return err
	}
	return commercelayer.CheckListed(id)
}
