package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is the framework's server with four additions. It limits diagnostics
// (see [boundedDiagnostics]). It answers soon after an interrupt (see
// [interruptible]). It configures only while nothing is read (see [apart]). And
// it adds what was read to the answer (see [readResult]).
type server struct {
	tfprotov6.ProviderServer

	// maxResult is the greatest size of a read's result, in bytes.
	maxResult int
	// configuring is held while the provider is configured, and shared by all calls
	// for data sources and ephemeral resources (see [apart]).
	configuring *sync.RWMutex
}

// NewServer returns the factory of the protocol server, for main and tests.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)()) }
}

func newServer(p provider.Provider) server {
	return server{providerserver.NewProtocol6(p)(), maxResult, &sync.RWMutex{}}
}

// ReadDataSource implements [tfprotov6.DataSourceServer]. The context of the
// read has the [readResult].
func (s server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	canceled := &tfprotov6.ReadDataSourceResponse{Diagnostics: interrupted}
	return interruptible(ctx, canceled, func() (*tfprotov6.ReadDataSourceResponse, error) {
		found := newReadResult(s.maxResult)
		resp, err := apart(context.WithValue(ctx, resultKey{}, found), s, req, s.ProviderServer.ReadDataSource)
		if err == nil {
			resp.State, resp.Diagnostics, err = s.complete(resp.State, resp.Diagnostics, found)
		}
		return resp, err
	})
}

// OpenEphemeralResource implements [tfprotov6.EphemeralResourceServer]. It does
// the same as ReadDataSource.
func (s server) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	canceled := &tfprotov6.OpenEphemeralResourceResponse{Diagnostics: interrupted}
	return interruptible(ctx, canceled, func() (*tfprotov6.OpenEphemeralResourceResponse, error) {
		found := newReadResult(s.maxResult)
		resp, err := apart(context.WithValue(ctx, resultKey{}, found), s, req, s.ProviderServer.OpenEphemeralResource)
		if err == nil {
			resp.Result, resp.Diagnostics, err = s.complete(resp.Result, resp.Diagnostics, found)
		}
		return resp, err
	})
}

// complete puts the result of a read into its answer, which has the arguments. If
// it does not fit into a message, complete returns an error diagnostic and no
// answer.
func (s server) complete(
	answer *tfprotov6.DynamicValue, diagnostics []*tfprotov6.Diagnostic, found *readResult,
) (*tfprotov6.DynamicValue, []*tfprotov6.Diagnostic, error) {
	diagnostics = boundedDiagnostics(diagnostics)
	if found.attributes == nil { // there is an error, or the read is deferred
		return answer, diagnostics, nil
	}
	encoded, err := found.completed(answer.MsgPack)
	if size := len(encoded); size > s.maxResult {
		return nil, append(diagnostics, errorDiagnostic(tooLargeSummary, found.list.tooLarge(size, 0).detail())), nil
	}
	return &tfprotov6.DynamicValue{MsgPack: encoded}, diagnostics, err
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
	resp, err := apart(ctx, s, req, s.ProviderServer.ValidateDataResourceConfig)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

// ValidateEphemeralResourceConfig implements
// [tfprotov6.EphemeralResourceServer].
func (s server) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := apart(ctx, s, req, s.ProviderServer.ValidateEphemeralResourceConfig)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

// RenewEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s server) RenewEphemeralResource(
	ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest,
) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return apart(ctx, s, req, s.ProviderServer.RenewEphemeralResource)
}

// CloseEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s server) CloseEphemeralResource(
	ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return apart(ctx, s, req, s.ProviderServer.CloseEphemeralResource)
}

// apart makes a call while the provider is not being configured. With -debug, the
// CLI may configure a second provider block while it works with the first one.
// The framework then writes what Configure returned, and each call for a data
// source or an ephemeral resource reads it, without a lock of its own.
func apart[Request, Response any](
	ctx context.Context, s server, req Request, call func(context.Context, Request) (Response, error),
) (Response, error) {
	s.configuring.RLock()
	defer s.configuring.RUnlock()
	return call(ctx, req)
}

func errorDiagnostic(summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}
}
