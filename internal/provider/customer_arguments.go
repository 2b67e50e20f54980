package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// defaultReadTimeout is how long a read may take, with all attempts and all
// waiting.
const defaultReadTimeout = 20 * time.Minute

// customerReadModel holds the arguments for reading one customer, and the
// customer's attributes. The data source and the ephemeral resource
// commercelayer_customer share it.
type customerReadModel struct {
	customerModel

	Include  types.List     `tfsdk:"include"`
	Fields   types.List     `tfsdk:"fields"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// The checks of the arguments that select a customer.
var (
	customerIDCheck = stringCheck{"customer ID", "the ID of a customer, such as xYZkjABcde", commercelayer.CheckID}
	emailCheck      = stringCheck{"e-mail address", "one e-mail address, without blanks and commas", checkEmail}
)

// customerReadAttributes returns the schema of [customerReadModel]: the
// attributes of a customer, of which `id` and `email` are arguments here, and
// the further arguments.
func customerReadAttributes() map[string]schema.Attribute {
	attributes := customerAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The ID of the customer, such as `xYZkjABcde`. It is opaque, and unique within the " +
			"organization. Exactly one of `id` and `email` must be set.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{customerIDCheck, exactlyOneWith("email", "the customer is looked up by it")},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "The e-mail address of the customer, such as `john@example.com`. Exactly one of `id` " +
			"and `email` must be set. " +
			"It is an error if several customers have the address. " +
			"The attribute keeps the spelling of the configuration, even if upper and lower case differ in the API.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{emailCheck},
	}
	attributes["include"] = includeAttribute()
	attributes["fields"] = fieldsAttribute()
	return attributes
}

func includeAttribute() schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "The relationships to include, such as `customer_group`, `tags` or `orders.shipments` " +
			"(at most three levels). " +
			"An included relationship has `data`, and its resources are in `included`.",
		ElementType: types.StringType,
		Optional:    true,
		Validators:  []validator.List{includeCheck},
	}
}

// readTimeouts returns the timeouts block of every reader. It replaces the
// library's validator, because that accepts durations of zero and less.
func readTimeouts(ctx context.Context) schema.Block {
	block, ok := timeouts.BlockWithOpts(ctx, timeouts.Opts{}).(schema.SingleNestedBlock)
	if !ok {
		panic("the timeouts library returns a block of an unexpected type")
	}
	block.MarkdownDescription = "How long the read may take."
	block.Attributes = map[string]schema.Attribute{
		"read": schema.StringAttribute{
			MarkdownDescription: "The deadline of the read, as a duration such as `30s` or `5m`. It covers all " +
				"attempts, waiting for the rate limit and token requests. Defaults to `20m`.",
			Optional:   true,
			Validators: []validator.String{checkTimeout()},
		},
	}
	return block
}

// readContext returns a context that ends at the deadline of the read.
func (d *providerData) readContext(
	ctx context.Context, t timeouts.Value, diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	timeout := defaultReadTimeout
	if text, ok := t.Attributes()["read"].(types.String); ok && isSet(text) {
		var err error
		if timeout, err = parseDuration(text.ValueString()); err != nil {
			diags.AddAttributeError(path.Root("timeouts").AtName("read"), "Invalid timeout", sentence(err))
		}
	}
	return context.WithTimeout(withLogging(ctx, d.masks), timeout)
}

// read implements [readModel]. It reads the customer with the given ID or
// e-mail address.
func (m *customerReadModel) read(ctx context.Context, data *providerData, diags *diag.Diagnostics) {
	selection := readSelection(ctx, m.Include, m.Fields, diags)
	ctx, cancel := data.readContext(ctx, m.Timeouts, diags)
	defer cancel()
	if diags.HasError() {
		return
	}
	var customer *commercelayer.Customer
	var err error
	operation := operation{noun: customerNoun, attribute: "id", value: m.ID.ValueString(), provenance: data.provenance}
	if m.ID.IsNull() {
		operation.attribute, operation.value = "email", m.Email.ValueString()
		customer, err = data.client.CustomerByEmail(ctx, m.Email.ValueString(), selection)
	} else {
		customer, err = data.client.Customer(ctx, m.ID.ValueString(), selection)
	}
	if err != nil {
		diags.Append(diagnose(err, operation))
		return
	}
	model := newCustomerModel(customer)
	if !m.Email.IsNull() {
		// An argument must keep the value of the configuration, and the API may
		// have the address in another case. For an ephemeral resource the CLI
		// would refuse another value.
		model.Email = m.Email
	}
	m.customerModel = model
	data.warnAbout(customer.Findings, customerNoun, diags)
	var merged mergedKeys
	merged.look(customer)
	diags.Append(merged.warnings("")...)
	data.warnIfSlow(data.client.Stats(), diags)
}
