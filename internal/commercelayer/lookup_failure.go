package commercelayer

import (
	"context"
	"errors"
	"net/http"
	"slices"
)

// refusesList tells whether an error shows that the API refuses the list. A
// single read may then still work. It does not count errors that a single read
// would have, too, or that may pass.
func refusesList(e *Error) bool {
	if slices.Contains([]string{"INVALID_INCLUDE", "INVALID_FIELD"}, e.Code()) {
		return false
	}
	return e.Class == ErrBadRequest && e.Status != http.StatusLocked || e.Class == ErrNoList || forbids(e)
}

// forbids tells whether a request was refused because of who sent it.
func forbids(e *Error) bool { return e.Class == ErrPermission || e.Class == ErrBlocked }

// listFailed decides what happens to keys after the request for all of them has
// failed. If the API refuses to list customers, it often refuses to read them,
// too. If it fails with 500, one record may be the reason, or the whole API. So
// some of the keys are asked for alone. If they fail as well, all readers get
// the error of the list, and no more requests are wasted on it.
func (c *Client) listFailed(ctx context.Context, err error, l *lookup, keys []string) (map[string]lookupResult, error) {
	err = listError(err)
	failure, ok := errors.AsType[*Error](err)
	if !ok || failure.TokenRequest {
		return nil, err
	}
	witnesses := 0
	fails := forbids
	switch {
	case forbids(failure):
		witnesses = 1
	case breaks(failure):
		witnesses, fails = 2, breaks
	case failure.Class == ErrTooLarge:
		return nil, nil // the answers for single customers may be small enough
	case !refusesList(failure):
		return nil, err
	}
	answered := map[string]lookupResult{}
	for _, one := range keys[:witnesses] {
		got, _, err := l.alone.Get(ctx, one)
		if own, ok := errors.AsType[*Error](err); ok {
			got = lookupResult{err: own}
		} else if err != nil {
			return nil, err
		}
		answered[one] = got
		if got.err == nil || !fails(got.err) {
			witnesses = 0 // the API answers for a single customer
			break
		}
	}
	if witnesses > 0 {
		return nil, failure
	}
	if !breaks(failure) {
		c.goAlone(ctx, l)
	}
	return answered, nil
}

// breaks tells whether the API failed with an error that may belong to one
// record.
func breaks(e *Error) bool {
	return e.Class == ErrServer && e.Status < http.StatusBadGateway && !e.TokenRequest
}

// goAlone stops one kind of list request for the rest of the run.
func (c *Client) goAlone(ctx context.Context, l *lookup) {
	if !l.refused.Swap(true) {
		c.notice(ctx, l.key.notice)
	}
}
