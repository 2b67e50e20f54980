package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// Assumption is a statement about the API that no source proves. The emulator
// behaves as if it were true. WithRefuted refutes it, so that the emulator does
// the opposite. The command behind `make probe` asks an organization whether
// the assumption holds.
//
// Comments say "Assumption (name)" where the emulator relies on it.
type Assumption struct {
	Name        string       // never changes, because options, reports and comments use it
	Assumed     string       // the statement
	IfWrong     string       // what happens to a configuration if the statement is wrong
	Refutations []Refutation // how WithRefuted refutes it, the default way first
}

// Refutation is one way in which an assumption may be wrong.
type Refutation struct {
	Way     string // unique within the assumption
	Answers string // what the emulator does instead
}

// Options lists what WithRefuted takes for this assumption.
func (a Assumption) Options() []string {
	options := make([]string, len(a.Refutations))
	for i, refutation := range a.Refutations {
		options[i] = a.Name + ":" + refutation.Way
	}
	return options
}

// assumptions lists all assumptions in the order of their declarations.
var assumptions []Assumption

// assume adds an assumption to the list and returns its name.
func assume(name, assumed, ifWrong string, refutations ...Refutation) string {
	assumptions = append(assumptions, Assumption{name, assumed, ifWrong, refutations})
	return name
}

// Assumptions lists all assumptions. It begins with the one that does most harm
// if it is wrong.
func Assumptions() []Assumption { return slices.Clone(assumptions) }

// parseRefutation splits an option into the name of an assumption and a way.
func parseRefutation(option string) (name, way string, err error) {
	name, way, named := strings.Cut(option, ":")
	i := slices.IndexFunc(assumptions, func(a Assumption) bool { return a.Name == name })
	if i < 0 {
		return "", "", fmt.Errorf("no assumption is called %q", name)
	}
	known := assumptions[i].Refutations
	switch {
	case !named:
		way = known[0].Way
	case !slices.ContainsFunc(known, func(r Refutation) bool { return r.Way == way }):
		return "", "", fmt.Errorf("%q can't be refuted in the way %q, use one of %s", name, way,
			strings.Join(assumptions[i].Options(), ", "))
	}
	return name, way, nil
}

// CheckRefutation returns an error if WithRefuted does not know the option.
func CheckRefutation(option string) error {
	_, _, err := parseRefutation(option)
	return err
}

// WithRefuted refutes assumptions: the emulator behaves as if they were wrong.
// An option is the name of an assumption, such as "id-in", or the name and a
// way, such as "id-in:ignored". WithRefuted panics if it does not know the
// option. CheckRefutation tells before.
func WithRefuted(options ...string) Option {
	return func(e *Emulator) {
		for _, option := range options {
			name, way, err := parseRefutation(option)
			if err != nil {
				panic("emulator: " + err.Error())
			}
			e.refuted[name] = way
		}
	}
}

// refutations has the way of each assumption that is refuted.
type refutations map[string]string

// is tells whether an assumption is refuted in this way.
func (r refutations) is(name, way string) bool { return r[name] == way }

// code returns the error code to answer with. It is a general one if the
// assumption about the code is refuted.
func (r refutations) code(name, code string) string {
	if r.is(name, wayCode) {
		return "BAD_REQUEST"
	}
	return code
}
