package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

var (
	_ ephemeral.EphemeralResource              = (*customersEphemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*customersEphemeralResource)(nil)
)

type customersEphemeralResource struct {
	data *providerData
}

// NewCustomersEphemeralResource returns the ephemeral resource
// commercelayer_customers.
func NewCustomersEphemeralResource() ephemeral.EphemeralResource {
	return &customersEphemeralResource{}
}

// Metadata implements [ephemeral.EphemeralResource].
func (r *customersEphemeralResource) Metadata(
	_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_customers"
}

// Schema implements [ephemeral.EphemeralResource].
func (r *customersEphemeralResource) Schema(
	ctx context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads many customers, 25 with each request. No data of the customers is stored in the plan " +
			"or the state. If no customer matches, the list is empty. " +
			"Arguments and attributes are those of the data source of the same name. Needs Terraform 1.10 or " +
			"OpenTofu 1.11.",
		Attributes: ephemeralAttributes(customersReadAttributes()),
		Blocks:     map[string]schema.Block{"timeouts": ephemeralBlock(readTimeouts(ctx))},
	}
}

// Configure implements [ephemeral.EphemeralResourceWithConfigure].
func (r *customersEphemeralResource) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse,
) {
	r.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// Open implements [ephemeral.EphemeralResource].
func (r *customersEphemeralResource) Open(
	ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse,
) {
	readInto(ctx, &resp.Result, &customersReadModel{}, req.Config, r.data, &resp.Diagnostics)
}
