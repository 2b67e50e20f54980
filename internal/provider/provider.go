// Package provider implements the Terraform provider: schemas, models and
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
	// configurations belongs to all calls of Configure in one process.
	configurations configurations
}

// New returns a factory of providers of the given version.
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
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads customers of a [Commerce Layer](https://commercelayer.io) organization. It never writes.",
		Attributes: map[string]schema.Attribute{
			attrDomain: schema.StringAttribute{
				MarkdownDescription: "The organization's domain: its slug (`acme`), its host (`acme.commercelayer.io`) or its URL (`https://acme.commercelayer.io`), without a path. " +
					"`http://` is accepted for loopback hosts only. Access tokens of Commerce Layer name the organization, so `domain` can usually be left out. " +
					envSentence(attrDomain),
				Optional:   true,
				Validators: checkSetting(attrDomain),
			},
			attrToken: schema.StringAttribute{
				MarkdownDescription: "The access token that is sent with each request. Conflicts with `client_id` and `client_secret`. " + envSentence(attrToken),
				Optional:            true,
				Sensitive:           true,
				Validators:          checkSetting(attrToken),
			},
			attrClientID: schema.StringAttribute{
				MarkdownDescription: "The client ID of the application that access tokens are requested for (OAuth2 client credentials), instead of `token`. An integration with the role `read_only` is enough. If it is set, no credential of the environment is used. " + envSentence(attrClientID),
				Optional:            true,
				Validators:          checkSetting(attrClientID),
			},
			attrClientSecret: schema.StringAttribute{
				MarkdownDescription: "The client secret that belongs to `client_id`. " + envSentence(attrClientSecret),
				Optional:            true,
				Sensitive:           true,
				Validators:          checkSetting(attrClientSecret),
			},
			attrScope: schema.StringAttribute{
				MarkdownDescription: "The scope to request access tokens for, such as `market:id:xYZkjABcde`. Several scopes are separated by a space. Without `scope`, the API grants an integration `market:all`. " + envSentence(attrScope),
				Optional:            true,
				Validators:          checkSetting(attrScope),
			},
			attrAuthEndpoint: schema.StringAttribute{
				MarkdownDescription: "The URL of the token endpoint. Defaults to `https://auth.<base domain>/oauth/token`, where the base domain is that of `domain`. For a loopback domain it defaults to `<domain>/oauth/token`. " +
					"`http://` is accepted for loopback hosts only. " + envSentence(attrAuthEndpoint),
				Optional:   true,
				Validators: checkSetting(attrAuthEndpoint),
			},
			attrMode: schema.StringAttribute{
				MarkdownDescription: "The mode of the organization that you mean to read, " + backticked(
					modes,
				) + ". The provider then refuses to read if the access token or a customer is of the other mode. Without `mode`, customers of either mode are read. " + envSentence(attrMode),
				Optional:   true,
				Validators: checkSetting(attrMode),
			},
			attrRequestTimeout: schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf(
					"How long one HTTP attempt may take, as a duration such as `5s` or `1m30s`. Defaults to `%s`. The deadline of a whole read is set in `timeouts` of the data source.",
					commercelayer.DefaultRequestTimeout,
				),
				Optional: true,
				Validators: []validator.String{
					check(
						"request timeout",
						"a duration above zero, such as 5s",
						func(s string) error { _, err := parseDuration(s); return err },
					),
				},
			},
			attrMaxRetries: schema.NumberAttribute{
				MarkdownDescription: fmt.Sprintf("The number of further attempts for a failed request. Defaults to `%d`. "+
					"The provider tries again after a network error, and after an answer with the status 408, 421, 425 or 5xx (except 501 and 505). "+
					"Answers with the status 429 (rate limit) do not count: the provider waits and tries again until the deadline of the read.", commercelayer.DefaultMaxRetries),
				Optional:   true,
				Validators: []validator.Number{checkWholeNumber("number of retries", 0, 100)},
			},
		},
	}
}

// ValidateConfig implements [provider.ProviderWithValidateConfig].
func (p *commercelayerProvider) ValidateConfig(
	ctx context.Context,
	req provider.ValidateConfigRequest,
	resp *provider.ValidateConfigResponse,
) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	resp.Diagnostics.Append(m.conflicts()...)
}

// Configure implements [provider.Provider]. It sends no request. The first read
// requests the access token.
func (p *commercelayerProvider) Configure(
	ctx context.Context,
	req provider.ConfigureRequest,
	resp *provider.ConfigureResponse,
) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s, diags := m.resolve(p.environment)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &providerData{
		provenance: s.provenance, secrets: s.secrets, masks: redact.Masks(s.secrets...), unknown: s.unknown, atRead: s.atRead,
	}
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
	data, accepted := p.configurations.use(req.Config.Raw, data)
	if !accepted {
		resp.Diagnostics.AddError("Second configuration in one process", secondConfiguration)
	} else if len(data.unknown) > 0 && req.ClientCapabilities.DeferralAllowed {
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
