package provider

import (
	"context"
	"iter"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// customers reads a list of customers.
func (r *reading) customers(ctx context.Context) map[string]any {
	query := commercelayer.Query{
		Filter:    r.filter(ctx),
		IDs:       argument[[]string](ctx, r, attrIDs),
		Emails:    argument[[]string](ctx, r, attrEmails),
		Sort:      argument[[]string](ctx, r, "sort"),
		Selection: r.selection(ctx),
	}
	query.Limit, query.Count = r.limit(ctx)
	ctx, cancel := r.start(ctx)
	defer cancel()
	if r.diags.HasError() {
		return nil
	}
	asked := operation{noun: customerNoun, attribute: attrFilter, list: true, provenance: r.data.provenance}
	switch {
	case query.IDs != nil:
		asked.attribute = attrIDs
	case query.Emails != nil:
		asked.attribute = attrEmails
	}
	asked.filtered = asked.keyed() && len(query.Filter) > 0
	list := r.data.client.Customers(query)
	merged, ok := r.takeCustomers(ctx, list, asked)
	if !ok {
		return nil
	}
	r.data.warnAbout(list.Findings, customerNoun, r.diags)
	warnIfListSlow(list.Waited, r.diags)
	r.diags.Append(merged.warnings("customers")...)
	return map[string]any{
		"id": digest(customersArguments{
			query.Filter, query.IDs, query.Emails, query.Sort, query.Limit, query.Count, query.Include, query.Fields,
		}),
		"customers":   &r.result.list,
		"total_count": list.Total,
	}
}

func (r *reading) takeCustomers(ctx context.Context, list *commercelayer.Listing, asked operation) (mergedKeys, bool) {
	merged := mergedKeys{known: r.data.known}
	r.result.list.attribute = "customers"
	ok := take(r, list.Pages(ctx), asked, func(c *commercelayer.Customer) error {
		merged.look(c)
		total := list.Total
		if asked.keyed() {
			total = 0 // it is not known before the end
		}
		return r.result.list.add(customerValues(c), total)
	})
	return merged, ok
}

// take hands on the elements of all pages. It returns false after an error.
func take[T any](r *reading, pages iter.Seq2[[]T, error], asked operation, add func(T) error) bool {
	for page, err := range pages {
		for _, element := range page {
			if err == nil {
				err = add(element)
			}
		}
		if err != nil {
			r.diags.Append(diagnose(err, asked))
			return false
		}
	}
	return true
}
