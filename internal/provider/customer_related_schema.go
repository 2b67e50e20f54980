package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// The checks of the arguments that no other reader has.
var (
	customerIDCheck   = stringCheck{"customer ID", "the ID of a customer, such as xYZkjABcde", commercelayer.CheckID}
	relationshipCheck = stringCheck{
		"relationship",
		"the name of a relationship of a customer, such as orders",
		commercelayer.CheckRelationship,
	}
	relatedFilter = filterCheck{described: "each key must be a predicate, and each value something to compare with"}
)

// customerRelatedAttributes are the arguments of following a relationship, and the
// result.
func customerRelatedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": text("A digest of the arguments, which stays the same as long as they do."),
		"customer_id": schema.StringAttribute{
			MarkdownDescription: "The ID of the customer, such as `xYZkjABcde`.",
			Required:            true,
			Validators:          []validator.String{customerIDCheck},
		},
		"relationship": schema.StringAttribute{
			MarkdownDescription: "The relationship to follow, such as `orders`, `order_subscriptions`, `tags` or " +
				"`customer_group`: a key of the attribute `relationships` of `commercelayer_customer`. One that " +
				"leads to a single resource gives a list of none or one.",
			Required:   true,
			Validators: []validator.String{relationshipCheck},
		},
		"filter": schema.MapAttribute{
			MarkdownDescription: "What the related resources must match: predicates and their values, such as " +
				"`{ status_eq = \"active\" }`. A resource must match all of them. A predicate is the name of an " +
				"attribute of the related resources, or several joined by `_or_`, and a matcher: " +
				matcherList() + ". Matchers that end in `in`, `any` or `all` take values separated by commas. " +
				"A value must not be empty: the API may ignore an empty filter, and then everything matches.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{relatedFilter},
		},
		"sort": schema.ListAttribute{
			MarkdownDescription: "The attributes of the related resources to sort by, such as " +
				"`[\"-placed_at\", \"number\"]`, with `-` for descending order. Without `sort`, resources come in " +
				"the API's own order, and each is read once, even if others are created or deleted meanwhile. With " +
				"`sort` they are read by page number. If their number changes meanwhile, some may be missing, and " +
				"a warning says so.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.List{sortCheck},
		},
		"limit": schema.NumberAttribute{
			MarkdownDescription: fmt.Sprintf(
				"The number of resources to read at most. Without it, more than %s matches are an error. "+
					"With `0` no resource is read: `total_count` is the result, and takes one request.",
				thousands(commercelayer.MaxUnlimited),
			),
			Optional:   true,
			Validators: []validator.Number{limitCheck},
		},
		"include": schema.ListAttribute{
			MarkdownDescription: "The relationships of the related resources to include, such as `shipments` for " +
				"`orders`. Those that are included have `data`, which names the resources that they lead to. What " +
				"these hold is not read.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.List{includeCheck},
		},
		"resources": schema.ListNestedAttribute{
			MarkdownDescription: "The related resources, in the order that `sort` asks for, or else the API's own " +
				"order of IDs.",
			Computed:     true,
			NestedObject: schema.NestedAttributeObject{Attributes: relatedResourceAttributes()},
		},
		"total_count": schema.Int64Attribute{
			MarkdownDescription: "The number of related resources that match. If `limit` left some out, it is " +
				"greater than the length of `resources`.",
			Computed: true,
		},
	}
}
