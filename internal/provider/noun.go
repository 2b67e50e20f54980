package provider

// A noun is what texts call the resources that are read.
type noun struct{ one, many string }

var (
	customerNoun = noun{"customer", "customers"}
	relatedNoun  = noun{"related resource", "related resources"}
)

// placeholders are pairs for [strings.NewReplacer]: the noun in its forms.
func (n noun) placeholders() []string {
	return []string{"{One}", capital(n.one), "{one}", n.one, "{Many}", capital(n.many), "{many}", n.many}
}

// number is a number of resources, such as 1 customer.
func (n noun) number(count int) string {
	return thousands(count) + " " + either(count == 1, n.one, n.many)
}
