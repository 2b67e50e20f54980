package commercelayer

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// maxNames is how many relationships an error names.
const maxNames = 40

// missing finds out what a 404 or a 400 means. The customer may not exist, or
// the relationship may not exist, or there may be no related resource. missing
// requests the customer, which tells, after a 404 with the relationship
// included. It returns nil if there is no related resource.
func (l *RelatedListing) missing(ctx context.Context, refusal *Error) error {
	id, name := l.query.CustomerID, l.query.Relationship
	fields := fieldset{all: true}
	if refusal.Class == ErrNotFound {
		fields.include = name
	}
	got, err := l.client.roundTrip(ctx, l.progress, func() *request { return singleRequest(id, fields) })
	if fields.include != "" && errors.Is(err, ErrBadRequest) {
		// The relationship can't be included. The customer names those that can.
		fields.include = ""
		got, err = l.client.roundTrip(ctx, l.progress, func() *request { return singleRequest(id, fields) })
	}
	if err != nil {
		failure := l.operation.failure(ctx, err, l.progress)
		if errors.Is(failure, ErrNotFound) && refusal.Class == ErrNotFound {
			return refusal
		}
		return failure
	}
	read := l.client.readOne(ctx, l.progress, got, id, fields)
	if read.err != nil {
		return l.operation.failure(ctx, read.err, l.progress)
	}
	relationship, there := read.customer.Relationships[name]
	switch {
	case !there:
		now := l.progress.snapshot()
		refusal.Class, refusal.Reason = ErrNoRelationship, namesOf(read.customer, now.secrets)
		refusal.withhold(now.secrets)
		return refusal
	case refusal.Class != ErrNotFound:
		return refusal
	case relationship.Data == nil:
		return l.operation.failure(ctx, malformed("the API did not find the relationship %q, and the customer does not "+
			"tell whether anything is related", redact.Name(name)), l.progress)
	case len(relationship.Data) > 0:
		unserved := malformed("the customer has %d related resources, and they are not found", len(relationship.Data))
		return l.operation.failure(ctx, unserved, l.progress)
	}
	l.Outcome = Outcome{}
	return nil
}

// namesOf lists the relationships of a customer, for a person who may have
// misspelled a name.
func namesOf(c *Customer, secrets redact.Secrets) string {
	names := slices.Sorted(maps.Keys(c.Relationships))
	if len(names) == 0 {
		return "the customer has no relationships"
	}
	for i, name := range names {
		names[i] = secrets.Name(name)
	}
	if len(names) > maxNames {
		names = append(names[:maxNames], "and others")
	}
	return "the customer has the relationships " + strings.Join(names, ", ")
}
