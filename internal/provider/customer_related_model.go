package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// relatedResourceModel holds the attributes of [relatedResourceAttributes].
type relatedResourceModel struct {
	Type           types.String         `tfsdk:"type"`
	ID             types.String         `tfsdk:"id"`
	AttributesJSON jsontypes.Normalized `tfsdk:"attributes_json"`
	Links          types.Object         `tfsdk:"links"`
	Relationships  types.Map            `tfsdk:"relationships"`
}

// newRelatedResourceModel maps a resource to its attributes.
func newRelatedResourceModel(r *commercelayer.RelatedResource) relatedResourceModel {
	return relatedResourceModel{
		Type:           types.StringValue(r.Type),
		ID:             types.StringValue(r.ID),
		AttributesJSON: jsonValue(r.Attributes),
		Links: types.ObjectValueMust(
			linksTypes,
			map[string]attr.Value{"self": types.StringPointerValue(r.Self)},
		),
		Relationships: relationshipsValue(r.Relationships),
	}
}

// relatedResourceAttributes is the table of a related resource's attributes. Of
// what is nested, the types are those of a customer.
func relatedResourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"type": text("The JSON:API type of the resource, such as `orders`."),
		"id":   text("The ID of the resource. It is opaque."),
		"attributes_json": jsonText(
			"The attributes of the resource as a JSON object, exact to the last digit, for `jsondecode`. Null if " +
				"the API sends none.",
		),
		"links": schema.SingleNestedAttribute{
			MarkdownDescription: "The links of the resource.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"self": text("The URL of the resource, such as `https://acme.commercelayer.io/api/orders/xYZkjABcde`."),
			},
		},
		"relationships": schema.MapNestedAttribute{
			MarkdownDescription: "The relationships of the resource, by name, such as " +
				"`relationships[\"shipments\"].related`: every one that the API sends, known today or not.",
			Computed: true,
			NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{
					"self":    text("The URL of the relationship itself."),
					"related": text("The URL of the related resource or resources."),
					"data": schema.ListNestedAttribute{
						MarkdownDescription: "What the resource is related to. Null unless the relationship is in " +
							"`include`; then a list, which is empty if there is nothing.",
						Computed: true,
						NestedObject: schema.NestedAttributeObject{
							Attributes: map[string]schema.Attribute{
								"type": text("The JSON:API type of what is related, such as `shipments`."),
								"id":   text("The ID of what is related."),
							},
						},
					},
				},
			},
		},
	}
}
