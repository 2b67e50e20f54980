package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// Assumption is something about the API that no source proves and that the
// emulator takes for true. Comments name it as "Assumption (name)", WithRefuted
// turns it round, and the command behind `make probe` asks an organization
// whether it holds.
type Assumption struct {
	Name    string       // stable: options, probes, reports and comments use it
	Assumed string       // what is taken for true
	IfWrong string       // what it means for a configuration if it is not
	Turned  []Refutation // how WithRefuted turns it round; the first is the default
}

// Refutation is one way in which an assumption may be wrong.
type Refutation struct {
	Way     string // unique within the assumption
	Answers string // what the emulator does then
}

// Options lists what WithRefuted takes for this assumption.
func (a Assumption) Options() []string {
	options := make([]string, len(a.Turned))
	for i, refutation := range a.Turned {
		options[i] = a.Name + ":" + refutation.Way
	}
	return options
}

// Assumptions lists all of them, the one that does most harm if it is wrong
// first.
func Assumptions() []Assumption { return slices.Clone(assumptions) }

// CheckRefutation says what is wrong with an option of WithRefuted, nil for
// nothing.
func CheckRefutation(option string) error {
	name, way, named := strings.Cut(option, ":")
	i := slices.IndexFunc(assumptions, func(a Assumption) bool { return a.Name == name })
	if i < 0 {
		return fmt.Errorf("no assumption is called %q", name)
	}
	known := slices.ContainsFunc(assumptions[i].Turned, func(r Refutation) bool { return r.Way == way })
	if named && !known {
		return fmt.Errorf("no way to refute %q is called %q, use one of %s", name, way,
			strings.Join(assumptions[i].Options(), ", "))
	}
	return nil
}

// WithRefuted turns assumptions round: the emulator behaves as if the API did
// what the assumption says it does not. An option is an assumption's name, or
// the name with one of its ways behind a colon. WithRefuted panics when there
// is no such assumption or way; CheckRefutation asks first.
func WithRefuted(options ...string) Option {
	return func(e *Emulator) {
		for _, option := range options {
			if err := CheckRefutation(option); err != nil {
				panic("emulator: " + err.Error())
			}
			name, way, named := strings.Cut(option, ":")
			if !named {
				i := slices.IndexFunc(assumptions, func(a Assumption) bool { return a.Name == name })
				way = assumptions[i].Turned[0].Way
			}
			e.refuted[name] = way
		}
	}
}

// refutations says which assumptions are turned round and how.
type refutations map[string]string

// is says whether an assumption is turned round in this way.
func (r refutations) is(name, way string) bool { return r[name] == way }

// code is the error code to answer with: a general one when the assumption
// about the code is turned round.
func (r refutations) code(name, code string) string {
	if r.is(name, wayCode) {
		return "BAD_REQUEST"
	}
	return code
}
