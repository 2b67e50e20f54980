package commercelayer_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// A read is one read of a client. id or email selects one customer. If customer
// is set, that customer's related resources are read. Otherwise it is a list of
// customers.
type read struct {
	id, email, customer, relationship string
	commercelayer.Query
}

func (r read) single() bool { return r.id != "" || r.email != "" }

// emails returns the addresses by which a read selects customers.
func (r read) emails() []string {
	if r.email != "" {
		return []string{r.email}
	}
	return r.Emails
}

// A reply is what a read returned. warnings says what a user would be warned
// about: one of the words below.
type reply struct {
	customers []*commercelayer.Customer
	resources []*commercelayer.RelatedResource
	total     int
	warnings  []string
	err       error
}

const (
	incomplete = "incomplete"
	miscounted = "count"
	unfiltered = "filter"
	unsorted   = "order"
	lacking    = "attributes or linkage"
)

func (got reply) warns(of string) bool { return slices.Contains(got.warnings, of) }

// ask and warnings are the only functions here that know how the client is
// called.
func ask(ctx context.Context, c *commercelayer.Client, r read) (got reply) {
	var one *commercelayer.Customer
	switch {
	case r.id != "":
		one, got.err = c.Customer(ctx, r.id, r.Selection)
	case r.email != "":
		one, got.err = c.CustomerByEmail(ctx, r.email, r.Selection)
	case r.customer != "":
		list := c.Related(commercelayer.RelatedQuery{
			CustomerID: r.customer, Relationship: r.relationship, Filter: r.Filter, Sort: r.Sort, Limit: r.Limit, Count: r.Count,
		})
		got.resources, got.err = collect(list.Pages(ctx))
		got.total, got.warnings = list.Total, warnings(list.Findings)
	default:
		list := c.Customers(r.Query)
		got.customers, got.err = collect(list.Pages(ctx))
		got.total, got.warnings = list.Total, warnings(list.Findings)
	}
	if one != nil {
		got.customers, got.warnings = []*commercelayer.Customer{one}, warnings(one.Findings)
	}
	return got
}

func collect[T any](pages iter.Seq2[[]T, error]) (all []T, err error) {
	for page, err := range pages {
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	return all, nil
}

func warnings(findings commercelayer.Findings) (words []string) {
	for _, found := range findings {
		words = append(words, map[commercelayer.FindingKind]string{
			commercelayer.FindingIncomplete: incomplete, commercelayer.FindingChanged: incomplete,
			commercelayer.FindingUncounted: miscounted, commercelayer.FindingUnsorted: unsorted,
			commercelayer.FindingFilterDoubt: unfiltered, commercelayer.FindingUnmatched: unfiltered,
			commercelayer.FindingNotIncluded: lacking, commercelayer.FindingMissing: lacking,
		}[found.Kind])
	}
	return words
}

// matching returns the resources that a read asks for, in their order, if the
// customers are these. It does not count the limit.
func (w *world) matching(r read, customers []*entity) (ordered []*entity) {
	all := slices.Clone(customers)
	if r.customer != "" {
		all = nil
		if i := slices.IndexFunc(customers, func(c *entity) bool { return c.id == r.customer }); i >= 0 {
			all = slices.Clone(customers[i].related[r.relationship])
		}
	}
	for predicate, value := range r.Filter {
		matches := w.predicate(predicate, value)
		all = slices.DeleteFunc(all, func(e *entity) bool { return !matches(e) })
	}
	take := func(matches func(*entity) bool) {
		for _, e := range all {
			if matches(e) && !holds(ordered, e) {
				ordered = append(ordered, e)
			}
		}
	}
	exact := func(e *entity, email string) bool { return e.attributes["email"] == any(email) }
	switch matcher := "email_in"; {
	case r.id != "", r.IDs != nil:
		for _, id := range slices.Concat(r.IDs, []string{r.id}) {
			take(func(e *entity) bool { return e.id == id })
		}
	case r.email != "":
		matcher = "email_eq"
		fallthrough
	case r.Emails != nil:
		// A customer belongs to the key that is exactly his address, and else to one
		// in another case, if the API ignores that.
		for _, email := range r.emails() {
			alike := w.predicate(matcher, email)
			if slices.ContainsFunc(all, func(e *entity) bool { return exact(e, email) }) {
				take(func(e *entity) bool { return exact(e, email) })
				continue
			}
			take(func(e *entity) bool {
				return alike(e) && !slices.ContainsFunc(r.emails(), func(other string) bool { return exact(e, other) })
			})
		}
	default:
		slices.SortStableFunc(all, w.compare(r.Sort))
		return all
	}
	return ordered
}

// A seen is a resource that was read, in the form that is compared.
type seen struct {
	entity
	mode    *string
	linkage map[string]commercelayer.Relationship
}

func (got reply) seen() (all []seen) {
	for _, c := range got.customers {
		all = append(all, seen{entity{kind: "customers", id: c.ID, attributes: map[string]any{
			"email": plain(c.Email), "status": plain(c.Status), "has_password": plain(c.HasPassword), "metadata": plain(c.Metadata),
			"total_orders_count": plain(c.TotalOrdersCount), "created_at": plain(c.CreatedAt), "updated_at": plain(c.UpdatedAt),
			"reference": plain(c.Reference), "shopper_reference": plain(c.ShopperReference),
		}}, c.Mode, c.Relationships})
	}
	for _, r := range got.resources {
		one := seen{entity{kind: r.Type, id: r.ID}, r.Mode, nil}
		_ = json.Unmarshal(r.Attributes, &one.attributes)
		all = append(all, one)
	}
	return all
}

// plain returns a value as it is after a way through JSON.
func plain(value any) (after any) {
	_ = json.Unmarshal([]byte(marshal(value)), &after)
	return after
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
		told := slices.Contains(r.Include, name) && !w.is("include", "ignored") &&
			(len(e.related[name]) > 0 || !w.is("included", "without linkage to nothing"))
		same := slices.EqualFunc(relationship.Data, e.related[name], func(i commercelayer.Identifier, e *entity) bool {
			return i.Type == e.kind && i.ID == e.id
		})
		if told != (relationship.Data != nil) || told && !same {
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

func (w *world) truth(r read, first, last int, healthy bool) truth {
	t := truth{least: 1 << 30}
	var with, without []int
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
		t.gone = t.gone || r.customer != "" && !holds(customers, &entity{kind: "customers", id: r.customer})
		count(len(matched))
		for _, e := range customers {
			// The API may ignore the case of an address only in some requests.
			keys := r.emails()
			if hasAddress(e, keys) && (!healthy || r.single() && w.is("case", "ignored by in")) && !slices.Contains(t.may, e) {
				t.may = append(t.may, e)
				t.most = max(t.most, distinct(t.may))
			}
		}
		others := r
		others.Filter = maps.Clone(r.Filter)
		delete(others.Filter, "status_not_eq")
		with, without = append(with, len(matched)), append(without, len(w.matching(others, customers)))
	}
	_, filtered := r.Filter["status_not_eq"]
	t.untold = filtered && (w.is("counts", "lag behind") || slices.ContainsFunc(with, func(n int) bool { return slices.Contains(without, n) }))
	return t
}

// common returns the resources of a list that are also in another list.
func common(list, other []*entity) []*entity {
	return slices.DeleteFunc(slices.Clone(list), func(e *entity) bool { return !holds(other, e) })
}

func distinct(list []*entity) int {
	ids := map[string]bool{}
	for _, e := range list {
		ids[e.kind+e.id] = true
	}
	return len(ids)
}

// hasAddress tells whether a customer has one of the addresses, in any case.
func hasAddress(e *entity, emails []string) bool {
	return slices.ContainsFunc(emails, func(email string) bool {
		return strings.EqualFold(fmt.Sprint(e.attributes["email"]), email)
	})
}

// A judge compares one reply with the truth. A lying world excuses an error or
// a warning. In a healthy world each needs a cause.
type judge struct {
	*world
	read
	reply
	truth
	healthy bool
	listed  []seen
}

// problem says what is wrong, or "".
func (j *judge) problem() string {
	var failure *commercelayer.Error
	short := !j.Count && len(j.listed) < min(j.Limit, len(j.must))
	for _, e := range j.must {
		short = short || !j.Count && j.Limit == 0 && !j.has(e)
	}
	// A list that is read by page number may lose what goes or moves meanwhile. And
	// if counts lag in a list that changes all the time, no two of them agree. A
	// count at the limit may be late twice in a row.
	late := j.is("counts", "lag behind") && (j.changes > 2 || j.changes > 0 && j.warns(miscounted))
	moved := j.healthy && (j.lost && j.Sort != nil || late)
	switch {
	case errors.As(j.err, &failure) && failure.Status == http.StatusGone:
		return "the read does not end"
	case j.is("end", "never"):
		return "" // what does not end has no truth
	case j.err != nil:
		return j.judgeError(failure)
	case j.single() && j.most == 0:
		return "it does not exist, and was found"
	case j.email != "" && j.least > 1 && !j.is("resources", unsent) && !j.warns(incomplete):
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
	case j.single(), j.warns(incomplete), !j.healthy && short && (j.incomparable() || j.warns(unfiltered)),
		j.is("resources", unsent) && (j.IDs != nil || j.Emails != nil):
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

func (j *judge) has(e *entity) bool {
	return slices.ContainsFunc(j.listed, func(s seen) bool { return same(&s.entity, e) })
}

func (j *judge) judgeError(failure *commercelayer.Error) string {
	distinct := slices.Compact(slices.Sorted(slices.Values(failure.IDs)))
	switch class := failure.Class; {
	case class == commercelayer.ErrAmbiguous && (len(distinct) < len(failure.IDs) || j.healthy && j.most < 2):
		return "it is not ambiguous"
	case class == commercelayer.ErrNotFound && j.single() && j.least > 0:
		return "it exists, and was not found"
	case class == commercelayer.ErrAmbiguous, class == commercelayer.ErrNotFound && (j.single() || j.gone):
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
	versions := slices.DeleteFunc(slices.Clone(j.may), func(e *entity) bool { return !same(e, &one.entity) })
	stranger := len(versions) == 0
	shown := stranger || slices.ContainsFunc(versions, func(e *entity) bool { return j.shows(j.read, e, one) })
	switch {
	case slices.ContainsFunc(before, func(s seen) bool { return same(&s.entity, &one.entity) }):
		return "a resource twice"
	case stranger && (j.healthy || !j.incomparable() && !j.warns(unfiltered) && !j.unsentFields()), !j.selects(one):
		return fmt.Sprintf("a stranger: %s %s %v", one.kind, one.id, one.attributes)
	case one.mode != nil && *one.mode != "test" && !j.is("token", "opaque"):
		return "a resource of another mode"
	case j.is("organization", "mixed") && slices.ContainsFunc(before, func(s seen) bool { return j.odd(&s.entity) != j.odd(&one.entity) }):
		return "two organizations in one list"
	case !shown && !j.unsentFields():
		return fmt.Sprintf("other content: %v %v", one.attributes, one.linkage)
	}
	return ""
}

// unsentFields tells whether the read was warned that attributes are lacking.
func (j *judge) unsentFields() bool {
	return j.is("fields", "others") && j.Fields == nil && j.warns(lacking)
}

// incomparable tells whether strangers are among the matches of a filter that
// the client can't compare with them.
func (j *judge) incomparable() bool {
	if !j.is("resources", "a stranger") && !j.is("other filters", "ignored on further pages") {
		return false
	}
	for predicate := range j.Filter {
		if strings.HasSuffix(predicate, "_gt") || strings.Contains(predicate, "_not_") {
			return true
		}
	}
	return false
}

// selects tells whether a resource has one of the keys of the read.
func (j *judge) selects(one seen) bool {
	switch {
	case j.IDs != nil, j.id != "":
		return slices.Contains(slices.Concat(j.IDs, []string{j.id}), one.id)
	case j.emails() == nil:
		return true
	}
	return slices.ContainsFunc(j.history, func(customers []*entity) bool {
		return slices.ContainsFunc(customers, func(e *entity) bool { return same(e, &one.entity) && hasAddress(e, j.emails()) })
	})
}

// miscounted tells whether the count is wrong, and something contradicts it.
func (j *judge) miscounted() bool {
	n := len(j.listed)
	// A filter that is ignored does not show if the first page matches it.
	page := j.matching(read{customer: j.customer, relationship: j.relationship, Query: commercelayer.Query{Sort: j.Sort}}, j.history[0])
	if page = page[:min(25, len(page))]; j.Limit > 0 {
		page = page[:min(j.Limit, len(page))]
	}
	switch {
	case j.Count && j.Emails != nil, !j.Count && j.total == n && (n < j.Limit || j.Limit == 0),
		j.incomparable(), j.is("counts", "too high", "too low", "another each time"),
		j.is("counts", "of all, whatever the filter") && (!j.Count || j.least >= 25 || !j.is("pages", "")),
		j.is("other filters", "ignored", "some ignored") && len(common(page, j.may)) == len(page):
		return false
	}
	most := j.most
	if j.healthy { // a customer that was counted may have gone before the next one came
		most = max(most, distinct(j.may))
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
		if i := slices.IndexFunc(want, func(e *entity) bool { return same(e, &one.entity) }); i >= 0 {
			listed = append(listed, want[i])
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
	id := func() string {
		if len(customers) == 0 || n(20) == 0 {
			return "nObOdYhErE"
		}
		return customers[n(len(customers))].id
	}
	email := func() string {
		if len(customers) > 0 && n(20) > 0 {
			address, has := customers[n(len(customers))].attributes["email"].(string)
			switch {
			case has && n(5) == 0:
				return strings.ToUpper(address[:1]) + address[1:]
			case has:
				return address
			}
		}
		return "nobody@example.com"
	}
	sort := []string{pick("created_at", "-created_at", "-created_at", "-updated_at", "reference")}
	switch n(4) {
	case 0:
		r.Include = []string{"customer_group"}
	case 1:
		r.Fields = []string{pick("status", "email", "reference", "total_orders_count")}
	}
	kind := n(14)
	switch kind {
	case 0, 1, 2:
		r.id = id()
		return r
	case 3, 4, 5:
		r.email = email()
		return r
	case 6, 7:
		for range []int{1, 3, 22, 30}[n(4)] {
			if kind == 6 {
				r.IDs = append(r.IDs, id())
			} else {
				r.Emails = append(r.Emails, email())
			}
		}
	case 8:
		r = read{customer: id(), relationship: pick("events", "customer_group")}
	case 9:
		r = read{customer: id(), relationship: "orders"}
		if n(3) == 0 {
			r.Filter = map[string]string{"status_eq": pick(statuses[3:]...)}
		}
		if n(2) == 0 && strings.HasSuffix(sort[0], "created_at") {
			r.Sort = sort
		}
	default:
		if n(3) == 0 {
			r.Sort = sort
		}
	}
	if kind > 9 && n(2) == 0 || kind < 8 && n(6) == 0 {
		r.Filter = map[string]string{}
		for range 1 + n(5)/4 {
			predicate, value, _ := strings.Cut(pick(
				"status_eq=prospect", "status_eq=repeat", "status_in=repeat,acquired", "status_not_eq=repeat", "email_end=7@example.com",
				"email_end=com", "email_cont=.1", "reference_start=vip", "reference_eq=new-3", "reference_or_status_eq=repeat",
				"created_at_gt=2019-01-01", "created_at_gt="+stamp(n(20)), "total_orders_count_eq=2", "total_orders_count_gt=0",
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

// lies are the traits of servers that do not answer what was asked.
var lies = map[string][]string{
	"pages":         {"at most 10", "cut to 10", "of 10 always", "of 1 always", "everything", "the first again"},
	"further pages": {"404", "null", "one object", "empty", "one too far", "overlap"},
	"id_gt":         {"ignored", "refused", "by text", "including the ID"},
	"id_in":         {"ignored", "refused", "by part"},
	"email_in":      {"ignored", "refused", "by part"},
	"email_eq":      {"ignored", "refused", "by part"},
	"other filters": {"ignored", "some ignored", "ignored on further pages", "refused"},
	"sort": {
		"ignored", "ignored, ordered at random", "ignored, another order each time", "ignored on further pages",
		"always ascending", "refused",
	},
	"include": {"ignored", "refused"},
	"fields":  {"ignored", "others"},
	"counts": {
		"missing", "too high", "too low", "of the page", "of all, whatever the filter", "another each time",
		"only beside the first whole page",
	},
	"next": {"missing", "always"},
	"resources": {
		"some lacking", "some lacking where several keys are asked for", unsent, "one twice",
		"one twice, in place of another", "a stranger",
	},
	"mode":         {"live", "mixed"},
	"organization": {"mixed"},
	"records":      {"some fail with 500", "some are others", "some are null"},
	"related":      {"404"},
	"end":          {"never"},
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
		if t.add(lies, seed); t["end"] != "" && seed > 1000 {
			return t // it takes as long as a hundred other worlds
		}
		for range random.IntN(6) / 3 {
			t.add(lies, random.Uint64())
		}
		onlyCountsTell := t["resources"] != "" || t["further pages"] != "" || t["other filters"] != "" || t["id_gt"] == "by text" || t["pages"] == "cut to 10" ||
			strings.HasPrefix(t["sort"], "ignored,") || t["next"] == "missing" && t["counts"] != "missing"
		switch {
		case t["counts"] != "" && onlyCountsTell:
			continue // nothing could tell
		case t["end"] != "":
			seed++
			continue
		}
		for range random.IntN(3) {
			t.add(oddities, random.Uint64())
		}
		return t
	}
}

// explore lets many readers read at once, and compares each result with the
// truth. It returns how many were compared.
func explore(t *testing.T, w *world, healthy bool) (reads int) {
	t.Helper()
	domain, _ := url.Parse(host)
	token := "opaque"
	if !w.is("token", "opaque") {
		claims := `{"organization":{"slug":"acme","id":"` + organization + `"},"test":true}`
		token = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS512"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}
	c, err := commercelayer.New(commercelayer.WithDomain(domain), commercelayer.WithToken(token), commercelayer.WithTransport(w),
		commercelayer.WithNotice(func(_ context.Context, sentence string) {
			if healthy {
				t.Errorf("a notice without a cause: %s\n\tworld %d: %s", sentence, w.seed, w.traits)
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	crowd := 10
	if w.is("end", "never") {
		crowd = 1
	}
	for range 2 {
		var readers sync.WaitGroup
		began := len(w.history) - 1
		for i := range crowd {
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
				last := len(w.history) - 1
				j := &judge{world: w, read: r, reply: got, truth: w.truth(r, first, last, healthy), healthy: healthy, listed: got.seen()}
				if problem := j.problem(); problem != "" {
					t.Errorf("%s\n\tworld %d: %d customers; %s\n\tread: %+v\n\tgot: %d resources, total %d, warnings %q, error %v",
						problem, w.seed, len(w.present()), w.traits, r, len(j.listed), got.total, got.warnings, got.err)
				}
			})
		}
		readers.Wait()
		reads += crowd
	}
	return reads
}

// exploreAll explores the first n worlds and some more that have shown a mistake.
// Or it explores those of the variable WORLDS, such as 1000+500 for 500 worlds from
// the seed 1000.
func exploreAll(t *testing.T, n uint64, draw func(uint64, *rand.Rand) traits, healthy bool, seeds ...uint64) {
	t.Helper()
	var from uint64
	if _, err := fmt.Sscanf(os.Getenv("WORLDS"), "%d+%d", &from, &n); err == nil {
		seeds = nil
	}
	for i := range n {
		seeds = append(seeds, from+i)
	}
	reads := 0
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { reads += explore(t, newWorld(seed, draw), healthy) })
		})
	}
	t.Logf("%d reads were compared with the truth", reads)
}

// Whatever a server does, no reader gets another customer, is told that a
// customer does not exist who does, or gets a part of a list without a word.
func TestNoLieOfAServerIsHandedOn(t *testing.T) { exploreAll(t, 192, drawLies, false, 202284) }
