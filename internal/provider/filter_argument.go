package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// predicateNoun is what error texts call a key of `filter`.
const predicateNoun = "filter predicate"

// filterCheck is the validator of `filter`. If the API ignores a filter, it
// returns all customers. So the validator refuses a filter that the API is
// known to ignore. It warns about a filter that the API may ignore.
type filterCheck struct {
	described

	// lists are the arguments that filter by an attribute, too.
	lists []listOfKeys
	// unknown returns the attributes of a predicate that the provider does not
	// know. It is nil if the provider does not know the attributes of the
	// resource.
	unknown func(filter.Predicate) []string
}

// A listOfKeys is an argument that lists values of an attribute, such as ids.
type listOfKeys struct{ argument, attribute string }

var _ validator.Map = filterCheck{}

// The validators of `filter`, and of its keys.
var (
	customersFilterCheck = filterCheck{
		eachPredicate, []listOfKeys{{attrIDs, "id"}, {attrEmails, "email"}}, commercelayer.UnknownAttributes,
	}
	relatedFilterCheck = filterCheck{described: eachPredicate}
	predicateCheck     = stringCheck{
		predicateNoun, "an attribute followed by a matcher. The documentation of `filter` lists all matchers", checkPredicate,
	}
)

const eachPredicate = "each key must be a predicate, and each value something to compare with"

// ValidateMap implements [validator.Map].
func (v filterCheck) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	diags := &resp.Diagnostics
	checkFilter(req.Path, req.ConfigValue, diags, func(key string, p filter.Predicate, text types.String) {
		entry := req.Path.AtMapKey(key)
		for _, list := range v.lists {
			if p.Selects(list.attribute) && isGiven(ctx, req.Config, list.argument, diags) {
				diags.AddAttributeError(entry, "Conflicting arguments", fmt.Sprintf(
					"`%s` and `%s` are both set. Both filter by the attribute `%s`: set only one of them.",
					quotedPath(entry), list.argument, list.attribute))
			}
		}
		if why := v.doubts(redact.Name(key), p, text); why != "" {
			diags.AddAttributeWarning(entry, "Filter may be ignored",
				why+" If the API ignores the filter, everything matches."+checkResult)
		}
		if v.unknown != nil && comparesNoAddress(p, text) {
			diags.AddAttributeWarning(entry, notAnAddress, fmt.Sprintf("A value of `%s` has no @ between a name and a "+
				"domain. No customer can have such an address, so nobody matches it.", quotedPath(entry)))
		}
	})
}

// checkFilter reports keys that are not predicates, and values that a filter can't
// have. It calls each with every predicate, in the order of keys. Unknown values are
// not checked: the CLI validates again before the read, when they are known.
func checkFilter(
	at path.Path, conditions types.Map, diags *diag.Diagnostics, each func(string, filter.Predicate, types.String),
) {
	elements := conditions.Elements()
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		entry := at.AtMapKey(key)
		diags.Append(predicateCheck.problem(entry, key)...)
		p, err := filter.Parse(key)
		text, ok := elements[key].(types.String)
		if err != nil || !ok {
			continue
		}
		switch {
		case text.IsNull():
			diags.AddAttributeError(entry, "Invalid filter value",
				fmt.Sprintf("`%s` is null. Leave the predicate out where there is nothing to compare with, for "+
					"example with `{ for k, v in values : k => v if v != null }`.", quotedPath(entry)))
		case !text.IsUnknown():
			if problem := valueProblem(quotedPath(entry), p, text.ValueString()); problem != "" {
				diags.AddAttributeError(entry, "Invalid filter value", problem)
			}
		}
		each(key, p, text)
	}
}

// quotedPath is the text of a path. It leaves out parts of a key that must not
// be shown, such as an e-mail address.
func quotedPath(at path.Path) string { return redact.Name(at.String()) }

// doubts says why the API may ignore a predicate, or "".
func (v filterCheck) doubts(key string, p filter.Predicate, text types.String) string {
	var unknown, noFlag string
	if v.unknown != nil {
		var names []string
		for _, attribute := range v.unknown(p) {
			names = append(names, redact.Name(attribute))
		}
		if len(names) > 0 {
			unknown = fmt.Sprintf("`%s` filters by `%s`. This version of the provider knows no such attribute of "+
				"a customer, and no relationship that the name begins with.",
				key, strings.Join(names[:min(len(names), maxAlike)], "` and `"))
		}
	}
	if isSet(text) && p.TakesNoSuchValue(text.ValueString()) {
		noFlag = fmt.Sprintf("The matcher of `%s` takes `true` or `false`, but the value is neither.", key)
	}
	return joined(" ", unknown, noFlag)
}

// comparesNoAddress tells whether a predicate compares the addresses of customers
// with something that is none.
func comparesNoAddress(p filter.Predicate, text types.String) bool {
	if !p.Selects("email") || p.Matcher != "eq" && p.Matcher != "in" || !isSet(text) {
		return false
	}
	return slices.ContainsFunc(strings.Split(text.ValueString(), ","), func(value string) bool {
		value = strings.TrimSpace(value)
		return value != "" && !isAddress(value)
	})
}

// checkPredicate reports a key of `filter` that is not a predicate.
func checkPredicate(key string) error {
	_, err := filter.Parse(key)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, filter.ErrNoMatcher):
		near := filter.Nearest(key)
		return fmt.Errorf("%q %w. The nearest are %s", redact.Name(key), err, listed(quoted(near)))
	}
	return fmt.Errorf("%q %w", redact.Name(key), err)
}

// valueProblem says what is wrong with the value of a predicate. It returns ""
// if the value is valid.
func valueProblem(at string, p filter.Predicate, value string) string {
	if err := p.CheckValue(value); err != nil {
		return fmt.Sprintf("In `%s`, %s.", at, err)
	}
	var compact bytes.Buffer
	if p.Matcher == "jcont" && json.Compact(&compact, []byte(value)) == nil {
		value = compact.String() // line ends between the parts of a JSON value mean nothing
	}
	return strayProblem("value of `"+at+"`", value, "", true)
}
