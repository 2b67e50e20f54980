package provider

import (
	"bytes"
	"encoding/json"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// customerValues returns the values of [customerAttributes], in the same order, for
// a customer that the client has read.
func customerValues(c *commercelayer.Customer) map[string]any {
	return map[string]any{
		"id":                    c.ID,
		"email":                 c.Email,
		"status":                c.Status,
		"has_password":          c.HasPassword,
		"total_orders_count":    c.TotalOrdersCount,
		"shopper_reference":     c.ShopperReference,
		"profile_id":            c.ProfileID,
		"tax_exemption_code":    c.TaxExemptionCode,
		"created_at":            c.CreatedAt,
		"updated_at":            c.UpdatedAt,
		"reference":             c.Reference,
		"reference_origin":      c.ReferenceOrigin,
		"metadata":              metadataValue(c.Metadata),
		"metadata_json":         jsonValue(c.Metadata),
		"anonymization_info":    anonymizationValue(c.AnonymizationInfo),
		"anonymization_status":  c.AnonymizationStatus,
		"jwt_custom_claim_json": jsonValue(c.JWTCustomClaim),
		"mode":                  c.Mode,
		"organization_id":       c.OrganizationID,
		"links":                 linksValue(c.Self),
		"relationships":         relationshipsValue(c.Relationships),
		"included":              includedValue(c.Included),
	}
}

func linksValue(self *string) map[string]any { return map[string]any{"self": self} }

// jsonValue returns a JSON value as text, or nil if there is none.
func jsonValue(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}

// metadataValue returns the members of a JSON object as a map of texts, in which
// nil is a null in JSON. The client has checked that the metadata is an object.
func metadataValue(raw json.RawMessage) map[string]any {
	var members map[string]json.RawMessage
	if raw == nil || json.Unmarshal(raw, &members) != nil {
		return nil
	}
	members, _ = composed(members)
	values := make(map[string]any, len(members))
	for name, member := range members {
		var s string
		switch {
		case bytes.Equal(member, []byte("null")):
			values[name] = nil
		case json.Unmarshal(member, &s) == nil:
			values[name] = s
		default:
			values[name] = string(member)
		}
	}
	return values
}

func anonymizationValue(info *commercelayer.AnonymizationInfo) map[string]any {
	if info == nil {
		return nil
	}
	return map[string]any{
		"status":                 info.Status,
		"requested_at":           info.RequestedAt,
		"started_at":             info.StartedAt,
		"completed_at":           info.CompletedAt,
		"failed_at":              info.FailedAt,
		"cancelled_at":           info.CancelledAt,
		"requester":              requesterValue(info.Requester),
		"cancellation_requester": requesterValue(info.CancellationRequester),
	}
}

func requesterValue(r *commercelayer.Requester) map[string]any {
	if r == nil {
		return nil
	}
	return map[string]any{"id": r.ID, "first_name": r.FirstName, "last_name": r.LastName, "email": r.Email}
}

func relationshipsValue(relationships map[string]commercelayer.Relationship) map[string]any {
	relationships, _ = composed(relationships)
	values := make(map[string]any, len(relationships))
	for name, r := range relationships {
		var data []map[string]any // stays nil if nobody knows what is related
		if r.Data != nil {
			data = make([]map[string]any, len(r.Data))
		}
		for i, id := range r.Data {
			data[i] = map[string]any{"type": id.Type, "id": id.ID}
		}
		values[name] = map[string]any{"self": r.Self, "related": r.Related, "data": data}
	}
	return values
}

func includedValue(resources []commercelayer.Resource) []map[string]any {
	values := make([]map[string]any, len(resources))
	for i, r := range resources {
		values[i] = map[string]any{"type": r.Type, "id": r.ID, "attributes_json": jsonValue(r.Attributes)}
	}
	return values
}
