package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// customerRelatedModel is the model of [customerRelatedAttributes], and of the
// timeouts block.
type customerRelatedModel struct {
	ID           types.String           `tfsdk:"id"`
	CustomerID   types.String           `tfsdk:"customer_id"`
	Relationship types.String           `tfsdk:"relationship"`
	Filter       types.Map              `tfsdk:"filter"`
	Sort         types.List             `tfsdk:"sort"`
	Limit        types.Number           `tfsdk:"limit"`
	Include      types.List             `tfsdk:"include"`
	Resources    []relatedResourceModel `tfsdk:"resources"`
	TotalCount   types.Int64            `tfsdk:"total_count"`
	Timeouts     timeouts.Value         `tfsdk:"timeouts"`
}

// NewCustomerRelatedDataSource returns the data source
// commercelayer_customer_related.
func NewCustomerRelatedDataSource() datasource.DataSource {
	return &dataSource{reader: reader{
		name: "customer_related",
		description: "Reads the resources that a customer is related to, such as the orders, the tags or the " +
			"customer group. If there are none, the list is empty. It is an error if there is no such customer or no " +
			"such relationship.",
		attributes: customerRelatedAttributes,
		model:      func() readModel { return &customerRelatedModel{} },
	}}
}

// read implements [readModel]. The resources go into the bulkList of the context,
// and not into the model. The filter is checked here for the same reason as that
// of customers.
func (m *customerRelatedModel) read(ctx context.Context, data *providerData, diags *diag.Diagnostics) {
	if diags.Append(filterErrors(path.Root(attrFilter), m.Filter)...); diags.HasError() {
		return
	}
	query := commercelayer.RelatedQuery{
		CustomerID: m.CustomerID.ValueString(), Relationship: m.Relationship.ValueString(),
		Limit: wholeNumber(m.Limit), Count: isKnownNumber(m.Limit) && wholeNumber(m.Limit) == 0,
	}
	diags.Append(m.Filter.ElementsAs(ctx, &query.Filter, false)...)
	diags.Append(m.Sort.ElementsAs(ctx, &query.Sort, false)...)
	diags.Append(m.Include.ElementsAs(ctx, &query.Include, false)...)
	ctx, cancel := data.readContext(ctx, m.Timeouts, diags)
	defer cancel()
	if diags.HasError() {
		return
	}
	asked := operation{
		noun:       customerNoun,
		attribute:  "filter",
		value:      query.CustomerID,
		list:       true,
		related:    query.Relationship,
		provenance: data.provenance,
	}
	bulk := bulkListFrom(ctx, "resources")
	m.Resources = []relatedResourceModel{}
	list := data.client.Related(query)
	for resources, err := range list.Pages(ctx) {
		if err != nil {
			diags.Append(diagnose(err, asked))
			return
		}
		for _, resource := range resources {
			if err := bulk.add(ctx, newRelatedResourceModel(resource)); err != nil {
				diags.Append(diagnose(ofTotal(err, list.Total), asked))
				return
			}
		}
	}
	m.ID = digest(relatedArguments{
		query.CustomerID, query.Relationship, query.Filter, query.Sort, query.Limit, query.Count, query.Include,
	})
	m.TotalCount = types.Int64Value(int64(list.Total))
	data.warnAbout(list.Findings, relatedNoun, diags)
	data.warnIfSlow(data.client.Stats(), diags)
}
