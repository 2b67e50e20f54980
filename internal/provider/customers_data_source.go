package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

var (
	_ datasource.DataSource              = (*customersDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*customersDataSource)(nil)
)

type customersDataSource struct {
	data *providerData
}

// NewCustomersDataSource returns the data source commercelayer_customers.
func NewCustomersDataSource() datasource.DataSource {
	return &customersDataSource{}
}

// Metadata implements [datasource.DataSource].
func (d *customersDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_customers"
}

// Schema implements [datasource.DataSource].
func (d *customersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads many customers, 25 with each request. If no customer matches, the list is empty.",
		Attributes:          customersReadAttributes(),
		Blocks:              map[string]schema.Block{"timeouts": readTimeouts(ctx)},
	}
}

// Configure implements [datasource.DataSourceWithConfigure].
func (d *customersDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// Read implements [datasource.DataSource].
func (d *customersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	readInto(ctx, &resp.State, &customersReadModel{}, req.Config, d.data, &resp.Diagnostics)
}
