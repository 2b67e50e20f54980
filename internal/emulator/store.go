package emulator

import (
	"cmp"
	"slices"
	"sync"
)

// store holds the customers of both modes and what they are related to.
// Records are never changed once they are in it, only replaced.
type store struct {
	mu        sync.RWMutex
	sequence  int64
	customers map[bool]*collection // by live
	related   map[ref]*resource
	schema
}

func (s *store) init() {
	s.customers = map[bool]*collection{false: newCollection(), true: newCollection()}
	s.related = map[ref]*resource{}
	s.schema = schema{relationships: relationships}
}

// next is the next number of the hidden sequence; mu is held.
func (s *store) next() int64 {
	s.sequence++
	return s.sequence
}

// freshID makes an id that no customer has or had; mu is held.
func (s *store) freshID() string {
	for n := s.sequence + 1; ; n++ {
		id := encodeID(n)
		if s.customers[false].byID[id] == nil && s.customers[true].byID[id] == nil {
			return id
		}
	}
}

// record is a customer in the store.
type record struct {
	Customer
	sequence int64
	document *verbatim // what to serve instead, nil for none
	gone     bool      // deleted: only its place in the sequence is left
}

// collection holds the customers of one mode.
type collection struct {
	ordered []*record // the listed ones by sequence, without deleted ones
	byID    map[string]*record
}

func newCollection() *collection {
	return &collection{byID: map[string]*record{}}
}

// get finds a customer that is not deleted.
func (c *collection) get(id string) *record {
	if rec := c.byID[id]; rec != nil && !rec.gone {
		return rec
	}
	return nil
}

// put adds or replaces a customer. A deleted one that comes back is a new one
// and gets a new place.
func (c *collection) put(rec *record, s *store) {
	if old := c.get(rec.ID); old != nil {
		c.remove(rec.ID)
		rec.sequence = old.sequence
	} else {
		rec.sequence = s.next()
	}
	c.byID[rec.ID] = rec
	if rec.listed() {
		c.ordered = slices.Insert(c.ordered, c.search(rec.sequence), rec)
	}
}

// listed says whether the collection shows the customer: a document without a
// resource object is only there to be retrieved.
func (rec *record) listed() bool {
	return rec.document == nil || rec.document.data != nil
}

func (c *collection) remove(id string) {
	rec := c.get(id)
	if rec == nil {
		return
	}
	if rec.listed() {
		i := c.search(rec.sequence)
		c.ordered = slices.Delete(c.ordered, i, i+1)
	}
	c.byID[id] = &record{Customer: Customer{ID: id}, sequence: rec.sequence, gone: true}
}

// search is the index of the first customer at or behind a place.
func (c *collection) search(sequence int64) int {
	i, _ := slices.BinarySearchFunc(c.ordered, sequence, func(rec *record, n int64) int {
		return cmp.Compare(rec.sequence, n)
	})
	return i
}
