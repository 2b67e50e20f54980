package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// relatedResourceModel is the model of [relatedResourceAttributes].
type relatedResourceModel struct {
	Type           types.String         `tfsdk:"type"`
	ID             types.String         `tfsdk:"id"`
	AttributesJSON jsontypes.Normalized `tfsdk:"attributes_json"`
	Links          types.Object         `tfsdk:"links"`
	Relationships  types.Map            `tfsdk:"relationships"`
}

// newRelatedResourceModel returns the model of a resource that the client has
// read.
func newRelatedResourceModel(r *commercelayer.RelatedResource) relatedResourceModel {
	return relatedResourceModel{
		Type:           types.StringValue(r.Type),
		ID:             types.StringValue(r.ID),
		AttributesJSON: jsonValue(r.Attributes),
		Links:          linksValue(r.Self),
		Relationships:  relationshipsValue(r.Relationships),
	}
}

// relatedResourceAttributes returns the schema of a related resource. The types
// of nested attributes are those of a customer, so that customers and related
// resources can share the code that fills them.
func relatedResourceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"type": plainText("The JSON:API type of the resource, such as `orders`."),
		"id":   plainText("The ID of the resource. It is opaque."),
		"attributes_json": jsonText(
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
