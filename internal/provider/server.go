package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is the framework's server with four additions. It limits the diagnostics
// of reads (see [boundedDiagnostics]). It answers soon after an interrupt (see
// [interruptible]). It is configured only once (see [firstConfiguration]). And
// it adds what was read to the answer (see [readResult]).
type server struct {
	tfprotov6.ProviderServer

	// maxResult is the greatest size of a read's result, in bytes.
	maxResult int
	first     *firstConfiguration
}

// NewServer returns the factory of the protocol server, for main and tests.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)()) }
}

func newServer(p provider.Provider) server {
	return server{providerserver.NewProtocol6(p)(), maxResult, &firstConfiguration{}}
}

// ReadDataSource implements [tfprotov6.DataSourceServer]. The context of the
// read has the [readResult].
func (s server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	canceled := &tfprotov6.ReadDataSourceResponse{Diagnostics: interrupted}
	return interruptible(ctx, canceled, func() (*tfprotov6.ReadDataSourceResponse, error) {
		found := newReadResult(s.maxResult)
		resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, resultKey{}, found), req)
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
		resp, err := s.ProviderServer.OpenEphemeralResource(context.WithValue(ctx, resultKey{}, found), req)
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

// ValidateEphemeralResourceConfig implements
// [tfprotov6.EphemeralResourceServer].
func (s server) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateEphemeralResourceConfig(ctx, req)
	if err == nil {
		resp.Diagnostics = boundedDiagnostics(resp.Diagnostics)
	}
	return resp, err
}

func errorDiagnostic(summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}
}
