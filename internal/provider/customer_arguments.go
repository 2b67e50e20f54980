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

// defaultReadTimeout is the deadline of a read over all attempts and waiting.
const defaultReadTimeout = 20 * time.Minute

// customerReadModel is what the singular data source and the ephemeral resource
// share: the arguments of reading one customer, and its attributes.
type customerReadModel struct {
	customerModel

	Include  types.List     `tfsdk:"include"`
	Fields   types.List     `tfsdk:"fields"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// customerReadAttributes is the table of attributes with the arguments of
// reading one customer.
func customerReadAttributes() map[string]schema.Attribute {
	attributes := customerAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The ID of the customer, such as `xYZkjABcde`. It is opaque, and unique within the " +
			"organization. Exactly one of `id` and `email` must be set.",
		Optional: true,
		Computed: true,
		Validators: []validator.String{
			check("customer ID", "the ID of a customer, such as xYZkjABcde", commercelayer.CheckID),
			exactlyOneWith("email", "the customer is found by one of the two"),
		},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "The e-mail address of the customer, such as `john@example.com`. Exactly one of `id` " +
			"and `email` must be set. " +
			"The customer is looked up by it. If several customers have the address, that is an error. " +
			"The attribute keeps the spelling of the configuration, also where the API has the address in another case.",
		Optional: true,
		Computed: true,
		Validators: []validator.String{
			check("e-mail address", "one e-mail address, without blanks and commas", commercelayer.CheckListed),
		},
	}
	attributes["include"] = includeAttribute()
	attributes["fields"] = fieldsAttribute()
	return attributes
}

func includeAttribute() schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "The relationships to include, such as `customer_group`, `tags` or `orders.shipments` " +
			"(at most three levels). " +
			"The relationships that are included have `data`. The resources that they lead to are in `included`.",
		ElementType: types.StringType,
		Optional:    true,
		Validators:  []validator.List{includeCheck},
	}
}

// readTimeouts is the timeouts block of every read. What the library checks of a
// duration is replaced, since it accepts what no read could meet.
func readTimeouts(ctx context.Context) schema.Block {
	block, ok := timeouts.BlockWithOpts(ctx, timeouts.Opts{}).(schema.SingleNestedBlock)
	if !ok {
		panic("the library of the timeouts has another kind of block than it had")
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

// readContext bounds a read by its timeout. The CLI has the timeout checked
// before; whoever asks without that gets the same answer.
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
	return context.WithTimeout(withLogging(ctx, d.secrets...), timeout)
}

// read reads the customer that the model's arguments name into the model.
func (m *customerReadModel) read(ctx context.Context, data *providerData, diags *diag.Diagnostics) {
	selection := readSelection(ctx, m.Include, m.Fields, diags)
	ctx, cancel := data.readContext(ctx, m.Timeouts, diags)
	defer cancel()
	if diags.HasError() {
		return
	}
	var customer *commercelayer.Customer
	var err error
	question := question{attribute: "id", value: m.ID.ValueString(), credentials: data.credentials}
	if m.ID.IsNull() {
		question.attribute, question.value = "email", m.Email.ValueString()
		customer, err = data.client.CustomerByEmail(ctx, m.Email.ValueString(), selection)
	} else {
		customer, err = data.client.Customer(ctx, m.ID.ValueString(), selection)
	}
	if err != nil {
		diags.Append(diagnose(err, question, time.Now()))
		return
	}
	model := newCustomerModel(customer)
	if !m.Email.IsNull() {
		// An argument comes back as it was written. The CLI insists on that for
		// ephemeral resources, and the API may have the address in another case.
		model.Email = m.Email
	}
	m.customerModel = model
	var merged mergedKeys
	merged.look(customer)
	diags.Append(merged.warnings("")...)
	data.warnIfSlow(data.client.Stats(), diags)
}
