package jsonapi

import "fmt"

// Bounds says how many elements a document may have. More than any honest
// answer has, and few enough that their Go values stay far below 1 GB. A bound
// of zero is the default of the same name, except for Data.
type Bounds struct {
	// Data bounds the resources in data. It is the size of the page that was
	// asked for, which only the caller knows.
	Data int
	// Included bounds the included resources.
	Included int
	// Relationships bounds the relationships of one resource.
	Relationships int
	// AllRelationships bounds the relationships of all resources.
	AllRelationships int
	// Linkage bounds the identifiers in the linkage of all resources.
	Linkage int
	// Errors bounds the error objects.
	Errors int
	// Members bounds the members and elements, however nested, of the
	// attributes of one resource.
	Members int
}

// The defaults of [Bounds]. They start from what fits into an answer of 32 MiB.
const (
	// MaxIncluded is one resource for about 330 bytes, which is what the
	// shortest one with its links takes.
	MaxIncluded = 100_000
	// MaxRelationships is twenty times what the largest resource of the API
	// has, an order with some fifty.
	MaxRelationships = 1_000
	// MaxAllRelationships is one for about 130 bytes; a relationship with its
	// two links takes some 200.
	MaxAllRelationships = 250_000
	// MaxLinkage is two identifiers for every included resource: the shared
	// ones are named by several.
	MaxLinkage = 200_000
	// MaxErrors is ten times what anybody reads.
	MaxErrors = 100
	// MaxMembers is for metadata, whose size the customer's owner chooses. A
	// page of 25 such resources makes 250,000 values, for which 250 MB are
	// enough.
	MaxMembers = 10_000
)

func (b Bounds) withDefaults() Bounds {
	for _, bound := range []struct {
		value *int
		limit int
	}{
		{&b.Included, MaxIncluded},
		{&b.Relationships, MaxRelationships},
		{&b.AllRelationships, MaxAllRelationships},
		{&b.Linkage, MaxLinkage},
		{&b.Errors, MaxErrors},
		{&b.Members, MaxMembers},
	} {
		if *bound.value == 0 {
			*bound.value = bound.limit
		}
	}
	return b
}

// A TooManyError refuses an answer with more elements than allowed.
type TooManyError struct {
	// What was too many: a plural noun phrase.
	What string
	// Limit is how many are allowed.
	Limit int
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("the answer holds more than %d %s", e.Limit, e.What)
}

// A count of one kind of elements, and how many are allowed.
type count struct {
	what     string
	n, limit int
}

func (c *count) add(n int) error {
	if c.n += n; c.n > c.limit {
		return &TooManyError{What: c.what, Limit: c.limit}
	}
	return nil
}

// census counts the elements of a document, and stops at the first that is too
// many. It builds nothing.
type census struct {
	bounds                                          Bounds
	data, included, relationships, linkage, errored count
}

func newCensus(b Bounds) *census {
	return &census{
		bounds:        b,
		data:          count{what: "resources", limit: b.Data},
		included:      count{what: "included resources", limit: b.Included},
		relationships: count{what: "relationships", limit: b.AllRelationships},
		linkage:       count{what: "linked resources", limit: b.Linkage},
		errored:       count{what: "errors", limit: b.Errors},
	}
}

// document counts what the members of the top level hold.
func (c *census) document(top *topLevel) error {
	if kindOf(top.data) == object {
		if err := c.one(&c.data, top.data); err != nil {
			return err
		}
	}
	for raw := range elements(top.data) {
		if err := c.one(&c.data, raw); err != nil {
			return err
		}
	}
	for raw := range elements(top.included) {
		if err := c.one(&c.included, raw); err != nil {
			return err
		}
	}
	for range elements(top.errors) {
		if err := c.errored.add(1); err != nil {
			return err
		}
	}
	return nil
}

// one counts a resource and what it holds. A member that is sent twice is
// counted twice: nobody honest does that.
func (c *census) one(of *count, raw []byte) error {
	if err := of.add(1); err != nil {
		return err
	}
	ofAttributes := count{what: "members in the attributes of one resource", limit: c.bounds.Members}
	ofRelationships := count{what: "relationships of one resource", limit: c.bounds.Relationships}
	for name, value := range members(raw) {
		switch string(name) {
		case "attributes":
			if err := ofAttributes.add(countNested(value)); err != nil {
				return err
			}
		case "relationships":
			if err := c.related(&ofRelationships, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *census) related(of *count, raw []byte) error {
	for _, relationship := range members(raw) {
		if err := of.add(1); err != nil {
			return err
		}
		if err := c.relationships.add(1); err != nil {
			return err
		}
		for name, value := range members(relationship) {
			if string(name) != "data" {
				continue
			}
			if kindOf(value) == object {
				if err := c.linkage.add(1); err != nil {
					return err
				}
			}
			for range elements(value) {
				if err := c.linkage.add(1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
