package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is the framework's server with bounds for diagnostics, and with a short
// cut for long lists: the framework would build three trees of values for each
// customer of a list (some 1.4 MB of allocations each), of which the CLI gets
// 3 KB.
type server struct {
	tfprotov6.ProviderServer
}

// NewServer returns the factory of the protocol server, for main and tests.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		return server{providerserver.NewProtocol6(New(version)())()}
	}
}

// ReadDataSource implements [tfprotov6.DataSourceServer]. A data source that
// finds a bulkList in its context may leave a list out of its state and put the
// elements there, encoded one by one.
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	list := &bulkList{}
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, bulkKey{}, list), req)
	if err != nil {
		return resp, err
	}
	resp.Diagnostics = bounded(resp.Diagnostics)
	if !hasErrors(resp.Diagnostics) && list.count > 0 {
		resp.State.MsgPack, err = list.splice(resp.State.MsgPack)
	}
	return resp, err
}

// ValidateProviderConfig implements [tfprotov6.ProviderServer].
func (s server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateProviderConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = bounded(resp.Diagnostics)
	}
	return resp, err
}

// ConfigureProvider implements [tfprotov6.ProviderServer].
func (s server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.ProviderServer.ConfigureProvider(ctx, req)
	if err == nil {
		resp.Diagnostics = bounded(resp.Diagnostics)
	}
	return resp, err
}

// ValidateDataResourceConfig implements [tfprotov6.DataSourceServer].
func (s server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateDataResourceConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = bounded(resp.Diagnostics)
	}
	return resp, err
}

// ValidateEphemeralResourceConfig implements [tfprotov6.EphemeralResourceServer].
func (s server) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateEphemeralResourceConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = bounded(resp.Diagnostics)
	}
	return resp, err
}

// OpenEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := s.ProviderServer.OpenEphemeralResource(ctx, req)
	if err == nil {
		resp.Diagnostics = bounded(resp.Diagnostics)
	}
	return resp, err
}

func hasErrors(diagnostics []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}
