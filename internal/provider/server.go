package provider

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is the framework's server with bounds for diagnostics, and with a short
// cut for long lists: the framework would build three trees of values for each
// customer of a list (some 1.4 MB of allocations each), of which the CLI gets
// 3 KB.
type server struct {
	tfprotov6.ProviderServer

	// maxResult is how many bytes the result of a read may have.
	maxResult int
	// configuring keeps a configuration apart from reads: with -debug a second
	// provider block may be configured while the first one reads, and the
	// framework does not guard what it writes then.
	configuring *sync.RWMutex
}

// NewServer returns the factory of the protocol server, for main and tests.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		return server{providerserver.NewProtocol6(New(version)())(), maxMessage - messageReserve, &sync.RWMutex{}}
	}
}

// ReadDataSource implements [tfprotov6.DataSourceServer]. A data source that
// finds a bulkList in its context may leave a list out of its state and put the
// elements there, encoded one by one.
func (s server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, ended, err := interruptible(ctx, func() (*tfprotov6.ReadDataSourceResponse,
		error) {
		return s.readDataSource(ctx, req)
	})
	if !ended {
		return &tfprotov6.ReadDataSourceResponse{Diagnostics: interrupted()}, nil
	}
	return resp, err
}

func (s server) readDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	s.configuring.RLock()
	defer s.configuring.RUnlock()
	list := &bulkList{bound: s.maxResult}
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, bulkKey{}, list), req)
	if err != nil {
		return resp, err
	}
	resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	if hasErrors(resp.Diagnostics) {
		return resp, nil
	}
	diagnostic, err := s.complete(resp.State, list)
	if diagnostic != nil {
		resp.State, resp.Diagnostics = nil, append(resp.Diagnostics, diagnostic)
	}
	return resp, err
}

// OpenEphemeralResource implements [tfprotov6.EphemeralResourceServer], in the
// same way.
func (s server) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, ended, err := interruptible(ctx, func() (*tfprotov6.OpenEphemeralResourceResponse, error) {
		return s.openEphemeralResource(ctx, req)
	})
	if !ended {
		return &tfprotov6.OpenEphemeralResourceResponse{Diagnostics: interrupted()}, nil
	}
	return resp, err
}

func (s server) openEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	s.configuring.RLock()
	defer s.configuring.RUnlock()
	list := &bulkList{bound: s.maxResult}
	resp, err := s.ProviderServer.OpenEphemeralResource(context.WithValue(ctx, bulkKey{}, list), req)
	if err != nil {
		return resp, err
	}
	resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	if hasErrors(resp.Diagnostics) {
		return resp, nil
	}
	diagnostic, err := s.complete(resp.Result, list)
	if diagnostic != nil {
		resp.Result, resp.Diagnostics = nil, append(resp.Diagnostics, diagnostic)
	}
	return resp, err
}

// complete puts the list's elements into a result. The diagnostic says that the
// result does not fit into a message.
func (s server) complete(result *tfprotov6.DynamicValue, list *bulkList) (*tfprotov6.Diagnostic, error) {
	if result == nil {
		return nil, nil
	}
	if size := len(result.MsgPack) + list.elements.Len(); size > s.maxResult {
		large := &resultTooLargeError{bytes: size, bound: s.maxResult, list: list.attribute, count: list.count}
		return large.protocolDiagnostic(), nil
	}
	if list.count == 0 {
		return nil, nil
	}
	var err error
	result.MsgPack, err = list.splice(result.MsgPack)
	return nil, err
}

// ValidateProviderConfig implements [tfprotov6.ProviderServer].
func (s server) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateProviderConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

// ConfigureProvider implements [tfprotov6.ProviderServer].
func (s server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	s.configuring.Lock()
	defer s.configuring.Unlock()
	resp, err := s.ProviderServer.ConfigureProvider(ctx, req)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

// ValidateDataResourceConfig implements [tfprotov6.DataSourceServer].
func (s server) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateDataResourceConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

// ValidateEphemeralResourceConfig implements [tfprotov6.EphemeralResourceServer].
func (s server) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateEphemeralResourceConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

func hasErrors(diagnostics []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}
