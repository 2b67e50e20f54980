package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/cmd/internal/sandbox"
)

// verifyInstall lets a CLI install the archive of this machine and load the provider in it.
func verifyInstall(ctx context.Context, cli string, d dist) (fact string, err error) {
	box, err := sandbox.New(cli)
	if err != nil {
		return "", err
	}

	defer func() { err = errors.Join(err, box.Close()) }()

	configuration := fmt.Sprintf(`terraform {
  required_providers {
    commercelayer = {
      source  = "commercelayer/commercelayer"
      version = %q
    }
  }
}
`, d.version)

	if err := errors.Join(box.AddZip(d.path(d.zipName(host()))), box.Write("main.tf", configuration)); err != nil {
		return "", err
	}

	if _, err := box.Run(ctx, "init", "-input=false", "-no-color"); err != nil {
		return "", err
	}

	schema, err := box.Run(ctx, "providers", "schema", "-json")
	if err != nil {
		return "", err
	}

	if !strings.Contains(schema, `"commercelayer_customer"`) {
		return "", fmt.Errorf("%s installed the provider, but it offers no commercelayer_customer", filepath.Base(cli))
	}

	return fmt.Sprintf("%s installs %s and loads the provider in it", filepath.Base(cli), d.zipName(host())), nil
}
