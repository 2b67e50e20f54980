package commercelayer

import (
	"encoding/json"
	"reflect"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// customersType is the JSON:API type of a customer.
const customersType = "customers"

// A Customer is a customer as the API describes it. Pointers are nil where the
// API has null or no such key: newer attributes are missing from the documents
// of older tenants.
type Customer struct {
	ID string

	Email             *string
	Status            *string
	HasPassword       *bool
	TotalOrdersCount  *int64
	ShopperReference  *string
	ProfileID         *string
	TaxExemptionCode  *string
	Reference         *string
	ReferenceOrigin   *string
	AnonymizationInfo *AnonymizationInfo
	// AnonymizationStatus is requested, started, completed, failed or cancelled.
	AnonymizationStatus *string
	// CreatedAt and UpdatedAt are RFC 3339 as sent: UTC with milliseconds.
	CreatedAt *string
	UpdatedAt *string

	// Metadata and JWTCustomClaim are JSON objects with sorted keys, no white space
	// and numbers as sent, so that the same data is the same text each time and
	// integers above 2^53 survive. Nil for null and no key.
	Metadata       json.RawMessage
	JWTCustomClaim json.RawMessage

	// Mode is test or live, from meta; nil if meta has none.
	Mode           *string
	OrganizationID *string

	// Self is the customer's own URL, from links.
	Self *string
	// Relationships holds every relationship sent, known today or not.
	Relationships map[string]Relationship
	// Included holds the resources that the included relationships lead to,
	// each once: nearest first, relationships by name, linkage as sent.
	Included []Resource
}

// AnonymizationInfo tells how far an anonymization got. Its times are opaque:
// the API's example is "2025-03-15 11:39:21 UTC", which is no RFC 3339.
type AnonymizationInfo struct {
	Status                *string    `json:"status"`
	RequestedAt           *string    `json:"requested_at"`
	StartedAt             *string    `json:"started_at"`
	CompletedAt           *string    `json:"completed_at"`
	FailedAt              *string    `json:"failed_at"`
	CancelledAt           *string    `json:"cancelled_at"`
	Requester             *Requester `json:"requester"`
	CancellationRequester *Requester `json:"cancellation_requester"`
}

// A Requester is the person who asked for an anonymization, or to cancel it.
type Requester struct {
	ID        *string `json:"id"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	Email     *string `json:"email"`
}

// A Relationship leads to related resources. Its Data is nil unless the
// relationship was included, and then empty if there is none.
type Relationship = jsonapi.Relationship

// An Identifier names a resource.
type Identifier = jsonapi.Identifier

// A Resource is an included resource. Attributes is its JSON object in the form of
// [Customer.Metadata], or nil.
type Resource struct {
	Identifier
	Attributes json.RawMessage
}

// same tells whether two customers are equal in everything that is handed on.
func same(a, b *Customer) bool { return reflect.DeepEqual(a, b) }
