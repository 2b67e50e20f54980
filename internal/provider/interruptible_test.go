package provider

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// A busyServer is a server whose reads take the given time and ignore
// interrupts.
type busyServer struct {
	tfprotov6.ProviderServer

	busy time.Duration
}

func (s busyServer) ReadDataSource(context.Context,
	*tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	time.Sleep(s.busy)
	return &tfprotov6.ReadDataSourceResponse{}, nil
}

func (s busyServer) OpenEphemeralResource(context.Context,
	*tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	time.Sleep(s.busy)
	return &tfprotov6.OpenEphemeralResourceResponse{}, nil
}

func TestInterruptEndsAReadThatDoesNotLookUp(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(context.Context, server) ([]*tfprotov6.Diagnostic, error){
		"data source": func(ctx context.Context, s server) ([]*tfprotov6.Diagnostic, error) {
			resp, err := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{})
			return resp.Diagnostics, err
		},
		"ephemeral resource": func(ctx context.Context, s server) ([]*tfprotov6.Diagnostic, error) {
			resp, err := s.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{})
			return resp.Diagnostics, err
		},
	} {
		for _, tt := range []struct {
			busy, interruptAt, want time.Duration
			canceled                bool
		}{
			{time.Minute, 2 * time.Second, 2*time.Second + interruptGrace, true},
			{time.Minute, 0, interruptGrace, true},
			{2*time.Second + interruptGrace/2, 2 * time.Second, 2*time.Second + interruptGrace/2, false},
			{time.Second, time.Hour, time.Second, false},
		} {
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				time.AfterFunc(tt.interruptAt, interrupt)
				defer interrupt()
				start := time.Now()
				diagnostics, err := read(ctx, server{ProviderServer: busyServer{busy: tt.busy}})
				if took := time.Since(start); took != tt.want || err != nil {
					t.Errorf("%s: it took %s instead of %s, %v", name, took, tt.want, err)
				}
				if canceled := len(diagnostics) == 1 && diagnostics[0].Summary == "Read canceled"; canceled != tt.canceled {
					t.Errorf("%s: the diagnostics are %v", name, diagnostics)
				}
				time.Sleep(tt.busy) // until the read has ended in the background
			})
		}
	}
}
