package commercelayer

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"
)

// An expectation is what was asked, as far as answers can be compared with it.
type expectation struct {
	// noun and nouns name one resource and several resources.
	noun, nouns string
	// ofType is the JSON:API type of the resources. It is empty if any type will
	// do: the API's own description is unsure of the types of related resources.
	ofType string
	// everywhere names the attributes that every organization has.
	everywhere []string
	// fields is what was asked for of each resource, for checks too.
	fields fieldset
	// by and keys are set if the resources were selected by keys.
	by   *keyKind
	keys []string
	// filter maps predicates to values.
	filter map[string]string
	// sort names the attributes of the order.
	sort []string
	// mode is the only mode that is allowed, or empty.
	mode string
	// same tells whether two resources of a document have the same content.
	same func(document *jsonapi.Document, a, b *jsonapi.Resource) bool
}

// A verdict compares the answers to one question with what was asked. It is
// shown each document and knows what came before. It has three steps: an error
// if the data is certainly not what was asked for, a finding if the result is
// incomplete or in doubt, and nothing if only a belief is hurt that nobody has
// proved. It sends nothing: what needs another request is asked by the pager.
type verdict struct {
	expectation

	// seen holds the resources so far. repeated counts those that came in more
	// than one document.
	seen     map[Identifier]bool
	repeated int
	// doubled counts the resources that came twice in one document.
	doubled int
	// mode and organization are those of the resources so far, if they told.
	mode, organization string
	// included is set once a document shows that include was obeyed.
	included bool
	// asked holds the keys in the form in which they are compared.
	asked map[string]bool
	// conditions are the predicates that can be compared here. doubted maps each
	// predicate in doubt to the ID of a resource that does not match, or to "" if
	// it could not be compared. applied holds those about which the API was asked,
	// and whether it was seen to apply them.
	conditions map[string]filter.Condition
	doubted    map[string]string
	applied    map[string]bool

	tally
	findings Findings
}

func newVerdict(e expectation) *verdict {
	v := &verdict{
		expectation: e, seen: map[Identifier]bool{}, tally: newTally(),
		conditions: newConditions(e.filter), doubted: map[string]string{}, applied: map[string]bool{},
	}
	unwanted := func(name string) bool { return !e.fields.wants(name) }
	v.everywhere = slices.DeleteFunc(slices.Clone(e.everywhere), unwanted)
	if e.by != nil {
		v.asked = map[string]bool{}
		for _, one := range e.keys {
			v.asked[e.by.fold(one)] = true
		}
	}
	return v
}

// newConditions reads the predicates that can be compared without the API.
// Times are not compared, because there are several ways to write the same
// time. In the API the names of all times end in _at.
func newConditions(predicates map[string]string) map[string]filter.Condition {
	conditions := map[string]filter.Condition{}
	for predicate, value := range predicates {
		isTime := func(name string) bool { return strings.HasSuffix(name, "_at") }
		c, ok := filter.NewCondition(predicate, value, func(name string) bool { return !isTime(name) })
		if ok {
			conditions[predicate] = c
		}
	}
	return conditions
}

// A judged is a resource of a document, or the reason why it can't be used.
type judged struct {
	id       string
	resource *jsonapi.Resource
	err      *Error
}

// one judges the answer to the request for the resource with the ID.
func (v *verdict) one(body []byte, id string, token Claims) (*jsonapi.Document, *jsonapi.Resource, *Error) {
	document, failure := decodeOne(body, v.noun)
	if failure != nil {
		return nil, nil, failure
	}
	one := v.judge(document, token)[0]
	if one.id != id && (one.err == nil || one.err.Class == ErrWrongMode) {
		one.err = mismatch("the answer holds the " + v.noun + " " + inQuotes(one.id))
	}
	return document, one.resource, one.err
}

// judge compares each resource of a document with what was asked. Equal
// resources are one.
func (v *verdict) judge(document *jsonapi.Document, token Claims) []judged {
	var list []judged
	first := map[Identifier]int{}
	for _, item := range document.Items {
		one := judged{id: item.ID, resource: item.Resource}
		switch {
		case item.Err != nil:
			one.err = documentError(item.Err).named(v.noun, item.ID)
		default:
			one.err = v.check(document, item.Resource, token)
			i, twice := first[item.Resource.Identifier]
			switch {
			case !twice:
				first[item.Resource.Identifier] = len(list)
			case v.same(document, list[i].resource, item.Resource):
				v.doubled++
				continue
			default:
				one.err = malformed("the answer holds %q twice, with different content", redact.Name(item.ID))
				list[i].err = one.err
			}
		}
		list = append(list, one)
	}
	return list
}

// check judges one resource by itself: its type, its mode, the modes that it includes,
// and its attributes.
func (v *verdict) check(document *jsonapi.Document, r *jsonapi.Resource, token Claims) *Error {
	if v.ofType != "" && r.Type != v.ofType {
		return mismatch("the answer holds a resource of the type " + inQuotes(r.Type) + " instead of " + inQuotes(v.ofType))
	}
	if failure := checkMode(v.expectation.mode, r.Mode, token); failure != nil {
		return failure
	}
	for _, included := range document.Reachable(r) {
		if failure := checkMode(v.expectation.mode, included.Mode, token); included.Mode != nil && failure != nil {
			return failure
		}
	}
	return v.checkFields(r)
}

// ModeUntold is the reason of an [ErrWrongMode] if the mode is not known.
const ModeUntold = "neither the access token nor the answer tells the mode"

// checkMode returns an error if a resource is of another mode than the token,
// or than the only mode that is allowed. If that is set, and neither the
// resource nor the token tells the mode, it is an error, too.
func checkMode(allowed string, mode *string, token Claims) *Error {
	wrong := func(reason string) *Error {
		return &Error{Class: ErrWrongMode, Token: token, Mode: allowed, Reason: reason}
	}
	switch {
	case mode != nil && allowed != "" && *mode != allowed:
		return wrong("the answer is of the mode " + redact.Name(*mode))
	case mode != nil && token.Mode != "" && *mode != token.Mode:
		return wrong("the access token is of the mode " + token.Mode +
			", and the answer of the mode " + redact.Name(*mode))
	case mode == nil && allowed != "" && token.Mode != allowed:
		return wrong(ModeUntold)
	}
	return nil
}

// checkFields compares the attributes of a resource with the fieldset. A cache
// that does not look at the query may answer with another one.
func (v *verdict) checkFields(r *jsonapi.Resource) *Error {
	if v.ofType == "" {
		return nil
	}
	others, named := false, v.fields.all || v.fields.wants("id")
	sent := make([]bool, len(v.everywhere))
	for name := range jsonapi.Members(r.Attributes) {
		if i := slices.Index(v.everywhere, string(name)); i >= 0 {
			sent[i] = true
		}
		wanted := v.fields.wants(string(name))
		others, named = others || !wanted, named || wanted
	}
	for name := range r.Relationships {
		named = named || v.fields.wants(name)
	}
	if others && !named {
		return mismatch("the answer has none of the fields that were asked for, but others")
	}
	if v.findings.Of(FindingMissing) != nil {
		return nil
	}
	for i, name := range v.everywhere {
		if !sent[i] {
			v.findings.add(Finding{Kind: FindingMissing, ID: r.ID, Name: name})
			return nil
		}
	}
	return nil
}

// look judges a document of a list, and returns the resources that are new.
func (v *verdict) look(document *jsonapi.Document, token Claims) ([]*jsonapi.Resource, *Error) {
	var fresh []*jsonapi.Resource
	list := v.judge(document, token)
	for _, one := range list {
		if one.err != nil {
			return nil, one.err
		}
		if failure := v.checkMember(one.resource); failure != nil {
			return nil, failure
		}
		if v.seen[one.resource.Identifier] {
			v.repeated++
			continue
		}
		v.seen[one.resource.Identifier] = true
		fresh = append(fresh, one.resource)
	}
	if failure := v.checkOrder(list); failure != nil {
		return nil, failure
	}
	v.lookForIncluded(document)
	v.compare(list)
	return fresh, nil
}

// checkMember checks that a resource belongs to its list: all resources of a
// list are of one mode and one organization, and were asked for.
func (v *verdict) checkMember(r *jsonapi.Resource) *Error {
	if v.asked != nil {
		if known := attributeNamed(v.by.attribute); known != nil {
			problem := "is missing"
			if raw := r.Attribute(known.name); raw != nil {
				problem = known.set(&Customer{}, raw)
			}
			if problem != "" {
				return malformed("the attribute %s %s", known.name, problem).named(v.noun, r.ID)
			}
		}
		if !v.asked[v.by.fold(v.by.of(r))] {
			return &Error{Class: ErrFilterIgnored, Reason: "the answer holds " + v.nouns + " that were not asked for"}
		}
	}
	return v.join(r.Mode, r.OrganizationID)
}

// join notes the mode and the organization of a resource.
func (v *verdict) join(mode, organization *string) *Error {
	for _, one := range []struct {
		what   string
		so     *string
		differ *string
	}{{"modes", &v.mode, mode}, {"organizations", &v.organization, organization}} {
		switch {
		case one.differ == nil:
		case *one.so == "":
			*one.so = *one.differ
		case *one.so != *one.differ:
			return mismatch("the answer holds " + v.nouns + " of two " + one.what)
		}
	}
	return nil
}

// merge adds the verdict about another part of the same result.
func (v *verdict) merge(other *verdict) *Error {
	for _, found := range other.findings {
		v.findings.add(found)
	}
	maps.Copy(v.seen, other.seen)
	if incomplete := v.findings.Of(FindingIncomplete); incomplete != nil {
		lacking := incomplete.Counted - incomplete.Read // of the parts that are incomplete
		incomplete.Read, incomplete.Counted = len(v.seen), len(v.seen)+lacking
	}
	if v.included = v.included || other.included; v.included {
		v.findings = slices.DeleteFunc(v.findings, func(f Finding) bool { return f.Kind == FindingNotIncluded })
	}
	orNil := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	return v.join(orNil(other.mode), orNil(other.organization))
}

// checkOrder compares neighbours on one page by the first attribute of the
// sort, if its order is known here. created_at does not change, so its order is
// certain. Another time or number may change while the page is put together.
func (v *verdict) checkOrder(list []judged) *Error {
	if len(v.sort) == 0 {
		return nil
	}
	name, descending := strings.CutPrefix(v.sort[0], "-")
	var before *float64
	for _, one := range list {
		value := measure(name, one.resource.Attribute(name))
		if value == nil {
			continue // its place among the others is not known
		}
		if before != nil && (descending && *before < *value || !descending && *before > *value) {
			if name == "created_at" {
				return &Error{Class: ErrSortIgnored, Reason: "the " + v.nouns + " on one page are not in the order of created_at"}
			}
			if v.findings.Of(FindingUnsorted) == nil {
				v.findings.add(Finding{Kind: FindingUnsorted, Name: name})
			}
			return nil
		}
		before = value
	}
	return nil
}

// measure returns a time or a number as a number that can be compared. It is
// nil for any other value.
func measure(name string, raw json.RawMessage) *float64 {
	if strings.HasSuffix(name, "_at") {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return nil
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil
		}
		return new(float64(at.UnixMicro()))
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return nil
	}
	return &n
}

// lookForIncluded notes whether a document shows that include was obeyed: it
// has the member included, or an included relationship has linkage.
func (v *verdict) lookForIncluded(document *jsonapi.Document) {
	if v.fields.include == "" || v.included {
		return
	}
	v.included = document.Included
	for path := range strings.SplitSeq(v.fields.include, ",") {
		name, _, _ := strings.Cut(path, ".")
		for _, item := range document.Items {
			v.included = v.included || item.Resource != nil && item.Resource.Relationships[name].Data != nil
		}
	}
}

// compare compares resources with the filter. An attribute that was not sent
// can't be compared.
func (v *verdict) compare(list []judged) {
	for predicate := range v.filter {
		condition, known := v.conditions[predicate]
		for _, one := range list {
			holds, told := false, false
			if known {
				holds, told = condition.Holds(one.resource.Text)
			}
			switch id := v.doubted[predicate]; {
			case !told:
				v.doubted[predicate] = id
			case !holds && id == "":
				v.doubted[predicate] = one.id
			}
		}
	}
}

// close ends the verdict, after the last document.
func (v *verdict) close() {
	v.atLeast(len(v.seen))
	if v.fields.include != "" && !v.included && len(v.seen) > 0 {
		v.findings.add(Finding{Kind: FindingNotIncluded})
	}
}

func mismatch(reason string) *Error { return &Error{Class: ErrMismatch, Reason: reason} }

// inQuotes returns a name from outside for a sentence.
func inQuotes(name string) string { return strconv.Quote(redact.Name(name)) }
