package provider

import (
	"fmt"
	"math"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
)

// customersReadAttributes returns the schema of commercelayer_customers.
func customersReadAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": plainText("A digest of the arguments. It changes only if the arguments change."),
		"filter": schema.MapAttribute{
			MarkdownDescription: "The conditions for the customers, as a map of predicates to values, such as " +
				"`{ status_eq = \"repeat\", email_end = \"@example.com\" }`. A customer must match all of them. " +
				"A predicate is the name of an attribute, followed by a matcher. Several names can be joined by `_or_`. " +
				filterValues("customers") + " " +
				"Predicates about `id` conflict with `ids`, and predicates about `email` with `emails`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{customersFilterCheck},
		},
		"ids": schema.ListAttribute{
			MarkdownDescription: "The IDs of the customers to read, in a list of any length. The result has the same " +
				"order. IDs that no customer has are left out. An ID that is listed twice is read once. " +
				"Conflicts with `emails` and `sort`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.List{
				idsCheck,
				conflictsWith("emails", "Set only one of them."),
				conflictsWith("sort", "The result has the order of `ids`: leave `sort` out."),
			},
		},
		"emails": schema.ListAttribute{
			MarkdownDescription: "The e-mail addresses of the customers to read, in a list of any length. The result has " +
				"the same order. Addresses that no customer has are left out. An address that is listed twice is read " +
				"once. Conflicts with `ids` and `sort`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.List{
				emailsCheck,
				addressesCheck{"each value should have an @"},
				conflictsWith("sort", "The result has the order of `emails`: leave `sort` out."),
			},
		},
		"sort": schema.ListAttribute{
			MarkdownDescription: "The attributes to sort by, such as `[\"-created_at\", \"email\"]`, with `-` for " +
				"descending order. The API can sort by `id`, `email`, `status`, `total_orders_count`, `anonymization_status`, " +
				"`reference`, `reference_origin`, `created_at` or `updated_at`. " +
				sortReads("customers"),
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.List{sortCheck},
		},
		"limit":   limitAttribute("customer"),
		"include": includeAttribute(),
		"fields":  fieldsAttribute(),
		"customers": schema.ListNestedAttribute{
			MarkdownDescription: "The customers, in the order of `ids`, `emails` or `sort`. Without these arguments, " +
				"they are in the API's order of IDs.",
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

// filterValues ends the description of a filter of the given resources: which
// matchers and which values there are.
func filterValues(resources string) string {
	return "The matchers are " + matcherList() + ". Matchers that end in `in`, `any` or `all` take values separated by " +
		"commas. A value must not be empty: the API may ignore an empty filter and return all " + resources + "."
}

// sortReads ends the description of `sort`: how it changes the way in which the
// given resources are read.
func sortReads(resources string) string {
	return "Without `sort`, " + resources + " are read in the API's order of IDs. Each is then read exactly once, " +
		"even if others are created or deleted during the read. With `sort`, " + resources + " are read by page number. " +
		"If their number changes during the read, some may be missing, and a warning says so."
}

// limitAttribute returns the schema of `limit` for the given kind of resource.
func limitAttribute(resource string) schema.NumberAttribute {
	return schema.NumberAttribute{
		MarkdownDescription: fmt.Sprintf("The greatest number of %[1]ss to read. Without `limit`, more than %[2]s "+
			"matches are an error. With `0`, no %[1]s is read: one request gets `total_count`.",
			resource, thousands(commercelayer.MaxUnlimited)),
		Optional:   true,
		Validators: []validator.Number{wholeNumberCheck{"limit", 0, math.MaxInt32}},
	}
}

func matcherList() string {
	return "`" + strings.Join(filter.Matchers, "`, `") + "`"
}
