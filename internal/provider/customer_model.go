package provider

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// customerModel is the model of [customerAttributes], in the same order.
type customerModel struct {
	ID                  types.String         `tfsdk:"id"`
	Email               types.String         `tfsdk:"email"`
	Status              types.String         `tfsdk:"status"`
	HasPassword         types.Bool           `tfsdk:"has_password"`
	TotalOrdersCount    types.Int64          `tfsdk:"total_orders_count"`
	ShopperReference    types.String         `tfsdk:"shopper_reference"`
	ProfileID           types.String         `tfsdk:"profile_id"`
	TaxExemptionCode    types.String         `tfsdk:"tax_exemption_code"`
	CreatedAt           timetypes.RFC3339    `tfsdk:"created_at"`
	UpdatedAt           timetypes.RFC3339    `tfsdk:"updated_at"`
	Reference           types.String         `tfsdk:"reference"`
	ReferenceOrigin     types.String         `tfsdk:"reference_origin"`
	Metadata            types.Map            `tfsdk:"metadata"`
	MetadataJSON        jsontypes.Normalized `tfsdk:"metadata_json"`
	AnonymizationInfo   types.Object         `tfsdk:"anonymization_info"`
	AnonymizationStatus types.String         `tfsdk:"anonymization_status"`
	JWTCustomClaimJSON  jsontypes.Normalized `tfsdk:"jwt_custom_claim_json"`
	Mode                types.String         `tfsdk:"mode"`
	OrganizationID      types.String         `tfsdk:"organization_id"`
	Links               types.Object         `tfsdk:"links"`
	Relationships       types.Map            `tfsdk:"relationships"`
	Included            types.List           `tfsdk:"included"`
}

// newCustomerModel returns the model of a customer that the client has read.
func newCustomerModel(c *commercelayer.Customer) customerModel {
	return customerModel{
		ID:                  types.StringValue(c.ID),
		Email:               types.StringPointerValue(c.Email),
		Status:              types.StringPointerValue(c.Status),
		HasPassword:         types.BoolPointerValue(c.HasPassword),
		TotalOrdersCount:    types.Int64PointerValue(c.TotalOrdersCount),
		ShopperReference:    types.StringPointerValue(c.ShopperReference),
		ProfileID:           types.StringPointerValue(c.ProfileID),
		TaxExemptionCode:    types.StringPointerValue(c.TaxExemptionCode),
		CreatedAt:           timestampValue(c.CreatedAt),
		UpdatedAt:           timestampValue(c.UpdatedAt),
		Reference:           types.StringPointerValue(c.Reference),
		ReferenceOrigin:     types.StringPointerValue(c.ReferenceOrigin),
		Metadata:            metadataValue(c.Metadata),
		MetadataJSON:        jsonValue(c.Metadata),
		AnonymizationInfo:   anonymizationValue(c.AnonymizationInfo),
		AnonymizationStatus: types.StringPointerValue(c.AnonymizationStatus),
		JWTCustomClaimJSON:  jsonValue(c.JWTCustomClaim),
		Mode:                types.StringPointerValue(c.Mode),
		OrganizationID:      types.StringPointerValue(c.OrganizationID),
		Links:               linksValue(c.Self),
		Relationships:       relationshipsValue(c.Relationships),
		Included:            includedValue(c.Included),
	}
}

func linksValue(self *string) types.Object {
	return types.ObjectValueMust(linksTypes, map[string]attr.Value{"self": types.StringPointerValue(self)})
}

// timestampValue expects text in RFC 3339: the client has checked it.
func timestampValue(text *string) timetypes.RFC3339 {
	if text == nil {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339ValueMust(*text)
}

func jsonValue(raw json.RawMessage) jsontypes.Normalized {
	if raw == nil {
		return jsontypes.NewNormalizedNull()
	}
	return jsontypes.NewNormalizedValue(string(raw))
}

// metadataValue returns the members of a JSON object as a map of strings. The
// client has checked that the metadata is an object.
func metadataValue(raw json.RawMessage) types.Map {
	var members map[string]json.RawMessage
	if raw == nil || json.Unmarshal(raw, &members) != nil {
		return types.MapNull(types.StringType)
	}
	elements := make(map[string]attr.Value, len(members))
	for name, member := range composed(members) {
		var s string
		switch {
		case bytes.Equal(member, []byte("null")):
			elements[name] = types.StringNull()
		case json.Unmarshal(member, &s) == nil:
			elements[name] = types.StringValue(s)
		default:
			elements[name] = types.StringValue(string(member))
		}
	}
	return types.MapValueMust(types.StringType, elements)
}

func anonymizationValue(info *commercelayer.AnonymizationInfo) types.Object {
	if info == nil {
		return types.ObjectNull(anonymizationInfoTypes)
	}
	return types.ObjectValueMust(anonymizationInfoTypes, map[string]attr.Value{
		"status":                 types.StringPointerValue(info.Status),
		"requested_at":           types.StringPointerValue(info.RequestedAt),
		"started_at":             types.StringPointerValue(info.StartedAt),
		"completed_at":           types.StringPointerValue(info.CompletedAt),
		"failed_at":              types.StringPointerValue(info.FailedAt),
		"cancelled_at":           types.StringPointerValue(info.CancelledAt),
		"requester":              requesterValue(info.Requester),
		"cancellation_requester": requesterValue(info.CancellationRequester),
	})
}

func requesterValue(r *commercelayer.Requester) types.Object {
	if r == nil {
		return types.ObjectNull(requesterTypes)
	}
	return types.ObjectValueMust(requesterTypes, map[string]attr.Value{
		"id":         types.StringPointerValue(r.ID),
		"first_name": types.StringPointerValue(r.FirstName),
		"last_name":  types.StringPointerValue(r.LastName),
		"email":      types.StringPointerValue(r.Email),
	})
}

func relationshipsValue(relationships map[string]commercelayer.Relationship) types.Map {
	elements := make(map[string]attr.Value, len(relationships))
	for name, r := range composed(relationships) {
		data := types.ListNull(identifierType)
		if r.Data != nil {
			list := make([]attr.Value, len(r.Data))
			for i, id := range r.Data {
				list[i] = types.ObjectValueMust(identifierType.AttrTypes, map[string]attr.Value{
					"type": types.StringValue(id.Type),
					"id":   types.StringValue(id.ID),
				})
			}
			data = types.ListValueMust(identifierType, list)
		}
		elements[name] = types.ObjectValueMust(relationshipType.AttrTypes, map[string]attr.Value{
			"self":    types.StringPointerValue(r.Self),
			"related": types.StringPointerValue(r.Related),
			"data":    data,
		})
	}
	return types.MapValueMust(relationshipType, elements)
}

func includedValue(resources []commercelayer.Resource) types.List {
	list := make([]attr.Value, len(resources))
	for i, r := range resources {
		list[i] = types.ObjectValueMust(includedType.AttrTypes, map[string]attr.Value{
			"type":            types.StringValue(r.Type),
			"id":              types.StringValue(r.ID),
			"attributes_json": jsonValue(r.Attributes),
		})
	}
	return types.ListValueMust(includedType, list)
}
