package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

var (
	_ ephemeral.EphemeralResource              = (*customerEphemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*customerEphemeralResource)(nil)
)

type customerEphemeralResource struct {
	data *providerData
}

// NewCustomerEphemeralResource returns the ephemeral resource
// commercelayer_customer.
func NewCustomerEphemeralResource() ephemeral.EphemeralResource {
	return &customerEphemeralResource{}
}

// Metadata implements [ephemeral.EphemeralResource].
func (r *customerEphemeralResource) Metadata(
	_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_customer"
}

// Schema implements [ephemeral.EphemeralResource].
func (r *customerEphemeralResource) Schema(
	ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one customer by ID or by e-mail address. No data of the customer is stored in the plan " +
			"or the state. It is an error if there is no such customer. " +
			"Arguments and attributes are those of the data source of the same name. Needs Terraform 1.10 or " +
			"OpenTofu 1.11.",
		Attributes: ephemeralAttributes(customerReadAttributes()),
		Blocks:     map[string]schema.Block{"timeouts": ephemeralBlock(readTimeouts(ctx))},
	}
}

// Configure implements [ephemeral.EphemeralResourceWithConfigure].
func (r *customerEphemeralResource) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	r.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// Open implements [ephemeral.EphemeralResource].
func (r *customerEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	readInto(ctx, &resp.Result, &customerReadModel{}, req.Config, r.data, &resp.Diagnostics)
}
