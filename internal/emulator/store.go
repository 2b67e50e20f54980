package emulator

import (
	"cmp"
	"slices"
	"sync"
)

// store holds the customers of both modes and their related resources.
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

// collection returns the resources of a type, which may be none. live is the
// mode of the token, because a token only sees customers of its mode. The caller
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

// resolve finds a resource. The caller holds mu.
func (s *store) resolve(r ref, live bool) *resource {
	return s.collection(r.kind, live).byID[r.id]
}

// put adds or replaces a resource. The caller holds mu for writing.
func (s *store) put(r *resource, live bool) {
	c := s.collection(r.kind, live)
	if r.kind != "customers" {
		s.related[r.kind] = c
	}
	c.put(r)
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

// collection holds the resources of one type, or a part of them.
type collection struct {
	kind      string
	ordered   []*resource          // the listed resources by position
	byID      map[string]*resource // all resources that can be retrieved
	positions map[string]int64     // of each ID that is or was in use
	sequence  *int64               // the last position that was given to an ID
}

func newCollection(kind string, sequence *int64) *collection {
	return &collection{kind: kind, byID: map[string]*resource{}, positions: map[string]int64{}, sequence: sequence}
}

// knows tells whether an ID is or was in use.
func (c *collection) knows(id string) bool {
	_, ok := c.positions[id]
	return ok
}

// put adds or replaces a resource. A deleted resource that is added again
// counts as a new resource, so it gets a new position.
func (c *collection) put(r *resource) {
	if c.byID[r.id] != nil {
		c.remove(r.id)
	} else {
		*c.sequence++
		c.positions[r.id] = *c.sequence
	}
	r.position = c.positions[r.id]
	c.byID[r.id] = r
	if r.listed() {
		c.ordered = slices.Insert(c.ordered, c.search(r.position), r)
	}
}

// remove deletes a resource. Its ID keeps its position.
func (c *collection) remove(id string) {
	r := c.byID[id]
	if r == nil {
		return
	}
	if r.listed() {
		i := c.search(r.position)
		c.ordered = slices.Delete(c.ordered, i, i+1)
	}
	delete(c.byID, id)
}

// search returns the index of the first resource whose position is at least
// sequence.
func (c *collection) search(sequence int64) int {
	i, _ := slices.BinarySearchFunc(c.ordered, sequence, func(r *resource, n int64) int {
		return cmp.Compare(r.position, n)
	})
	return i
}

// part returns a collection of some of the resources. It knows the positions of
// all IDs, so a filter such as id_gt can also name an ID that is not in the
// part.
func (c *collection) part(ids []string) *collection {
	p := &collection{kind: c.kind, byID: map[string]*resource{}, positions: c.positions}
	for _, id := range ids {
		if found := c.byID[id]; found != nil && found.listed() && p.byID[id] == nil {
			p.byID[id] = found
			p.ordered = append(p.ordered, found)
		}
	}
	slices.SortFunc(p.ordered, func(a, b *resource) int { return cmp.Compare(a.position, b.position) })
	return p
}
