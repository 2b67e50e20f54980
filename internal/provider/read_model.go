package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// A readModel is the model of a data source or an ephemeral resource: its
// arguments, and the attributes of its result.
type readModel interface {
	// read reads what the arguments select into the model. It is called only
	// with data that is ready.
	read(ctx context.Context, data *providerData, diags *diag.Diagnostics)
}

// A reader is what a data source or an ephemeral resource reads.
type reader struct {
	// name is the name of the type without the provider's name, such as customer.
	name        string
	description string
	attributes  func() map[string]schema.Attribute
	// model returns an empty model of the attributes and of the timeouts block.
	model func() readModel
}

// A resultSetter takes the result of a read: the state of a data source, or the
// result of an ephemeral resource.
type resultSetter interface {
	Set(ctx context.Context, value any) diag.Diagnostics
}

// readInto takes the arguments from a configuration, reads, and hands on the
// result. A data source and an ephemeral resource that share a model differ
// only in where the result goes.
func readInto(
	ctx context.Context, result resultSetter, m readModel, config tfsdk.Config, data *providerData,
	diags *diag.Diagnostics,
) {
	defer recoverRead(ctx, diags)
	diags.Append(config.Get(ctx, m)...)
	if diags.HasError() || !data.ready(diags) {
		return
	}
	m.read(ctx, data, diags)
	if diags.HasError() {
		return
	}
	diags.Append(result.Set(ctx, m)...)
}
