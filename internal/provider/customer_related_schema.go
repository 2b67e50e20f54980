package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

var relationshipCheck = stringCheck{
	"relationship", "the name of a relationship of a customer, such as orders", commercelayer.CheckRelationship,
}

// customerRelatedAttributes returns the schema of the data source
// commercelayer_customer_related.
func customerRelatedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": plainText("A digest of the arguments. It changes only if the arguments change."),
		"customer_id": schema.StringAttribute{
			MarkdownDescription: "The ID of the customer, such as `xYZkjABcde`.",
			Required:            true,
			Validators:          []validator.String{customerIDCheck},
		},
		"relationship": schema.StringAttribute{
			MarkdownDescription: "The relationship to follow, such as `orders`, `order_subscriptions`, `tags` or " +
				"`customer_group`. It must be a key of the attribute `relationships` of `commercelayer_customer`. If " +
				"the relationship leads to a single resource, the result has at most one element.",
			Required:   true,
			Validators: []validator.String{relationshipCheck},
		},
		"filter": schema.MapAttribute{
			MarkdownDescription: "The conditions for the related resources, as a map of predicates to values, such as " +
				"`{ status_eq = \"active\" }`. A resource must match all of them. A predicate is the name of an " +
				"attribute of the related resources, followed by a matcher. Several names can be joined by `_or_`. " +
				filterValues("resources"),
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{relatedFilterCheck},
		},
		"sort": schema.ListAttribute{
			MarkdownDescription: "The attributes of the related resources to sort by, such as " +
				"`[\"-placed_at\", \"number\"]`, with `-` for descending order. " + sortReads("resources"),
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.List{sortCheck},
		},
		"limit": limitAttribute("resource"),
		"include": schema.ListAttribute{
			MarkdownDescription: "The relationships of the related resources to include, such as `shipments` for " +
				"`orders`. An included relationship has `data`, with the types and IDs of its resources. The " +
				"attributes of these resources are not read.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.List{includeCheck},
		},
		"resources": schema.ListNestedAttribute{
			MarkdownDescription: "The related resources, in the order of `sort`. Without `sort`, they are in the API's " +
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

// relatedResourceAttributes returns the schema of a related resource.
func relatedResourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"type": plainText("The JSON:API type of the resource, such as `orders`."),
		"id":   plainText("The ID of the resource. It is opaque."),
		"attributes_json": plainText(
			"The attributes of the resource as a JSON object, for `jsondecode`. Numbers keep all their digits. " +
				"Null if the API sends no attributes.",
		),
		"links": schema.SingleNestedAttribute{
			MarkdownDescription: "The links of the resource.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"self": plainText("The URL of the resource, such as `https://acme.commercelayer.io/api/orders/xYZkjABcde`."),
			},
		},
		"relationships": relationshipsAttribute("resource", "shipments", "shipments"),
	}
}

// relatedResourceValues returns the values of [relatedResourceAttributes].
func relatedResourceValues(r *commercelayer.RelatedResource) map[string]any {
	return map[string]any{
		"type":            r.Type,
		"id":              r.ID,
		"attributes_json": jsonValue(r.Attributes),
		"links":           linksValue(r.Self),
		"relationships":   relationshipsValue(r.Relationships),
	}
}
