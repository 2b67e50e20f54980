package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestRunServesUntilItIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"-addr", "127.0.0.1:0", "-customers", "3", "-limits", "-live", "-latency", "1ms", "-log"}, in, io.Discard)
		_ = in.Close()
	}()
	lines := bufio.NewScanner(out)
	env := map[string]string{}
	curl := ""
	for curl == "" && lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if assignment, ok := strings.CutPrefix(line, "export "); ok {
			name, value, _ := strings.Cut(assignment, "=")
			env[name] = value
		}
		if strings.HasPrefix(line, "curl ") {
			curl = line
		}
	}
	for _, name := range []string{"COMMERCELAYER_DOMAIN", "COMMERCELAYER_TOKEN", "COMMERCELAYER_CLIENT_ID", "COMMERCELAYER_CLIENT_SECRET"} {
		if env[name] == "" {
			t.Errorf("%s is not printed", name)
		}
	}
	address := env["COMMERCELAYER_DOMAIN"] + "/api/customers/" + emulator.SeedCustomerID
	if !strings.Contains(curl, "'"+address+"'") {
		t.Errorf("curl line %q", curl)
	}

	logged := make(chan string, 1)
	go func() {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "GET ") {
				logged <- lines.Text()
			}
		}
	}()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, address+"?include=tags", http.NoBody)
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Authorization", "Bearer "+env["COMMERCELAYER_TOKEN"])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Ratelimit-Limit") != "200" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if line := <-logged; !strings.HasPrefix(line, "GET /api/customers/"+emulator.SeedCustomerID+"?include=tags 200 ") {
		t.Errorf("log line %q", line)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
	for name, args := range map[string][]string{
		"another host":      {"-addr", "0.0.0.0:0"},
		"every host":        {"-addr", ":0"},
		"a name":            {"-addr", "example.com:80"},
		"no port":           {"-addr", "127.0.0.1"},
		"an argument":       {"-addr", "127.0.0.1:0", "serve"},
		"an unknown option": {"-port", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // whatever is accepted by mistake ends at once
			if err := run(ctx, args, io.Discard, io.Discard); err == nil {
				t.Error("accepted")
			}
		})
	}
}
