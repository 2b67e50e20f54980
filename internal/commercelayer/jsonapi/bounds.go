package jsonapi

import "fmt"

// How many elements a document may have, apart from the resources in data. The
// bounds are more than any real document has, and so few that their Go values
// stay far below 1 GB. They start from what fits into a body of 32 MiB.
const (
	// MaxIncluded allows one resource for about 330 bytes. The shortest resource
	// with its links takes that much.
	MaxIncluded = 100_000
	// MaxRelationships is twenty times the number of relationships of an order,
	// which has the most in the API: about fifty.
	MaxRelationships = 1_000
	// MaxAllRelationships allows one relationship for about 130 bytes. A
	// relationship with its two links takes about 200.
	MaxAllRelationships = 250_000
	// MaxLinkage allows two identifiers for each included resource, because
	// several resources may refer to the same one.
	MaxLinkage = 200_000
	// MaxErrors is ten times what a person reads.
	MaxErrors = 100
	// MaxMembers is meant for metadata, which can be as large as its author likes.
	// A page of 25 such resources has 250,000 values, which take 250 MB at most.
	MaxMembers = 10_000
)

// A TooManyError refuses a document that has more elements than allowed.
type TooManyError struct {
	// What names the elements: a plural noun phrase.
	What string
	// Limit is how many are allowed.
	Limit int
}

func (e *TooManyError) Error() string {
	return fmt.Sprintf("the answer holds more than %d %s", e.Limit, e.What)
}

// A count is the number of elements of one kind, and how many are allowed.
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

// A census counts the elements of a document, and stops at the first element
// over a bound. It builds no value.
type census struct {
	data, included, relationships, linkage, errored count
}

func newCensus(resources int) *census {
	return &census{
		data:          count{what: "resources", limit: resources},
		included:      count{what: "included resources", limit: MaxIncluded},
		relationships: count{what: "relationships", limit: MaxAllRelationships},
		linkage:       count{what: "linked resources", limit: MaxLinkage},
		errored:       count{what: "errors", limit: MaxErrors},
	}
}

// document counts the elements in the top-level members.
func (c *census) document(top *topLevel) error {
	for raw := range oneOrMany(top.data) {
		if err := c.resource(&c.data, raw); err != nil {
			return err
		}
	}
	for raw := range elements(top.included) {
		if err := c.resource(&c.included, raw); err != nil {
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

// resource counts a resource and its elements. A member that is sent twice
// counts twice, because real servers do not send one twice.
func (c *census) resource(of *count, raw []byte) error {
	if err := of.add(1); err != nil {
		return err
	}
	ofAttributes := count{what: "members in the attributes of one resource", limit: MaxMembers}
	ofRelationships := count{what: "relationships of one resource", limit: MaxRelationships}
	for name, value := range Members(raw) {
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
	for _, relationship := range Members(raw) {
		if err := of.add(1); err != nil {
			return err
		}
		if err := c.relationships.add(1); err != nil {
			return err
		}
		for name, value := range Members(relationship) {
			if string(name) != "data" {
				continue
			}
			for range oneOrMany(value) {
				if err := c.linkage.add(1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
