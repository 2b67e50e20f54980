package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// customerAttributes returns the schema of a customer.
func customerAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": plainText(
			"The ID of the customer, such as `xYZkjABcde`. It is opaque, and unique within the organization.",
		),
		"email": plainText("The e-mail address of the customer, such as `john@example.com`."),
		"status": plainText("How much the customer has ordered: `prospect` (nothing yet), `acquired` (one order) or " +
			"`repeat` (two or more). " +
			"The API may add further values."),
		"has_password": schema.BoolAttribute{
			MarkdownDescription: "Whether the customer has a password. Customers with a password have an account. Null " +
				"if the API does not send it.",
			Computed: true,
		},
		"total_orders_count": schema.Int64Attribute{
			MarkdownDescription: "The number of orders that the customer has placed, such as `6`. Null in " +
				"organizations whose API does not send it.",
			Computed: true,
		},
		"shopper_reference": plainText("The reference that payment gateways have for the customer, such as " +
			"`xxx-yyy-zzz`. Null in organizations whose API does not send it."),
		"profile_id": plainText("The ID of the customer's profile, such as `xxx-yyy-zzz`. Null if the customer " +
			"has no profile."),
		"tax_exemption_code": plainText("The code that exempts the customer from taxes. Null if the customer has no such " +
			"code."),
		"created_at": plainText("When the customer was created, in RFC 3339 and UTC with milliseconds, such " +
			"as `2018-01-01T12:00:00.000Z`."),
		"updated_at": plainText("When the customer was last updated, in RFC 3339 and UTC with milliseconds, " +
			"such as `2018-01-01T12:00:00.000Z`."),
		"reference": plainText("Any identifier that an integration has given the customer, such as a key in its " +
			"own database. Null if the customer has no reference."),
		"reference_origin": plainText("An identifier of the system that `reference` comes from. Null if the customer has " +
			"none."),
		"metadata": schema.MapAttribute{
			MarkdownDescription: "The metadata of the customer as a map of strings. Strings are kept. Other JSON values are " +
				"JSON " +
				"text, such as `true`, `12` or `{\"sms\":false}`. A null in JSON is a null element. The map is null if " +
				"the customer has no metadata. For the exact types use `metadata_json`.",
			ElementType: types.StringType,
			Computed:    true,
		},
		"metadata_json": plainText("The metadata of the customer as one JSON object, for `jsondecode`. Numbers keep " +
			"all their digits. Null if the customer has no metadata."),
		"anonymization_info": schema.SingleNestedAttribute{
			MarkdownDescription: "The progress of the customer's anonymization. Null if it was never requested.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"status": plainText("The status of the anonymization, as in `anonymization_status`."),
				"requested_at": plainText("When the anonymization was requested, in the format of the API, such as " +
					"`2025-03-15 11:39:21 UTC`. This format is not RFC 3339."),
				"started_at": plainText("When the anonymization started, in the format of `requested_at`. Null if " +
					"it has not started."),
				"completed_at": plainText("When the anonymization was completed, in the format of `requested_at`. " +
					"Null if it was not completed."),
				"failed_at": plainText("When the anonymization failed, in the format of `requested_at`. Null if " +
					"it has not failed."),
				"cancelled_at": plainText("When the anonymization was cancelled, in the format of `requested_at`. " +
					"Null if it was not cancelled."),
				"requester": requester("The person who requested the anonymization. Null if the API does not send it."),
				"cancellation_requester": requester("The person who requested the cancellation. Null if " +
					"nobody did."),
			},
		},
		"anonymization_status": plainText("The status of the customer's anonymization: `requested`, `started`, " +
			"`completed`, `failed` or `cancelled`. Null if it was never requested."),
		"jwt_custom_claim_json": plainText("The custom claim of the access token that the customer was read with, as " +
			"a JSON object. The claim belongs to the token, not to the customer. " +
			"Null if the token has no custom claim."),
		"mode": plainText("The mode that the customer belongs to, `test` or `live`."),
		"organization_id": plainText("The ID of the organization that the customer belongs to. Null if the API does not " +
			"send it."),
		"links": schema.SingleNestedAttribute{
			MarkdownDescription: "The links of the customer.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"self": plainText("The URL of the customer, such as " +
					"`https://acme.commercelayer.io/api/customers/xYZkjABcde`."),
			},
		},
		"relationships": relationshipsAttribute("customer", "customer_group", "customer_groups"),
		"included": schema.ListNestedAttribute{
			MarkdownDescription: "The resources that the relationships in `include` lead to. Each resource is listed " +
				"once. The list is empty if there are no such resources, or if `include` is not set.",
			Computed: true,
			NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{
					"type": plainText("The JSON:API type of the resource, such as `customer_groups`."),
					"id":   plainText("The ID of the resource."),
					"attributes_json": plainText("The attributes of the resource as a JSON object, for `jsondecode`. " +
						"Null if the API sends no attributes."),
				},
			},
		},
	}
}

// relationshipsAttribute returns the schema of the relationships of a resource.
// The parameters are what the descriptions call the resource, the name of one
// of its relationships, and the type of the resources which that leads to.
func relationshipsAttribute(resource, example, exampleType string) schema.MapNestedAttribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: "The relationships of the " + resource + " by name, such as `relationships[\"" + example +
			"\"].related`. All relationships that the API sends are here, also those that this version of the " +
			"provider does not know.",
		Computed: true,
		NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{
				"self":    plainText("The URL of the relationship itself."),
				"related": plainText("The URL of the related resource or resources."),
				"data": schema.ListNestedAttribute{
					MarkdownDescription: "The related resources, as a list. The list is empty if nothing is related. " +
						"It is null if the relationship is not in `include`.",
					Computed: true,
					NestedObject: schema.NestedAttributeObject{
						Attributes: map[string]schema.Attribute{
							"type": plainText("The JSON:API type of the related resource, such as `" + exampleType + "`."),
							"id":   plainText("The ID of the related resource."),
						},
					},
				},
			},
		},
	}
}

func plainText(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func requester(description string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"id":         plainText("The ID of the person."),
			"first_name": plainText("The first name of the person."),
			"last_name":  plainText("The last name of the person."),
			"email":      plainText("The e-mail address of the person."),
		},
	}
}
