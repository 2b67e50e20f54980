package emulator

import (
	"cmp"
	"slices"
	"sync"
)

// store holds the customers of both modes and what they are related to.
// Rows are never changed once they are in it, only replaced.
type store struct {
	mu        sync.RWMutex
	customers map[bool]*collection   // by live
	related   map[string]*collection // by type, of both modes
	sequence  int64                  // of the customers of both modes
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

// collection finds the resources of a type, or an empty collection; mu is held.
func (s *store) collection(kind string, live bool) *collection {
	if kind == "customers" {
		return s.customers[live]
	}
	if c := s.related[kind]; c != nil {
		return c
	}
	return newCollection(kind, new(int64))
}

// customer finds a customer by id, and the mode that it is of; mu is held.
//
// Assumption (other-mode): one of the other mode is not found.
func (s *store) customer(id string, live bool, refuted refutations) (rec *record, itsMode bool) {
	rec, ok := s.customers[live].byID[id].(*record)
	if !ok && refuted.is(AssumeOtherMode, "served") {
		rec, _ = s.customers[!live].byID[id].(*record)
		return rec, !live
	}
	return rec, live
}

// relatedCollection finds or makes the collection of a type other than
// customers; mu is held for writing.
func (s *store) relatedCollection(kind string) *collection {
	if s.related[kind] == nil {
		s.related[kind] = newCollection(kind, new(int64))
	}
	return s.related[kind]
}

// freshID makes an id that no customer has or had; mu is held.
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
	// place is the hidden number that sorting and comparing by id follow.
	place() int64
	setPlace(sequence int64)
	// listed says whether lists show the resource.
	listed() bool
}

// record is a customer in the store.
type record struct {
	Customer
	sequence int64
	document *verbatim // what to serve instead, nil for none
}

func (rec *record) place() int64            { return rec.sequence }
func (rec *record) setPlace(sequence int64) { rec.sequence = sequence }

// listed is false for a document without a resource object: it is only there to
// be retrieved.
func (rec *record) listed() bool {
	return rec.document == nil || rec.document.data != nil
}

// collection holds the resources of one type, or a part of them.
type collection struct {
	kind     string
	ordered  []row            // the listed ones by place
	byID     map[string]row   // all that can be retrieved
	places   map[string]int64 // of everything there is or was
	sequence *int64           // the last place given
}

func newCollection(kind string, sequence *int64) *collection {
	return &collection{kind: kind, byID: map[string]row{}, places: map[string]int64{}, sequence: sequence}
}

// knows says whether an id is or was in use.
func (c *collection) knows(id string) bool {
	_, ok := c.places[id]
	return ok
}

// put adds or replaces a resource. A deleted one that comes back is a new one
// and gets a new place.
func (c *collection) put(r row) {
	id := r.ref().id
	if c.byID[id] != nil {
		c.remove(id)
	} else {
		*c.sequence++
		c.places[id] = *c.sequence
	}
	r.setPlace(c.places[id])
	c.byID[id] = r
	if r.listed() {
		c.ordered = slices.Insert(c.ordered, c.search(r.place()), r)
	}
}

// remove takes a resource away and keeps its place.
func (c *collection) remove(id string) {
	r := c.byID[id]
	if r == nil {
		return
	}
	if r.listed() {
		i := c.search(r.place())
		c.ordered = slices.Delete(c.ordered, i, i+1)
	}
	delete(c.byID, id)
}

// search is the index of the first resource at or behind a place.
func (c *collection) search(sequence int64) int {
	i, _ := slices.BinarySearchFunc(c.ordered, sequence, func(r row, n int64) int {
		return cmp.Compare(r.place(), n)
	})
	return i
}

// part is the collection of some of the resources. IDs of the others keep their
// places, so that a comparison with one of them goes on working.
func (c *collection) part(refs []ref) *collection {
	p := &collection{kind: c.kind, byID: map[string]row{}, places: c.places}
	for _, r := range refs {
		if found := c.byID[r.id]; found != nil && p.byID[r.id] == nil {
			p.byID[r.id] = found
			p.ordered = append(p.ordered, found)
		}
	}
	slices.SortFunc(p.ordered, func(a, b row) int { return cmp.Compare(a.place(), b.place()) })
	return p
}
