package provider

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// A firstConfiguration is what a process was configured with. A CLI usually starts
// one process for each provider block. With -debug one process serves all provider
// blocks, and a request does not say which block it belongs to. Without this check,
// reads of the first block would go to the organization of the second block after
// that was configured.
type firstConfiguration struct {
	mu     sync.Mutex
	config []byte
	answer *tfprotov6.ConfigureProviderResponse
}

// secondConfiguration is the answer to a configuration that is refused.
var secondConfiguration = &tfprotov6.ConfigureProviderResponse{Diagnostics: []*tfprotov6.Diagnostic{errorDiagnostic(
	"Second configuration in one process", "This process of the provider was already configured, with other values. "+
		"With -debug, one process serves every provider block. It can't tell which block a read belongs to, so it "+
		"might read from the wrong organization.\n\n"+
		"Use only one block of this provider while you debug it. If the block has changed since the process started, or "+
		"its values were not known then, start the process again.")}}

// ConfigureProvider implements [tfprotov6.ProviderServer]. The framework hears of the
// first configuration only, because it writes without a lock what reads of that
// configuration need. An equal configuration gets the same answer, and reads go on
// with the client of the first one. Any other configuration is refused. A
// configuration that failed is not the first one.
func (s server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	s.first.mu.Lock()
	defer s.first.mu.Unlock()
	if s.first.answer != nil {
		if bytes.Equal(req.Config.MsgPack, s.first.config) {
			return s.first.answer, nil
		}
		return secondConfiguration, nil
	}
	resp, err := s.ProviderServer.ConfigureProvider(ctx, req)
	if err == nil && !slices.ContainsFunc(resp.Diagnostics, isError) {
		s.first.config, s.first.answer = req.Config.MsgPack, resp
	}
	return resp, err
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }
