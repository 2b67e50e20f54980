package commercelayer

import "slices"

// A FindingKind says what was found about an answer.
type FindingKind uint8

// The kinds of findings. None of them is certain enough to be an error.
const (
	// FindingIncomplete: fewer resources were read (Read) than the API counts
	// (Counted). Changed is set if the list was seen to change meanwhile.
	FindingIncomplete FindingKind = iota + 1
	// FindingChanged: the list was seen to change while it was read by page number.
	// Resources may be missing, although Read is what the API counts.
	FindingChanged
	// FindingUnordered: the API does not list by ID as expected, so the list was
	// read by page number.
	FindingUnordered
	// FindingUncounted: the API does not tell how many resources match. Read of
	// them were read, as many as the limit allows.
	FindingUncounted
	// FindingFilterDoubt: the API may have ignored a part of the filter, because
	// as many resources match with it (Read) as without it (Counted).
	FindingFilterDoubt
	// FindingUnmatched: the resource ID does not match the predicate Name, although
	// the API did apply it.
	FindingUnmatched
	// FindingUnsorted: the resources are not in the order of the attribute Name.
	FindingUnsorted
	// FindingNotIncluded: nothing in the answers shows that include was obeyed.
	FindingNotIncluded
	// FindingMissing: a resource lacks the attribute Name, which every organization
	// has.
	FindingMissing
)

// A Finding says why a result may not be exactly what was asked for.
type Finding struct {
	Kind FindingKind
	// Read and Counted are numbers of resources.
	Read, Counted int
	Changed       bool
	// ID is the ID of a resource. Name is the name of an attribute or a predicate.
	ID, Name string
}

// Findings are what was found about the answers to one question, at most one
// finding of a kind and a name.
type Findings []Finding

// Of returns the finding of a kind, or nil if there is none.
func (f Findings) Of(kind FindingKind) *Finding {
	if i := slices.IndexFunc(f, func(one Finding) bool { return one.Kind == kind }); i >= 0 {
		return &f[i]
	}
	return nil
}

// add adds a finding. Numbers of two parts of one result are added up.
func (f *Findings) add(found Finding) {
	for i := range *f {
		if one := &(*f)[i]; one.Kind == found.Kind && one.Name == found.Name {
			one.Read, one.Counted = one.Read+found.Read, one.Counted+found.Counted
			one.Changed = one.Changed || found.Changed
			return
		}
	}
	*f = append(*f, found)
}
