package provider

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// wholeNumberCheck is the validator of a number without a fraction. The schema
// can't use the framework's type for whole numbers: if a user writes 1.5, its
// error says that the provider has a bug, and no validator is called before
// that.
type wholeNumberCheck struct {
	// noun is what error texts call the value.
	noun        string
	least, most int64
}

var _ validator.Number = wholeNumberCheck{}

// Description implements [validator.Describer].
func (v wholeNumberCheck) Description(context.Context) string {
	if v.most == math.MaxInt32 {
		return fmt.Sprintf("value must be a whole number, %d or more", v.least)
	}
	return fmt.Sprintf("value must be a whole number from %d to %d", v.least, v.most)
}

// MarkdownDescription implements [validator.Describer].
func (v wholeNumberCheck) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateNumber implements [validator.Number].
func (v wholeNumberCheck) ValidateNumber(
	ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse,
) {
	if !isKnownNumber(req.ConfigValue) {
		return
	}
	n := req.ConfigValue.ValueBigFloat()
	if !n.IsInt() || n.Cmp(big.NewFloat(float64(v.least))) < 0 || n.Cmp(big.NewFloat(float64(v.most))) > 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+v.noun,
			fmt.Sprintf("%s is not a valid %s: the %s.", n.Text('g', 12), v.noun, v.Description(ctx)))
	}
}

func isKnownNumber(n types.Number) bool { return !n.IsNull() && !n.IsUnknown() }

// wholeNumber returns the value of a number that is valid. It returns 0 if the
// number is null or unknown.
func wholeNumber(n types.Number) int {
	if !isKnownNumber(n) {
		return 0
	}
	whole, _ := n.ValueBigFloat().Int64()
	return int(whole)
}
