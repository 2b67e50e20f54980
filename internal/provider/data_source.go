package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

var (
	_ datasource.DataSource              = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*dataSource)(nil)
)

// A dataSource is a data source that hands on what a reader reads.
type dataSource struct {
	reader

	data *providerData
}

// Metadata implements [datasource.DataSource].
func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

// Schema implements [datasource.DataSource].
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: d.description,
		Attributes:          d.attributes(),
		Blocks:              map[string]schema.Block{"timeouts": readTimeouts()},
	}
}

// Configure implements [datasource.DataSourceWithConfigure]. Before the
// provider is configured, there are no data: the CLI validates first.
func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.data, _ = req.ProviderData.(*providerData)
}

// Read implements [datasource.DataSource]. The framework hands over a state that has
// the arguments.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	d.run(ctx, req.Config, d.data, &resp.State.Raw, &resp.Diagnostics)
}
