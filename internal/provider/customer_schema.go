package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// customerAttributes is the one table of a customer's attributes. The data
// sources use it as it is, the ephemeral resource through [ephemeralAttributes].
func customerAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": text(
			"The ID of the customer, such as `xYZkjABcde`. It is opaque, and unique within the organization.",
		),
		"email": text("The e-mail address of the customer, such as `john@example.com`."),
		"status": text("How much the customer has ordered: `prospect` (nothing yet), `acquired` (one order) or " +
			"`repeat` (two or more). " +
			"Values that the API adds later are passed on."),
		"has_password": schema.BoolAttribute{
			MarkdownDescription: "Whether the customer has a password, which is to say an account. Null if the API " +
				"does not say.",
			Computed: true,
		},
		"total_orders_count": schema.Int64Attribute{
			MarkdownDescription: "The number of orders that the customer has placed, such as `6`. Null in " +
				"organizations whose API does not send it.",
			Computed: true,
		},
		"shopper_reference": text("The reference by which payment gateways know the customer, such as " +
			"`xxx-yyy-zzz`. Null in organizations whose API does not send it."),
		"profile_id":         text("The ID of the customer's profile, such as `xxx-yyy-zzz`. Null if there is none."),
		"tax_exemption_code": text("The code that exempts the customer from taxes. Null if there is none."),
		"created_at": timestamp("When the customer was created, in RFC 3339 and UTC with milliseconds, such " +
			"as `2018-01-01T12:00:00.000Z`."),
		"updated_at": timestamp("When the customer was last updated, in RFC 3339 and UTC with milliseconds, " +
			"such as `2018-01-01T12:00:00.000Z`."),
		"reference": text("Any identifier that an integration has given the customer, such as a key in its " +
			"own database. Null if there is none."),
		"reference_origin": text("Any identifier of the system that `reference` comes from. Null if there is none."),
		"metadata": schema.MapAttribute{
			MarkdownDescription: "The metadata of the customer, a map of strings: strings as they are, any other " +
				"JSON value in its JSON form (`true`, `12`, `{\"sms\":false}`), and JSON's null as a null element. " +
				"Null if the customer has no metadata. For the exact types use `metadata_json`.",
			ElementType: types.StringType,
			Computed:    true,
		},
		"metadata_json": jsonText("The metadata of the customer as one JSON object, exact to the last digit, for " +
			"`jsondecode`. Null if the customer has no metadata."),
		"anonymization_info": schema.SingleNestedAttribute{
			MarkdownDescription: "How far the anonymization of the customer got. Null if it was never requested.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"status": text("The status of the anonymization, as in `anonymization_status`."),
				"requested_at": text("When the anonymization was requested, as the API writes it, such as " +
					"`2025-03-15 11:39:21 UTC`, which is not RFC 3339."),
				"started_at": text("When the anonymization started, written like `requested_at`. Null if " +
					"it has not."),
				"completed_at": text("When the anonymization was completed, written like `requested_at`. " +
					"Null if it was not."),
				"failed_at": text("When the anonymization failed, written like `requested_at`. Null if " +
					"it has not."),
				"cancelled_at": text("When the anonymization was cancelled, written like `requested_at`. " +
					"Null if it was not."),
				"requester": requester("Who requested the anonymization. Null if the API does not say."),
				"cancellation_requester": requester("Who requested that the anonymization be cancelled. Null if " +
					"nobody did."),
			},
		},
		"anonymization_status": text("The status of the customer's anonymization: `requested`, `started`, " +
			"`completed`, `failed` or `cancelled`. Null if it was never requested."),
		"jwt_custom_claim_json": jsonText("The custom claim of the access token that the customer was read with, as " +
			"a JSON object. It belongs to the token and not to the customer. " +
			"Null if the token has none."),
		"mode": text("The mode that the customer belongs to, `test` or `live`."),
		"organization_id": text("The ID of the organization that the customer belongs to. Null if the API does not " +
			"send it."),
		"links": schema.SingleNestedAttribute{
			MarkdownDescription: "The links of the customer.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"self": text("The URL of the customer, such as " +
					"`https://acme.commercelayer.io/api/customers/xYZkjABcde`."),
			},
		},
		"relationships": schema.MapNestedAttribute{
			MarkdownDescription: "The relationships of the customer, by name, such as " +
				"`relationships[\"customer_group\"].related`: every one that the API sends, known today or not.",
			Computed: true,
			NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{
					"self":    text("The URL of the relationship itself."),
					"related": text("The URL of the related resource or resources."),
					"data": schema.ListNestedAttribute{
						MarkdownDescription: "The related resources. Null unless the relationship is in `include`; " +
							"then a list, which is empty if nothing is related.",
						Computed: true,
						NestedObject: schema.NestedAttributeObject{
							Attributes: map[string]schema.Attribute{
								"type": text("The JSON:API type of the related resource, such as `customer_groups`."),
								"id":   text("The ID of the related resource."),
							},
						},
					},
				},
			},
		},
		"included": schema.ListNestedAttribute{
			MarkdownDescription: "The resources that the relationships in `include` lead to, each once. Empty if " +
				"there are none, or nothing was included.",
			Computed: true,
			NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{
					"type": text("The JSON:API type of the resource, such as `customer_groups`."),
					"id":   text("The ID of the resource."),
					"attributes_json": jsonText("The attributes of the resource as a JSON object, for `jsondecode`. " +
						"Null if the API sends none."),
				},
			},
		},
	}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func timestamp(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
}

func jsonText(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Computed: true, CustomType: jsontypes.NormalizedType{},
	}
}

func requester(description string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"id":         text("The ID of the person."),
			"first_name": text("The first name of the person."),
			"last_name":  text("The last name of the person."),
			"email":      text("The e-mail address of the person."),
		},
	}
}

// The types of what is nested, taken from the table above.
var (
	customerObjectType     = types.ObjectType{AttrTypes: attributeTypes(customerAttributes())}
	anonymizationInfoTypes = objectType(customerObjectType.AttrTypes["anonymization_info"]).AttrTypes
	requesterTypes         = objectType(anonymizationInfoTypes["requester"]).AttrTypes
	linksTypes             = objectType(customerObjectType.AttrTypes["links"]).AttrTypes
	relationshipType       = objectType(customerObjectType.AttrTypes["relationships"])
	identifierType         = objectType(relationshipType.AttrTypes["data"])
	includedType           = objectType(customerObjectType.AttrTypes["included"])
)

// objectType returns an object type, or the one that a list or a map holds.
func objectType(t attr.Type) types.ObjectType {
	switch t := t.(type) {
	case types.ObjectType:
		return t
	case types.ListType:
		return objectType(t.ElemType)
	case types.MapType:
		return objectType(t.ElemType)
	default:
		panic(fmt.Sprintf("%T holds no object", t))
	}
}

func attributeTypes(attributes map[string]schema.Attribute) map[string]attr.Type {
	list := make(map[string]attr.Type, len(attributes))
	for name, attribute := range attributes {
		list[name] = attribute.GetType()
	}
	return list
}
