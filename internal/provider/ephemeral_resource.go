package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

var (
	_ ephemeral.EphemeralResource              = (*ephemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*ephemeralResource)(nil)
)

// An ephemeralResource is an ephemeral resource that hands on what a reader
// reads.
type ephemeralResource struct {
	reader

	data *providerData
}

// Metadata implements [ephemeral.EphemeralResource].
func (r *ephemeralResource) Metadata(
	_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
}

// Schema implements [ephemeral.EphemeralResource]. The attributes are those of the
// data source: the framework has one interface for both, under two names.
func (r *ephemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: r.description + " Arguments and attributes are those of the data source of the same name. " +
			"Needs Terraform 1.10 or OpenTofu 1.11.",
		Attributes: map[string]schema.Attribute{},
		Blocks:     map[string]schema.Block{"timeouts": readTimeouts()},
	}
	for name, attribute := range r.attributes() {
		resp.Schema.Attributes[name] = attribute
	}
}

// Configure implements [ephemeral.EphemeralResourceWithConfigure]. Before the
// provider is configured, there are no data: the CLI validates first.
func (r *ephemeralResource) Configure(
	_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse,
) {
	r.data, _ = req.ProviderData.(*providerData)
}

// Open implements [ephemeral.EphemeralResource]. The framework hands over a result
// that has the arguments.
func (r *ephemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	r.run(ctx, req.Config, r.data, &resp.Result.Raw, &resp.Diagnostics)
}
