package commercelayer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A read is one read of a client. If customer is set, that customer's related
// resources are read, and otherwise customers.
type read struct {
	// by is the predicate that selects customers by keys, if there are keys. One
	// customer is read if it ends with _eq.
	by                     string
	keys                   []string
	customer, relationship string
	Query
}

func (r read) single() bool { return strings.HasSuffix(r.by, "_eq") }

// selects tells whether a customer has one of the keys, in any case.
func (r read) selects(e *entity) bool {
	has := func(key string) bool { return e.ID == key || strings.EqualFold(e.email(), key) }
	return r.by == "" || slices.ContainsFunc(r.keys, has)
}

// A reply is what a read returned. warnings says what a user would be warned
// about: one of the words below.
type reply struct {
	listed   []seen
	total    int
	warnings []string
	err      error
}

const (
	incomplete = "incomplete"
	miscounted = "count"
	unfiltered = "filter"
	unsorted   = "order"
	lacking    = "attributes or linkage"
)

func (got reply) warns(of string) bool { return slices.Contains(got.warnings, of) }

func (got reply) has(one Identifier) bool {
	return slices.ContainsFunc(got.listed, func(s seen) bool { return s.Identifier == one })
}

// A seen is a resource that was read, in the form that is compared.
type seen struct {
	Identifier
	mode       *string
	attributes map[string]any
	linkage    map[string]Relationship
}

// ask and warnings are the only functions here that know how the client is
// called.
func ask(ctx context.Context, c *Client, r read) (got reply) {
	var customers []*Customer
	var resources []*RelatedResource
	alone := func(one *Customer, err error) {
		if got.err = err; err == nil {
			customers, got.warnings = []*Customer{one}, warnings(one.Findings)
		}
	}
	switch {
	case r.by == "id_eq":
		alone(c.Customer(ctx, r.keys[0], r.Selection))
	case r.by == "email_eq":
		alone(c.CustomerByEmail(ctx, r.keys[0], r.Selection))
	case r.customer != "":
		list := c.Related(RelatedQuery{
			CustomerID: r.customer, Relationship: r.relationship,
			Filter: r.Filter, Sort: r.Sort, Limit: r.Limit, Count: r.Count,
		})
		resources, got.err = collect(list.Pages(ctx))
		got.total, got.warnings = list.Total, warnings(list.Findings)
	default:
		query := r.Query
		if r.by == "id_in" {
			query.IDs = r.keys
		} else {
			query.Emails = r.keys
		}
		list := c.Customers(query)
		customers, got.err = collect(list.Pages(ctx))
		got.total, got.warnings = list.Total, warnings(list.Findings)
	}
	for _, c := range customers {
		got.listed = append(got.listed, seen{customerWith(c.ID), c.Mode, map[string]any{
			"email": plain(c.Email), "status": plain(c.Status), "has_password": plain(c.HasPassword),
			"total_orders_count": plain(c.TotalOrdersCount), "metadata": plain(c.Metadata),
			"created_at": plain(c.CreatedAt), "updated_at": plain(c.UpdatedAt),
			"reference": plain(c.Reference), "shopper_reference": plain(c.ShopperReference),
		}, c.Relationships})
	}
	for _, r := range resources {
		attributes, _ := plain(r.Attributes).(map[string]any)
		got.listed = append(got.listed, seen{r.Identifier, r.Mode, attributes, nil})
	}
	return got
}

func warnings(findings Findings) (words []string) {
	for _, found := range findings {
		words = append(words, map[FindingKind]string{
			FindingIncomplete: incomplete, FindingChanged: incomplete, FindingUncounted: miscounted,
			FindingFilterDoubt: unfiltered, FindingUnmatched: unfiltered, FindingUnsorted: unsorted,
			FindingNotIncluded: lacking, FindingMissing: lacking,
		}[found.Kind])
	}
	return words
}

// plain returns a value as it is after a way through JSON.
func plain(value any) (after any) {
	_ = json.Unmarshal([]byte(marshal(value)), &after)
	return after
}

// matching returns the resources that a read asks for, in their order, if the
// customers are these. It does not count the limit.
func (w *world) matching(r read, customers []*entity) (ordered []*entity) {
	all := slices.Clone(customers)
	if r.customer != "" {
		all = nil
		if c := find(customers, customerWith(r.customer)); c != nil {
			all = slices.Clone(c.related[r.relationship])
		}
	}
	for predicate, value := range r.Filter {
		matches := w.predicate(predicate, value)
		all = slices.DeleteFunc(all, func(e *entity) bool { return !matches(e) })
	}
	if r.by == "" {
		slices.SortStableFunc(all, w.compare(r.Sort))
		return all
	}
	// A customer belongs to the key that is exactly his ID or address, and else to
	// one in another case, if the API ignores that. A single reader gets the first.
	exact := func(e *entity, key string) bool { return e.ID == key || e.email() == key }
	for _, key := range r.keys {
		alike := w.predicate(r.by, key)
		contested := r.single() && slices.ContainsFunc(all, func(e *entity) bool { return exact(e, key) })
		var folded []*entity
		for _, e := range all {
			of := func(other string) bool { return exact(e, other) }
			switch {
			case find(ordered, e.Identifier) != nil:
			case of(key):
				ordered = append(ordered, e)
			case !contested && alike(e) && !slices.ContainsFunc(r.keys, of):
				folded = append(folded, e)
			}
		}
		ordered = append(ordered, folded...)
	}
	return ordered
}

// shows tells whether what was read is this version of a resource.
func (w *world) shows(r read, e *entity, one seen) bool {
	for name, got := range one.attributes {
		own := plain(e.attributes[name])
		if r.Fields != nil && !slices.Contains(r.Fields, name) {
			own = nil
		}
		if fmt.Sprint(got) != fmt.Sprint(own) {
			return false
		}
	}
	for name, relationship := range one.linkage {
		_, told := w.linked(e, name, slices.Contains(r.Include, name))["data"]
		of := func(i Identifier, e *entity) bool { return i == e.Identifier }
		if told != (relationship.Data != nil) || told && !slices.EqualFunc(relationship.Data, e.related[name], of) {
			return false
		}
	}
	return true
}

// A truth is what a read could see while it took place.
type truth struct {
	// must matched all the time, and may at some time.
	must, may []*entity
	// least and most are how many matched. changes is how often that changed.
	least, most, changes int
	// lost is set if a resource went or moved, and gone if the customer of a related
	// list was not there at some time.
	lost, gone bool
	// untold is set if nothing tells that the filter was applied.
	untold bool
}

func (w *world) truth(r read, first, last int) truth {
	t := truth{least: 1 << 30}
	without := t.least // the least that would match without status_not_eq
	count := func(n int) { t.least, t.most = min(t.least, n), max(t.most, n) }
	before := w.matching(r, w.history[first])
	if t.must = before; w.is("counts", "lag behind") {
		before = w.matching(r, w.history[max(0, first-1)])
		count(len(before))
	}
	for _, customers := range w.history[first : last+1] {
		matched := w.matching(r, customers)
		t.lost = t.lost || !slices.EqualFunc(before, common(matched, before), same)
		if !slices.EqualFunc(before, matched, same) {
			t.changes++
		}
		t.must, t.may, before = common(t.must, matched), append(t.may, matched...), matched
		t.gone = t.gone || r.customer != "" && find(customers, customerWith(r.customer)) == nil
		count(len(matched))
		for _, e := range customers {
			// The API may ignore the case of an address only in some requests.
			folded := !w.healthy || r.single() && w.is("case", "ignored by in")
			if folded && strings.HasPrefix(r.by, "email") && r.selects(e) && !slices.Contains(t.may, e) {
				t.may = append(t.may, e)
				t.most = max(t.most, different(t.may))
			}
		}
		others := r
		others.Filter = maps.Clone(r.Filter)
		delete(others.Filter, "status_not_eq")
		without = min(without, len(w.matching(others, customers)))
	}
	_, filtered := r.Filter["status_not_eq"]
	t.untold = filtered && (w.is("counts", "lag behind") || without <= t.most)
	return t
}

// common returns the resources of a list that are also in another list.
func common(list, other []*entity) []*entity {
	return slices.DeleteFunc(slices.Clone(list), func(e *entity) bool { return find(other, e.Identifier) == nil })
}

func different(list []*entity) int {
	ids := map[Identifier]bool{}
	for _, e := range list {
		ids[e.Identifier] = true
	}
	return len(ids)
}

// A judge compares one reply with the truth. A lying world excuses an error or
// a warning. In a healthy world each needs a cause.
type judge struct {
	*world
	read
	reply
	truth
}

// problem says what is wrong, or "".
func (j *judge) problem() string {
	var failure *Error
	short := !j.Count && len(j.listed) < min(j.Limit, len(j.must))
	for _, e := range j.must {
		short = short || !j.Count && j.Limit == 0 && !j.has(e.Identifier)
	}
	// A list that is read by page number may lose what goes or moves meanwhile. And
	// if counts lag in a list that changes all the time, no two of them agree. A
	// count at the limit may be late twice in a row.
	late := j.is("counts", "lag behind") && (j.changes > 2 || j.changes > 0 && j.warns(miscounted))
	moved := j.healthy && (j.lost && j.Sort != nil || late)
	switch {
	case errors.As(j.err, &failure):
		return j.judgeError(failure)
	case j.single() && j.most == 0:
		return "it does not exist, and was found"
	case j.by == "email_eq" && j.least > 1 && !j.warns(incomplete):
		return "it is ambiguous, and was found"
	}
	for i, one := range j.listed {
		if problem := j.judgeResource(one, j.listed[:i]); problem != "" {
			return problem
		}
	}
	switch {
	case j.healthy && len(j.warnings) > 0 && !short && !moved && !j.untold:
		return "a warning without a cause"
	case j.is("include", "ignored") && j.Include != nil && len(j.listed) > 0 && !j.warns(lacking):
		return "include is ignored, without a word"
	case j.single(), j.warns(incomplete), !j.healthy && short && j.warns(unfiltered):
		return ""
	case short && !moved:
		return fmt.Sprintf("%d of %d, without a word", len(j.listed), len(j.must))
	case j.Limit > 0 && len(j.listed) > j.Limit:
		return "more than the limit"
	case j.miscounted() && !j.warns(miscounted) && !j.warns(unfiltered):
		return fmt.Sprintf("the count is %d, not %d", j.total, j.most)
	case j.disordered() && !j.warns(unsorted) && !j.warns(unfiltered):
		return "another order"
	}
	return ""
}

func (j *judge) judgeError(failure *Error) string {
	distinct := slices.Compact(slices.Sorted(slices.Values(failure.IDs)))
	switch class := failure.Class; {
	case failure.Status == http.StatusGone:
		return "the read does not end"
	case class == ErrAmbiguous && (len(distinct) < len(failure.IDs) || j.healthy && j.most < 2):
		return "it is not ambiguous"
	case class == ErrNotFound && j.single() && j.least > 0:
		return "it exists, and was not found"
	case class == ErrAmbiguous, class == ErrNotFound && (j.single() || j.gone):
		return ""
	case j.healthy:
		return "an error without a cause"
	case j.single() && j.is("records", "some fail with 500") && len(j.traits) == 1 && !slices.ContainsFunc(j.may, j.bad):
		return "the error of another customer"
	case j.harmless():
		return "an error, although everything could be read"
	}
	return ""
}

// harmless tells whether the only lie leaves everything readable: all that was
// asked for, or all that one reader asks for.
func (j *judge) harmless() bool {
	for name, value := range j.traits {
		if !slices.Contains(map[string][]string{
			"pages": {"at most 10", "of 10 always", "of 1 always"}, "id_gt": lies["id_gt"], "next": lies["next"],
			"fields": {"ignored"}, "include": {"ignored"}, "status": {"429 now and then", "503 at first"},
		}[name], value) && (!j.single() || name != "id_in" && name != "email_in") {
			return false
		}
	}
	return true
}

// judgeResource compares a resource that was read with the truth. before are those
// that were read before it.
func (j *judge) judgeResource(one seen, before []seen) string {
	versions := slices.DeleteFunc(slices.Clone(j.may), func(e *entity) bool { return e.Identifier != one.Identifier })
	// After a warning that attributes are lacking, nothing tells whether it matches.
	unsent := j.is("fields", "others") && j.Fields == nil && j.warns(lacking)
	excused := !j.healthy && (j.warns(unfiltered) || unsent) && j.selects(find(j.history[0], one.Identifier))
	shown := func(e *entity) bool { return j.shows(j.read, e, one) }
	other := func(s seen) bool { return j.odd(s.Identifier) != j.odd(one.Identifier) }
	switch {
	case reply{listed: before}.has(one.Identifier):
		return "a resource twice"
	case len(versions) == 0 && !excused:
		return fmt.Sprintf("a stranger: %s %v", one.Identifier, one.attributes)
	case one.mode != nil && *one.mode != "test" && !j.is("token", "opaque"):
		return "a resource of another mode"
	case j.is("organization", "mixed") && slices.ContainsFunc(before, other):
		return "two organizations in one list"
	case len(versions) > 0 && !unsent && !slices.ContainsFunc(versions, shown):
		return fmt.Sprintf("other content: %v %v", one.attributes, one.linkage)
	}
	return ""
}

// miscounted tells whether the count is wrong, and something contradicts it.
func (j *judge) miscounted() bool {
	n := len(j.listed)
	// A filter that is ignored does not show if all match it that are read without it.
	query := url.Values{}
	for predicate, value := range j.Filter {
		query.Set(filterKey(predicate), value)
	}
	page := j.matching(read{customer: j.customer, relationship: j.relationship, Query: Query{Sort: j.Sort}}, j.history[0])
	page, _ = j.filtered(query, page)
	page = page[:min(len(page), cmp.Or(j.Limit, MaxPageSize))]
	unseen := j.traits["resources"] != "" || len(common(page, j.may)) == len(page)
	switch {
	case j.Count && j.by == "email_in", !j.Count && j.total == n && (n < j.Limit || j.Limit == 0),
		j.is("counts", "too high", "too low", "of all, whatever the filter"),
		j.is("other filters", "ignored on further pages") && j.Limit > MaxPageSize,
		j.is("other filters", "ignored", "some ignored") && unseen:
		return false
	}
	most := j.most
	if j.healthy { // a customer that was counted may have gone before the next one came
		most = max(most, different(j.may))
	}
	return j.total < j.least || j.total > most
}

// disordered tells whether the order is wrong, in a list that has not changed
// meanwhile.
func (j *judge) disordered() bool {
	want := j.must
	if j.lost || len(j.may) > len(j.must) {
		return false
	}
	var listed []*entity
	for _, one := range j.listed {
		if e := find(want, one.Identifier); e != nil {
			listed = append(listed, e)
		}
	}
	if j.healthy || j.is("resources", "") && j.is("sort", "") && j.is("further pages", "") && j.Sort != nil {
		return !slices.Equal(listed, want[:len(listed)])
	}
	if j.is("fields", "others") || j.is("pages", "of 1 always") || j.is("resources", "a stranger") {
		return false // no page shows the order
	}
	// How a server that lies orders other attributes can't be told.
	first := j.Sort[:min(1, len(j.Sort))]
	return strings.HasSuffix(strings.Join(first, ""), "created_at") && !slices.IsSortedFunc(listed, j.compare(first))
}

// nextRead returns a read at random.
func (w *world) nextRead() (r read) {
	customers, n := w.present(), w.readers.IntN
	pick := func(list ...string) string { return list[n(len(list))] }
	someone := func() (id, email string) {
		if id, email = "nObOdYhErE", "nobody@example.com"; len(customers) > 0 && n(20) > 0 {
			c := customers[n(len(customers))]
			id, email = c.ID, cmp.Or(c.email(), email)
		}
		if n(5) == 0 {
			email = strings.ToUpper(email[:1]) + email[1:]
		}
		return id, email
	}
	sort := []string{pick("created_at", "-created_at", "-created_at", "-updated_at", "reference")}
	switch n(4) {
	case 0:
		r.Include = []string{"customer_group"}
	case 1:
		r.Fields = []string{pick("status", "email", "reference", "total_orders_count")}
	}
	kind := n(14)
	switch orders := n(2) == 0; {
	case kind < 8:
		r.by = []string{"id_eq", "id_eq", "id_eq", "email_eq", "email_eq", "email_eq", "id_in", "email_in"}[kind]
		for range []int{1, 3, 22, 30}[n(4)] {
			id, email := someone()
			r.keys = append(r.keys, map[bool]string{true: id, false: email}[strings.HasPrefix(r.by, "id")])
		}
		if r.single() {
			r.keys = r.keys[:1]
			return r
		}
	case kind < 10 && orders:
		r = read{relationship: "orders"}
		if n(3) == 0 {
			r.Filter = map[string]string{"status_eq": pick(statuses[3:]...)}
		}
		if n(2) == 0 && strings.HasSuffix(sort[0], "created_at") {
			r.Sort = sort
		}
		r.customer, _ = someone()
	case kind < 10:
		r = read{relationship: pick("events", "customer_group")}
		r.customer, _ = someone()
	case n(3) == 0:
		r.Sort = sort
	}
	if kind > 9 && n(2) == 0 || kind < 8 && n(6) == 0 {
		r.Filter = map[string]string{}
		for range 1 + n(5)/4 {
			predicate, value, _ := strings.Cut(pick(
				"status_eq=prospect", "status_eq=repeat", "status_in=repeat,acquired", "status_not_eq=repeat",
				"email_end=7@example.com", "email_end=com", "reference_start=vip", "reference_or_status_eq=repeat",
				"created_at_gt=2019-01-01", "created_at_gt="+stamp(n(20)), "total_orders_count_eq=2",
			), "=")
			r.Filter[predicate] = value
		}
	}
	switch n(6) {
	case 0:
		r.Count = true
	case 1, 2:
		r.Limit = []int{1, 2, 5, 26, 30}[n(5)]
	}
	return r
}

// oddities are the traits of servers that nobody can call wrong.
var oddities = map[string][]string{
	"case":           {"ignored", "ignored by eq", "ignored by in"},
	"api":            {"older", "newer"},
	"past the end":   {"404", "the last page again"},
	"unknown values": {"refused"},
	"mode":           {"missing"},
	"customers":      {"imported"},
	"token":          {"opaque"},
	"included":       {"left out if empty", "without linkage to nothing"},
}

// drawHealthy returns oddities. In most worlds customers come and go, and in
// some of them the counts lag a little behind.
func drawHealthy(_ uint64, random *rand.Rand) traits {
	t := traits{}
	if random.IntN(3) > 0 {
		t["customers"] = "come and go"
		t["counts"] = []string{"", "lag behind"}[random.IntN(2)]
	}
	for range random.IntN(5) {
		t.add(oddities, random.Uint64())
	}
	return t
}

// lies are the traits of servers that do not answer what was asked.
var lies = map[string][]string{
	"pages":         {"at most 10", "cut to 10", "of 10 always", "of 1 always", "everything", "the first again"},
	"further pages": {"404", "null", "one object", "empty", "one too far", "overlap"},
	"id_gt":         {"ignored", "refused", "by text", "including the ID"},
	"id_in":         {"ignored", "refused", "by part"},
	"email_in":      {"ignored", "refused", "by part"},
	"email_eq":      {"ignored", "refused", "by part"},
	"other filters": {"ignored", "some ignored", "ignored on further pages", "refused"},
	"sort":          {"ignored", "ignored, ordered at random", "ignored on further pages", "always ascending", "refused"},
	"include":       {"ignored", "refused"},
	"fields":        {"ignored", "others"},
	"counts":        {"missing", "too high", "too low", "of the page", "of all, whatever the filter"},
	"next":          {"missing", "always"},
	"resources": {
		"some lacking", "some lacking where several keys are asked for", "one twice", "one twice, in place of another",
		"a stranger",
	},
	"mode":         {"live", "mixed"},
	"organization": {"mixed"},
	"records":      {"some fail with 500", "some are others"},
	"related":      {"404"},
	"status": {
		"500 now and then", "429 now and then", "401 now and then", "404 of lists now and then",
		"cut connections now and then", "503 at first", "400 of long requests",
	},
}

// drawLies returns one to three lies, and perhaps some oddities. Each lie has
// its turn.
func drawLies(seed uint64, random *rand.Rand) traits {
	for {
		t := traits{}
		t.add(lies, seed)
		for range random.IntN(6) / 3 {
			t.add(lies, random.Uint64())
		}
		onlyCountsTell := t["resources"] != "" || t["further pages"] != "" || t["other filters"] != "" ||
			t["id_gt"] == "by text" || t["pages"] == "cut to 10" || t["sort"] == "ignored, ordered at random" ||
			t["next"] == "missing" && t["counts"] != "missing"
		if t["counts"] != "" && onlyCountsTell {
			continue // nothing could tell
		}
		for range random.IntN(3) {
			t.add(oddities, random.Uint64())
		}
		return t
	}
}

// explore lets many readers read at once, and compares each result with the
// truth.
func (w *world) explore(t *testing.T) {
	t.Helper()
	token := "opaque"
	if !w.is("token", "opaque") {
		token = unsigned(`{"organization":{"slug":"yourdomain","id":"` + organization + `"},"test":true}`)
	}
	_, c := clientOf(t, w, 0, WithToken(token), WithNotice(func(_ context.Context, sentence string) {
		if w.healthy {
			t.Errorf("a notice without a cause: %s\n\tworld %d: %s", sentence, w.seed, w.traits)
		}
	}))
	for range 2 {
		var readers sync.WaitGroup
		began := len(w.history) - 1
		for i := range 10 {
			r := w.nextRead()
			readers.Go(func() {
				time.Sleep(time.Duration(i%3)*7*time.Millisecond + time.Duration(i)*time.Microsecond)
				w.mu.Lock()
				first := len(w.history) - 1
				w.mu.Unlock()
				if r.single() {
					first = began // it may share the request of another reader
				}
				got := ask(t.Context(), c, r)
				w.mu.Lock()
				defer w.mu.Unlock()
				j := &judge{w, r, got, w.truth(r, first, len(w.history)-1)}
				if problem := j.problem(); problem != "" {
					t.Errorf("%s\n\tworld %d: %d customers; %s\n\tread: %+v\n\t"+
						"got: %d resources, total %d, warnings %q, error %v", problem, w.seed, len(w.present()), w.traits, r,
						len(j.listed), got.total, got.warnings, got.err)
				}
			})
		}
		readers.Wait()
	}
}

// explore explores the first n worlds, or those of the variable WORLDS, such as
// 1000+500 for 500 worlds from the seed 1000.
func explore(t *testing.T, n int, healthy bool) {
	t.Helper()
	from := 0
	_, _ = fmt.Sscanf(os.Getenv("WORLDS"), "%d+%d", &from, &n)
	for seed := from; seed < from+n; seed++ {
		bubble(t, fmt.Sprint(seed), newWorld(uint64(seed), healthy).explore)
	}
}

// In a healthy organization no read fails or warns without a cause.
func TestHealthyWorldsCauseNoAlarm(t *testing.T) { explore(t, 80, true) }

// Whatever a server does, no reader gets another customer, is told that a
// customer does not exist who does, or gets a part of a list without a word.
func TestNoLieOfAServerIsHandedOn(t *testing.T) { explore(t, 126, false) }
