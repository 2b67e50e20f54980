// Package provider implements the Terraform provider: schemas, values and
// diagnostics. It reads from the API through package commercelayer, and sends
// no requests itself.
package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// Address is the address of this provider in the registries.
const Address = "registry.terraform.io/commercelayer/commercelayer"

var (
	_ provider.Provider                       = (*commercelayerProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*commercelayerProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*commercelayerProvider)(nil)
)

type commercelayerProvider struct {
	version string
	// environment looks a variable of the environment up, as [os.LookupEnv] does.
	environment func(name string) (string, bool)
}

// New returns a factory of providers of the given version. [NewServer] serves one
// with less memory and better answers to interrupts than the framework's own server.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &commercelayerProvider{version: version, environment: os.LookupEnv}
	}
}

// Metadata implements [provider.Provider].
func (p *commercelayerProvider) Metadata(
	_ context.Context,
	_ provider.MetadataRequest,
	resp *provider.MetadataResponse,
) {
	resp.TypeName = "commercelayer"
	resp.Version = p.version
}

// Schema implements [provider.Provider].
func (p *commercelayerProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		attrMaxRetries: schema.NumberAttribute{
			MarkdownDescription: fmt.Sprintf("The number of further attempts for a failed request. Defaults to `%d`. "+
				"The provider tries again after a network error, and after an answer with the status 408, 421, 425 or "+
				"5xx (except 501, 505 and 511). Answers with the status 429 (rate limit) do not count: the provider waits "+
				"and tries again until the deadline of the read.", commercelayer.DefaultMaxRetries),
			Optional:   true,
			Validators: []validator.Number{wholeNumberCheck{"number of retries", 0, 100}},
		},
	}
	for attribute, s := range providerSettings {
		attributes[attribute] = s.schemaAttribute()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads customers of a [Commerce Layer](https://commercelayer.io) organization. It never writes.",
		Attributes:          attributes,
	}
}

// ValidateConfig implements [provider.ProviderWithValidateConfig].
func (p *commercelayerProvider) ValidateConfig(
	ctx context.Context,
	req provider.ValidateConfigRequest,
	resp *provider.ValidateConfigResponse,
) {
	c, diags := readConfiguration(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(c.conflicts()...)
}

// Configure implements [provider.Provider]. It sends no request. The first read
// requests the access token.
func (p *commercelayerProvider) Configure(
	ctx context.Context,
	req provider.ConfigureRequest,
	resp *provider.ConfigureResponse,
) {
	c, diags := readConfiguration(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	s, diags := c.resolve(p.environment)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &providerData{settings: s, masks: redact.Masks(s.secrets...)}
	if data.clientPossible() {
		client, err := commercelayer.New(append(
			s.options,
			commercelayer.WithUserAgent(
				fmt.Sprintf("Terraform/%s terraform-provider-commercelayer/%s", req.TerraformVersion, p.version),
			),
			commercelayer.WithObserver(logAttempt),
			commercelayer.WithNotice(logNotice),
			commercelayer.WithAnnouncer(logWait),
		)...)
		if err != nil {
			resp.Diagnostics.AddError(
				"Client not created",
				"The provider could not create its API client: "+err.Error()+". This is a bug of the provider: please report it.",
			)
			return
		}
		data.client = client
	}
	if len(data.unknown) > 0 && req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	resp.DataSourceData = data
	resp.ResourceData = data
	resp.EphemeralResourceData = data
}

// DataSources implements [provider.Provider].
func (p *commercelayerProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		NewCustomerDataSource,
		NewCustomersDataSource,
		NewCustomerRelatedDataSource,
	}
}

// EphemeralResources implements [provider.ProviderWithEphemeralResources].
func (p *commercelayerProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		NewCustomerEphemeralResource,
		NewCustomersEphemeralResource,
	}
}

// Resources implements [provider.Provider]. There are no resources, because
// this provider only reads.
func (p *commercelayerProvider) Resources(context.Context) []func() resource.Resource {
	return nil
}
