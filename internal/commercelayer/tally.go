package commercelayer

// A tally compares the counts of a list with what came. Counts lag behind, and
// resources come and go while a list is read. So a difference alone tells
// little.
type tally struct {
	// first and last are the first and the last count of the whole list, or -1.
	// total is how many resources it should have by all that was told, or -1.
	first, last, total int
	// changed is set if two counts differ. fell is set if one was lower than the one
	// before: resources were deleted meanwhile.
	changed, fell bool
}

func newTally() tally { return tally{first: -1, last: -1, total: -1} }

// counted notes a count of the whole list. It is -1 if none was told.
func (t *tally) counted(n int) {
	switch {
	case n < 0:
		return
	case t.last < 0:
		t.first = n
	default:
		t.changed, t.fell = t.changed || n != t.last, t.fell || n < t.last
	}
	t.last, t.total = n, n
}

// atLeast notes how many resources the list should have by a count of a part.
func (t *tally) atLeast(n int) { t.total = max(t.total, n) }

// lacks returns how many resources are missing.
func (v *verdict) lacks() int { return max(0, v.total-len(v.seen)) }

// uncounted tells whether a list that was not read to its end lacks a count that
// agrees with what came. next tells whether links.next was there.
func (v *verdict) uncounted(next bool) bool {
	return v.total < len(v.seen) || next && v.total == len(v.seen)
}

// grew tells whether all that was there at the beginning has come, and only
// newcomers are missing.
func (v *verdict) grew() bool { return !v.fell && v.total > v.first && len(v.seen) >= v.first }

// conclude judges the number of resources of a list that was read by page
// number. If a count fell, resources have moved forward past the end of a page,
// and may have been missed. If the counts only grew, nothing was missed.
func (v *verdict) conclude() {
	read := len(v.seen)
	switch {
	case v.grew():
		v.total = read
	case v.lacks() > 0:
		v.findings.add(Finding{Kind: FindingIncomplete, Read: read, Counted: v.total, Changed: v.changed})
	case v.fell:
		v.findings.add(Finding{Kind: FindingChanged, Read: read})
	}
}
