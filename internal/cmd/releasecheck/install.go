package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// verifyInstall lets a CLI install the archive for this machine, and then load
// the provider from it.
func verifyInstall(ctx context.Context, cli string, d dist) (fact string, err error) {
	archive, err := d.one(kindArchive, providerID, host())
	if err != nil {
		return "", err
	}

	driver, err := clidriver.New(cli)
	if err != nil {
		return "", err
	}

	defer func() { err = errors.Join(err, driver.Close()) }()

	configuration := fmt.Sprintf(`terraform {
  required_providers {
    commercelayer = {
      source  = "commercelayer/commercelayer"
      version = %q
    }
  }
}
`, d.version)
	if err := errors.Join(driver.AddZip(d.file(archive)), driver.Write("main.tf", configuration)); err != nil {
		return "", err
	}
	if _, err := driver.Output(ctx, "init", "-input=false", "-no-color"); err != nil {
		return "", err
	}

	output, err := driver.Output(ctx, "providers", "schema", "-json")
	if err != nil {
		return "", err
	}

	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(output), &schemas); err != nil {
		return "", fmt.Errorf("reading the schemas: %w", err)
	}

	offers := false
	for _, provider := range schemas.Schemas {
		offers = offers || provider.DataSourceSchemas["commercelayer_customer"] != nil
	}

	if !offers {
		return "", fmt.Errorf("%s installed the provider, but the provider has no data source commercelayer_customer", filepath.Base(cli))
	}
	return fmt.Sprintf("%s installs %s and loads the provider", filepath.Base(cli), archive.Name), nil
}
