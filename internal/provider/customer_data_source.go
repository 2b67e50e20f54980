package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

var (
	_ datasource.DataSource              = (*customerDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*customerDataSource)(nil)
)

type customerDataSource struct {
	data *providerData
}

// NewCustomerDataSource returns the data source commercelayer_customer.
func NewCustomerDataSource() datasource.DataSource {
	return &customerDataSource{}
}

// Metadata implements [datasource.DataSource].
func (d *customerDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_customer"
}

// Schema implements [datasource.DataSource].
func (d *customerDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one customer by ID or by e-mail address. It is an error if there is no such customer. " +
			"Several of these data sources in one configuration share requests. For hundreds of customers, " +
			"`commercelayer_customers` is faster.",
		Attributes: customerReadAttributes(),
		Blocks:     map[string]schema.Block{"timeouts": readTimeouts(ctx)},
	}
}

// Configure implements [datasource.DataSourceWithConfigure].
func (d *customerDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// Read implements [datasource.DataSource].
func (d *customerDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	readInto(ctx, &resp.State, &customerReadModel{}, req.Config, d.data, &resp.Diagnostics)
}
