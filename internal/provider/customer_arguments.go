package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// customerReadAttributes is the table of attributes with the arguments of
// reading one customer.
func customerReadAttributes() map[string]schema.Attribute {
	attributes := customerAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The ID of the customer, such as `xYZkjABcde`. It is opaque, and unique within the organization. Exactly one of `id` and `email` must be set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			check("customer ID", "the ID of a customer, such as xYZkjABcde", commercelayer.CheckID),
			stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email")),
		},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "The e-mail address of the customer, such as `john@example.com`. Exactly one of `id` and `email` must be set. " +
			"As an argument it looks the customer up; it is an error if several customers have the address.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{check("e-mail address", "one e-mail address, without blanks and commas", commercelayer.CheckListed)},
	}
	attributes["include"] = includeAttribute()
	return attributes
}

func includeAttribute() schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "The relationships to include, such as `customer_group`, `tags` or `orders.shipments` (at most three levels). " +
			"Included relationships have their `data`, and the resources they lead to are in `included`.",
		ElementType: types.StringType,
		Optional:    true,
		Validators: []validator.List{
			listvalidator.ValueStringsAre(check("relationship", "the name of a relationship, such as customer_group", commercelayer.CheckInclude)),
			listvalidator.NoNullValues(),
		},
	}
}

// readTimeouts is the timeouts block of every read.
func readTimeouts(ctx context.Context) schema.Block {
	return timeouts.BlockWithOpts(ctx, timeouts.Opts{
		ReadDescription: "The deadline of the read, over all attempts, waiting for the rate limit and token requests, as a duration such as `30s` or `5m`. Defaults to `20m`.",
	})
}

// readContext bounds a read by its timeout. A duration that is not above zero
// would fail each read in a way that nobody could explain.
func (d *providerData) readContext(ctx context.Context, t timeouts.Value, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	timeout, timeoutDiags := t.Read(ctx, defaultReadTimeout)
	diags.Append(timeoutDiags...)
	if timeout <= 0 && !diags.HasError() {
		diags.AddAttributeError(path.Root("timeouts").AtName("read"), "Invalid timeout", "The deadline of a read must be above zero, such as 30s.")
	}
	return context.WithTimeout(withLogging(ctx, d.secrets...), timeout)
}

// read reads the customer that the model's arguments name into the model.
func (m *customerReadModel) read(ctx context.Context, data *providerData, diags *diag.Diagnostics) {
	if !data.ready(diags) {
		return
	}
	var selection commercelayer.Selection
	diags.Append(m.Include.ElementsAs(ctx, &selection.Include, false)...)
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
	m.customerModel = newCustomerModel(customer)
	data.warnIfSlow(data.client.Stats(), diags)
}
