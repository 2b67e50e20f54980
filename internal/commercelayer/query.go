package commercelayer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// filterKey returns the query parameter of a filter (documented).
func filterKey(predicate string) string { return "filter[q][" + predicate + "]" }

var (
	includeForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}$`)
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	sortForm    = regexp.MustCompile(`^-?[a-z][a-z0-9_]*$`)
)

// CheckInclude returns an error unless the path is the name of a relationship,
// such as customer_group, or up to three names joined by dots. It checks only
// the form.
func CheckInclude(path string) error {
	return checkForm(includeForm, path, "a relationship, such as customer_group. Up to three names may be joined by "+
		"dots, such as orders.shipments")
}

// CheckField returns an error unless the name has the form of an attribute's or
// a relationship's name, such as status or customer_group.
func CheckField(name string) error {
	return checkForm(nameForm, name, "an attribute or a relationship, such as status or customer_group")
}

// CheckRelationship returns an error unless the name has the form of a
// relationship's name. It becomes the last part of a path.
func CheckRelationship(name string) error {
	return checkForm(nameForm, name, "a relationship, such as orders")
}

// CheckSort returns an error unless the key has the form of an attribute's
// name, with or without a hyphen in front of it, which means descending order.
func CheckSort(key string) error {
	return checkForm(sortForm, key, "an attribute, such as created_at. Only a hyphen may stand before the name, such "+
		"as -created_at")
}

func checkForm(form *regexp.Regexp, text, of string) error {
	if !form.MatchString(text) {
		return fmt.Errorf("%q is not the name of %s", redact.Name(text), of)
	}
	return nil
}

// CheckID returns an error if an ID can't be the last part of a path. Nothing
// else is known about the form of IDs.
func CheckID(id string) error {
	stray := FindStray(id)
	switch {
	case strings.TrimSpace(id) == "":
		return errors.New("the ID is empty")
	case stray.Found():
		return fmt.Errorf("the ID %s", stray)
	case strings.ContainsFunc(id, unicode.IsSpace):
		return errors.New("the ID contains a blank")
	case strings.ContainsAny(id, "/?#"):
		return errors.New("the ID contains one of the characters / ? #: give the ID alone, not a URL")
	case id == ".":
		return errors.New("the ID is only a dot")
	case strings.Contains(id, ".."):
		return errors.New("the ID contains two dots in a row")
	}
	return nil
}

// CheckListed returns an error if a value can't stand in a list with commas
// between the values. The API documents no way to escape a comma.
func CheckListed(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("the value is empty")
	case strings.ContainsRune(value, ','):
		return errors.New("the value contains a comma")
	case FindStray(value).Found():
		return fmt.Errorf("the value %s", FindStray(value))
	case strings.ContainsFunc(value, unicode.IsSpace):
		return errors.New("the value contains a blank")
	}
	return nil
}
