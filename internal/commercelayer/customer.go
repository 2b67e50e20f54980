package commercelayer

import (
	"encoding/json"
	"reflect"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// customersType is the JSON:API type of a customer.
const customersType = "customers"

// A Customer is a customer as the API describes it. A pointer is nil if the API
// sends null or does not send the attribute. Older organizations lack the newer
// attributes.
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
	// CreatedAt and UpdatedAt are RFC 3339 times as sent: UTC with milliseconds.
	CreatedAt *string
	UpdatedAt *string

	// Metadata and JWTCustomClaim are JSON objects in the form of
	// [jsonapi.Canonical]: keys are sorted, and numbers stay as they were sent. So
	// the same data is the same text each time, and integers above 2^53 are exact.
	// They are nil if the API sends null or nothing.
	Metadata       json.RawMessage
	JWTCustomClaim json.RawMessage

	// Mode is test or live. It comes from meta and is nil if meta has no mode.
	Mode           *string
	OrganizationID *string

	// Self is links.self: the customer's own URL.
	Self *string
	// Relationships holds every relationship that was sent, also unknown ones.
	Relationships map[string]Relationship
	// Findings say why the customer may not be exactly what was asked for.
	Findings Findings
	// Included holds the resources that the included relationships lead to, in the
	// order of [jsonapi.Document.Reachable].
	Included []Resource
}

// AnonymizationInfo tells how far an anonymization is. Its times are plain
// text: the documented example "2025-03-15 11:39:21 UTC" is not RFC 3339.
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

// A Requester is a person who has requested or cancelled an anonymization.
type Requester struct {
	ID        *string `json:"id"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	Email     *string `json:"email"`
}

// A Relationship is a relationship of a resource. Its Data is nil if the
// relationship was not included, and empty if there is no related resource.
type Relationship = jsonapi.Relationship

// An Identifier names a resource.
type Identifier = jsonapi.Identifier

// A Resource is an included resource. Attributes is a JSON object in the form
// of [Customer.Metadata]. It is nil if there are no attributes.
type Resource struct {
	Identifier
	Attributes json.RawMessage
}

// sameCustomer returns the function that tells whether two resources of a
// document are the same customer, as far as the fieldset goes.
func sameCustomer(fields fieldset) func(document *jsonapi.Document, a, b *jsonapi.Resource) bool {
	return func(document *jsonapi.Document, a, b *jsonapi.Resource) bool {
		two, failure := readCustomers(document, fields).customers([]*jsonapi.Resource{a, b})
		return failure == nil && reflect.DeepEqual(two[0], two[1])
	}
}
