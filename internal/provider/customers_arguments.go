package provider

import (
	"fmt"
	"math"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// customersReadModel is what the plural data source and the ephemeral resource
// share: the arguments of reading many customers, and the result.
type customersReadModel struct {
	ID         types.String    `tfsdk:"id"`
	Filter     types.Map       `tfsdk:"filter"`
	IDs        types.List      `tfsdk:"ids"`
	Emails     types.List      `tfsdk:"emails"`
	Sort       types.List      `tfsdk:"sort"`
	Limit      types.Number    `tfsdk:"limit"`
	Include    types.List      `tfsdk:"include"`
	Fields     types.List      `tfsdk:"fields"`
	Customers  []customerModel `tfsdk:"customers"`
	TotalCount types.Int64     `tfsdk:"total_count"`
	Timeouts   timeouts.Value  `tfsdk:"timeouts"`
}

// limitCheck is the validator of `limit`.
var limitCheck = checkWholeNumber("limit", 0, math.MaxInt32)

// customersReadAttributes are the arguments of reading many customers, and the
// result.
func customersReadAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": text("A digest of the arguments, which stays the same as long as they do."),
		"filter": schema.MapAttribute{
			MarkdownDescription: "What the customers must match: predicates and their values, such as `{ status_eq = " +
				"\"repeat\", email_end = \"@example.com\" }`. A customer must match all of them. " +
				"A predicate is the name of an attribute, or several joined by `_or_`, and a matcher: " + matcherList() + ". Matchers that end in `in`, `any` or `all` take values separated by commas. A value must not be empty: the API may ignore an empty filter, and then every customer matches. " +
				"Predicates about `id` conflict with `ids`, and predicates about `email` with `emails`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{checkCustomersFilter()},
		},
		"ids": schema.ListAttribute{
			MarkdownDescription: "The IDs of the customers to read. There can be as many as you like. The result has " +
				"their order. IDs that no customer has are left out. An ID that is there twice is read once. " +
				"Conflicts with `emails` and `sort`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.List{
				idsCheck,
				conflictsWith("Customers are read by one of the two.", "emails"),
				conflictsWith("With `ids` the result has their order: leave `sort` out.", "sort"),
			},
		},
		"emails": schema.ListAttribute{
			MarkdownDescription: "The e-mail addresses of the customers to read. There can be as many as you like. " +
				"The result has their order. Addresses that no customer has are left out. An address that is there " +
				"twice is read once. Conflicts with `ids` and `sort`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.List{
				emailsCheck,
				conflictsWith("With `emails` the result has their order: leave `sort` out.", "sort"),
			},
		},
		"sort": schema.ListAttribute{
			MarkdownDescription: "The attributes to sort by, such as `[\"-created_at\", \"email\"]`, with `-` for " +
				"descending order: `id`, `email`, `status`, `total_orders_count`, `anonymization_status`, " +
				"`reference`, `reference_origin`, `created_at` or `updated_at`. " +
				"Without `sort`, customers come in the API's own order, and each is read once, even if others are " +
				"created or deleted meanwhile. With `sort` they are read by page number. If their number changes " +
				"meanwhile, some may be missing, and a warning says so.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.List{sortCheck},
		},
		"limit": schema.NumberAttribute{
			MarkdownDescription: fmt.Sprintf("The number of customers to read at most. Without it, more than %s "+
				"matches are an error. "+
				"With `0` no customer is read: `total_count` is the result, and takes one request.", thousands(commercelayer.MaxUnlimited)),
			Optional:   true,
			Validators: []validator.Number{limitCheck},
		},
		"include": includeAttribute(),
		"fields":  fieldsAttribute(),
		"customers": schema.ListNestedAttribute{
			MarkdownDescription: "The customers. They have the order of `ids` or `emails`, or the order that `sort` " +
				"asks for, or else the API's own order of IDs.",
			Computed:     true,
			NestedObject: schema.NestedAttributeObject{Attributes: customerAttributes()},
		},
		"total_count": schema.Int64Attribute{
			MarkdownDescription: "The number of customers that match. If `limit` left some out, it is greater than " +
				"the length of `customers`.",
			Computed: true,
		},
	}
}

func matcherList() string {
	return "`" + strings.Join(commercelayer.Matchers, "`, `") + "`"
}
