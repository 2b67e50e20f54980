package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// NewCustomerRelatedDataSource returns the data source
// commercelayer_customer_related.
func NewCustomerRelatedDataSource() datasource.DataSource {
	return &dataSource{reader: reader{
		name: "customer_related",
		description: "Reads the resources that a customer is related to, such as the orders, the tags or the " +
			"customer group. If there are none, the list is empty. It is an error if there is no such customer or no " +
			"such relationship.",
		attributes: customerRelatedAttributes,
		read:       (*reading).related,
	}}
}

// related reads the resources that a customer is related to.
func (r *reading) related(ctx context.Context) map[string]any {
	query := commercelayer.RelatedQuery{
		CustomerID:   argument[types.String](ctx, r, "customer_id").ValueString(),
		Relationship: argument[types.String](ctx, r, "relationship").ValueString(),
		Filter:       r.filter(ctx),
		Sort:         argument[[]string](ctx, r, "sort"),
		Include:      argument[[]string](ctx, r, "include"),
	}
	query.Limit, query.Count = r.limit(ctx)
	ctx, cancel := r.start(ctx)
	defer cancel()
	if r.diags.HasError() {
		return nil
	}
	asked := operation{
		noun:       customerNoun,
		attribute:  attrFilter,
		value:      query.CustomerID,
		list:       true,
		related:    query.Relationship,
		provenance: r.data.provenance,
	}
	r.result.list.attribute = "resources"
	list := r.data.client.Related(query)
	if !take(r, list.Pages(ctx), asked, func(resource *commercelayer.RelatedResource) error {
		return r.result.list.add(relatedResourceValues(resource), list.Total)
	}) {
		return nil
	}
	r.data.warnAbout(list.Findings, relatedNoun, r.diags)
	r.data.warnIfSlow(r.data.client.Stats(), r.diags)
	return map[string]any{
		"id": digest(relatedArguments{
			query.CustomerID, query.Relationship, query.Filter, query.Sort, query.Limit, query.Count, query.Include,
		}),
		"resources":   &r.result.list,
		"total_count": list.Total,
	}
}
