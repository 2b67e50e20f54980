package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// The checks of arguments that several readers have.
var (
	customerIDCheck = stringCheck{"customer ID", "the ID of a customer, such as xYZkjABcde", commercelayer.CheckID}
	emailCheck      = stringCheck{"e-mail address", "one e-mail address, without blanks and commas", checkEmail}
	timeoutCheck    = stringCheck{"timeout", "a duration above zero, such as 30s or 5m", parsedBy(parseDuration)}
)

// customerReadAttributes returns the schema of commercelayer_customer: the
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

// readTimeouts returns the timeouts block of every reader.
func readTimeouts() schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: "How long the read may take.",
		Attributes: map[string]schema.Attribute{
			"read": schema.StringAttribute{
				MarkdownDescription: "The deadline of the read, as a duration such as `30s` or `5m`. It covers all " +
					"attempts, waiting for the rate limit and token requests. Defaults to `20m`.",
				Optional:   true,
				Validators: []validator.String{timeoutCheck},
			},
		},
	}
}

// customer reads the customer with the given ID or e-mail address.
func (r *reading) customer(ctx context.Context) map[string]any {
	id, email := argument[types.String](ctx, r, "id"), argument[types.String](ctx, r, "email")
	selection := r.selection(ctx)
	ctx, cancel := r.start(ctx)
	defer cancel()
	if r.diags.HasError() {
		return nil
	}
	asked := operation{noun: customerNoun, attribute: "id", value: id.ValueString(), provenance: r.data.provenance}
	read := r.data.client.Customer
	if id.IsNull() {
		asked.attribute, asked.value = "email", email.ValueString()
		read = r.data.client.CustomerByEmail
	}
	customer, err := read(ctx, asked.value, selection)
	if err != nil {
		r.diags.Append(diagnose(err, asked))
		return nil
	}
	r.data.warnAbout(customer.Findings, customerNoun, r.diags)
	merged := mergedKeys{known: r.data.known}
	merged.look(customer)
	r.diags.Append(merged.warnings("")...)
	r.data.warnIfSlow(r.data.client.Stats(), r.diags)
	return customerValues(customer)
}
