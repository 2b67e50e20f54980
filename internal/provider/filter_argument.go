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

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// predicateNoun is what error texts call a key of `filter`.
const predicateNoun = "filter predicate"

// filterCheck is the validator of `filter`. If the API ignores a filter, it
// returns all customers. So the validator refuses a filter that the API is
// known to ignore. It warns about a filter that the API may ignore.
type filterCheck struct {
	described

	// keys maps the arguments that filter too, such as ids, to the attribute
	// that they filter by.
	keys map[string]string
	// unknown returns the attributes of a predicate that the provider does not
	// know. It is nil if the provider does not know the attributes of the
	// resource.
	unknown func(filter.Predicate) []string
}

var _ validator.Map = filterCheck{}

// checkCustomersFilter returns the validator of a filter for customers.
func checkCustomersFilter() validator.Map {
	return filterCheck{
		described: "each key must be a predicate, and each value something to compare with",
		keys:      map[string]string{"ids": "id", "emails": "email"},
		unknown:   commercelayer.UnknownAttributes,
	}
}

// ValidateMap implements [validator.Map].
func (v filterCheck) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(filterErrors(req.Path, req.ConfigValue)...)
	for _, name := range slices.Sorted(maps.Keys(v.keys)) {
		if isGiven(ctx, req.Config, name, &resp.Diagnostics) {
			resp.Diagnostics.Append(filterConflicts(req.Path, req.ConfigValue, name, v.keys[name])...)
		}
	}
	resp.Diagnostics.Append(v.doubts(req.Path, req.ConfigValue)...)
}

// eachFilter calls f for every predicate that can be parsed, in the order of
// keys.
func eachFilter(conditions types.Map, f func(key string, p filter.Predicate, value attr.Value)) {
	elements := conditions.Elements()
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		if p, err := filter.Parse(key); err == nil {
			f(key, p, elements[key])
		}
	}
}

// filterErrors reports keys that are not predicates, and values that a filter
// can't have. Unknown values are skipped: they are checked before the read,
// when they are known.
func filterErrors(at path.Path, conditions types.Map) diag.Diagnostics {
	var diags diag.Diagnostics
	elements := conditions.Elements()
	predicate := stringCheck{
		noun:        predicateNoun,
		description: "an attribute followed by a matcher. The documentation of `filter` lists all matchers",
		check:       checkPredicate,
	}
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		diags.Append(predicate.problem(at.AtMapKey(key), key)...)
	}
	eachFilter(conditions, func(key string, p filter.Predicate, value attr.Value) {
		entry := at.AtMapKey(key)
		text, ok := value.(types.String)
		switch {
		case !ok, value.IsUnknown():
		case value.IsNull():
			diags.AddAttributeError(entry, "Invalid filter value",
				fmt.Sprintf("`%s` is null. Leave the predicate out where there is nothing to compare with, for "+
					"example with `{ for k, v in values : k => v if v != null }`.", quotedPath(entry)))
		default:
			if problem := valueProblem(quotedPath(entry), p, text.ValueString()); problem != "" {
				diags.AddAttributeError(entry, "Invalid filter value", problem)
			}
		}
	})
	return diags
}

// quotedPath is the text of a path. It leaves out parts of a key that must not
// be shown, such as an e-mail address.
func quotedPath(at path.Path) string { return commercelayer.Redact(at.String()) }

// filterConflicts reports predicates for the same attribute as another
// argument, such as id_in together with ids.
func filterConflicts(at path.Path, conditions types.Map, argument, key string) diag.Diagnostics {
	var diags diag.Diagnostics
	eachFilter(conditions, func(name string, p filter.Predicate, _ attr.Value) {
		if p.Selects(key) {
			diags.AddAttributeError(at.AtMapKey(name), "Conflicting arguments",
				fmt.Sprintf("`%s` and `%s` are both set. Both filter by the attribute `%s`: set only one of "+
					"them.", quotedPath(at.AtMapKey(name)), argument, key))
		}
	})
	return diags
}

// doubts warns about predicates that the API may ignore, once about each.
func (v filterCheck) doubts(at path.Path, conditions types.Map) diag.Diagnostics {
	var diags diag.Diagnostics
	eachFilter(conditions, func(key string, p filter.Predicate, value attr.Value) {
		var why []string
		if v.unknown != nil {
			if unknown := v.unknown(p); len(unknown) > 0 {
				unknown = unknown[:min(len(unknown), maxAlike)]
				for i, attribute := range unknown {
					unknown[i] = commercelayer.Redact(attribute)
				}
				why = append(why, fmt.Sprintf("`%s` filters by `%s`. This version of the provider knows no such attribute of "+
					"a customer, and no relationship that the name begins with.",
					commercelayer.Redact(key), strings.Join(unknown, "` and `")))
			}
		}
		if text, ok := value.(types.String); ok && isSet(text) && p.TakesNoSuchValue(text.ValueString()) {
			why = append(why, fmt.Sprintf("The matcher of `%s` takes `true` or `false`, but the value is neither.",
				commercelayer.Redact(key)))
		}
		if len(why) > 0 {
			diags.AddAttributeWarning(at.AtMapKey(key), "Filter may be ignored", strings.Join(why, " ")+
				" If the API ignores the filter, everything matches. Check the result, for example with a postcondition.")
		}
	})
	return diags
}

// checkPredicate reports a key of `filter` that is not a predicate.
func checkPredicate(key string) error {
	_, err := filter.Parse(key)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, filter.ErrNoMatcher):
		near := filter.Nearest(key)
		return fmt.Errorf("%q %w. The nearest are %s", commercelayer.Redact(key), err, listed(quoted(near)))
	}
	return fmt.Errorf("%q %w", commercelayer.Redact(key), err)
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
