package provider

import "strings"

// A noun is what texts call the resources that are read.
type noun struct{ one, many string }

var (
	customerNoun = noun{"customer", "customers"}
	relatedNoun  = noun{"related resource", "related resources"}
)

// number is a number of resources, such as 1 customer.
func (n noun) number(count int) string {
	return thousands(count) + " " + either(count == 1, n.one, n.many)
}

// capital begins a title.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
