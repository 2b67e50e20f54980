package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// read implements [readModel]. The customers go into the bulkList of the context,
// and not into the model. The CLI validates the arguments before each read. Only
// the filter is checked here, too: if the API ignores it, everybody is read.
func (m *customersReadModel) read(ctx context.Context, data *providerData, diags *diag.Diagnostics) {
	if diags.Append(filterErrors(path.Root(attrFilter), m.Filter)...); diags.HasError() {
		return
	}
	query := commercelayer.Query{Limit: wholeNumber(m.Limit)}
	query.Count = isKnownNumber(m.Limit) && query.Limit == 0
	diags.Append(m.Filter.ElementsAs(ctx, &query.Filter, false)...)
	diags.Append(m.IDs.ElementsAs(ctx, &query.IDs, false)...)
	diags.Append(m.Emails.ElementsAs(ctx, &query.Emails, false)...)
	diags.Append(m.Sort.ElementsAs(ctx, &query.Sort, false)...)
	query.Selection = readSelection(ctx, m.Include, m.Fields, diags)
	ctx, cancel := data.readContext(ctx, m.Timeouts, diags)
	defer cancel()
	if diags.HasError() {
		return
	}
	list := data.client.Customers(query)
	merged, ok := m.take(ctx, list, data, diags)
	if !ok {
		return
	}
	m.ID = digest(customersArguments{
		query.Filter, query.IDs, query.Emails, query.Sort, query.Limit, query.Count, query.Include, query.Fields,
	})
	m.TotalCount = types.Int64Value(int64(list.Total))
	data.warnAbout(list.Findings, customerNoun, diags)
	warnIfListSlow(list.Waited, diags)
	diags.Append(merged.warnings("customers")...)
}

// take reads all pages of a list. It returns false after an error.
func (m *customersReadModel) take(
	ctx context.Context, list *commercelayer.Listing, data *providerData, diags *diag.Diagnostics,
) (mergedKeys, bool) {
	var merged mergedKeys
	asked := m.operation(data)
	bulk := bulkListFrom(ctx, "customers")
	m.Customers = []customerModel{}
	for customers, err := range list.Pages(ctx) {
		if err != nil {
			diags.Append(diagnose(err, asked))
			return merged, false
		}
		for _, customer := range customers {
			merged.look(customer)
			err := bulk.add(ctx, newCustomerModel(customer))
			if m.IDs.IsNull() && m.Emails.IsNull() {
				// For a list of keys, the total is not known before the end.
				err = ofTotal(err, list.Total)
			}
			if err != nil {
				diags.Append(diagnose(err, asked))
				return merged, false
			}
		}
	}
	return merged, true
}

// operation describes the read, for the texts of its errors.
func (m *customersReadModel) operation(data *providerData) operation {
	o := operation{noun: customerNoun, attribute: attrFilter, list: true, provenance: data.provenance}
	switch {
	case !m.IDs.IsNull():
		o.attribute = attrIDs
	case !m.Emails.IsNull():
		o.attribute = attrEmails
	}
	o.filtered = o.keyed() && len(m.Filter.Elements()) > 0
	return o
}
