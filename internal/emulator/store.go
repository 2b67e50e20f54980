package emulator

import (
	"cmp"
	"slices"
	"sync"
)

// store holds the customers of both modes and their related resources. A row in
// the store is never changed, but only replaced by another one.
type store struct {
	mu        sync.RWMutex
	customers map[bool]*collection   // the key tells whether the mode is live
	related   map[string]*collection // by type, for both modes
	sequence  int64                  // the last position of a customer, in both modes
	schema
}

func (s *store) init() {
	s.customers = map[bool]*collection{
		false: newCollection("customers", &s.sequence),
		true:  newCollection("customers", &s.sequence),
	}
	s.related = map[string]*collection{}
	s.schema = schema{relationships: relationships}
}

// collection returns the resources of a type, which may be none. The caller
// holds mu.
func (s *store) collection(kind string, live bool) *collection {
	if kind == "customers" {
		return s.customers[live]
	}
	if c := s.related[kind]; c != nil {
		return c
	}
	return newCollection(kind, new(int64))
}

// customer finds a customer by ID, and tells the customer's mode. The caller
// holds mu.
//
// Assumption (other-mode): a customer of the other mode is not found.
func (s *store) customer(id string, live bool, refuted refutations) (rec *record, itsMode bool) {
	rec, ok := s.customers[live].byID[id].(*record)
	if !ok && refuted.is(AssumeOtherMode, "served") {
		rec, _ = s.customers[!live].byID[id].(*record)
		return rec, !live
	}
	return rec, live
}

// relatedCollection finds or makes the collection of a type other than
// customers. The caller holds mu for writing.
func (s *store) relatedCollection(kind string) *collection {
	if s.related[kind] == nil {
		s.related[kind] = newCollection(kind, new(int64))
	}
	return s.related[kind]
}

// freshID returns an ID that no customer has or had. The caller holds mu.
func (s *store) freshID() string {
	for n := s.sequence + 1; ; n++ {
		id := encodeID(n)
		if !s.customers[false].knows(id) && !s.customers[true].knows(id) {
			return id
		}
	}
}

// row is a resource in the store.
type row interface {
	node
	// position is the hidden number of the ID, which sort=id and id_gt follow.
	position() int64
	setPosition(sequence int64)
	// listed tells whether lists contain the resource.
	listed() bool
}

// record is a customer in the store.
type record struct {
	Customer
	sequence int64
	document *verbatim // the document that was handed in, or nil
}

func (rec *record) position() int64            { return rec.sequence }
func (rec *record) setPosition(sequence int64) { rec.sequence = sequence }

// listed is false for a document without a resource object, because a list
// could not contain it.
func (rec *record) listed() bool {
	return rec.document == nil || rec.document.data != nil
}

// collection holds the resources of one type, or a part of them.
type collection struct {
	kind      string
	ordered   []row            // the listed resources by position
	byID      map[string]row   // all resources that can be retrieved
	positions map[string]int64 // of each ID that is or was in use
	sequence  *int64           // the last position that was given to an ID
}

func newCollection(kind string, sequence *int64) *collection {
	return &collection{kind: kind, byID: map[string]row{}, positions: map[string]int64{}, sequence: sequence}
}

// knows tells whether an ID is or was in use.
func (c *collection) knows(id string) bool {
	_, ok := c.positions[id]
	return ok
}

// put adds or replaces a resource. A deleted resource that is added again
// counts as a new resource, so it gets a new position.
func (c *collection) put(r row) {
	id := r.ref().id
	if c.byID[id] != nil {
		c.remove(id)
	} else {
		*c.sequence++
		c.positions[id] = *c.sequence
	}
	r.setPosition(c.positions[id])
	c.byID[id] = r
	if r.listed() {
		c.ordered = slices.Insert(c.ordered, c.search(r.position()), r)
	}
}

// remove deletes a resource. Its ID keeps its position.
func (c *collection) remove(id string) {
	r := c.byID[id]
	if r == nil {
		return
	}
	if r.listed() {
		i := c.search(r.position())
		c.ordered = slices.Delete(c.ordered, i, i+1)
	}
	delete(c.byID, id)
}

// search returns the index of the first resource whose position is at least
// sequence.
func (c *collection) search(sequence int64) int {
	i, _ := slices.BinarySearchFunc(c.ordered, sequence, func(r row, n int64) int {
		return cmp.Compare(r.position(), n)
	})
	return i
}

// part returns a collection of some of the resources. It knows the positions of
// all IDs, so a filter such as id_gt can also name an ID that is not in the
// part.
func (c *collection) part(refs []ref) *collection {
	p := &collection{kind: c.kind, byID: map[string]row{}, positions: c.positions}
	for _, r := range refs {
		if found := c.byID[r.id]; found != nil && p.byID[r.id] == nil {
			p.byID[r.id] = found
			p.ordered = append(p.ordered, found)
		}
	}
	slices.SortFunc(p.ordered, func(a, b row) int { return cmp.Compare(a.position(), b.position()) })
	return p
}
