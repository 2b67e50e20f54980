package commercelayer

import "sync/atomic"

// MaxResultBytes bounds the answers that one result is made of, in bytes. A
// message of Terraform's plugin protocol can't be larger.
const MaxResultBytes = 256 << 20

// A budget counts the bytes of the answers that one result is made of. The
// requests of one result share it. Nothing is forecast: resources differ in
// size, and a guess would refuse results that fit.
type budget struct {
	bytes atomic.Int64
	bound int64
}

// spend returns an error once a result is too large. read is how many resources
// it has so far.
func (b *budget) spend(n, read int) *Error {
	if b.bytes.Add(int64(n)) > b.bound {
		return &Error{Class: ErrResultTooLarge, Count: read}
	}
	return nil
}
