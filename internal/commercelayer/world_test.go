package commercelayer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// traits are what makes a world special, such as "counts": "too high".
type traits map[string]string

// add adds the i-th of the traits that there are, unless one like it is there.
func (t traits) add(from map[string][]string, i uint64) {
	var all [][2]string
	for _, name := range slices.Sorted(maps.Keys(from)) {
		for _, value := range from[name] {
			all = append(all, [2]string{name, value})
		}
	}
	if one := all[i%uint64(len(all))]; t[one[0]] == "" {
		t[one[0]] = one[1]
	}
}

// An entity is a customer or another resource. A change replaces it.
type entity struct {
	Identifier
	// place is its place in the hidden order of IDs.
	place      int
	attributes map[string]any
	related    map[string][]*entity
}

// email returns the address of a customer, or "" if he has none.
func (e *entity) email() string {
	address, _ := e.attributes["email"].(string)
	return address
}

func same(a, b *entity) bool { return a.Identifier == b.Identifier }

// find returns a resource, or nil if it is not in the list.
func find(list []*entity, one Identifier) *entity {
	if i := slices.IndexFunc(list, func(e *entity) bool { return e.Identifier == one }); i >= 0 {
		return list[i]
	}
	return nil
}

func customerWith(id string) Identifier { return Identifier{Type: customersType, ID: id} }

// A world is an organization: its truth, and a server that answers like the Core
// API, apart from its traits. What happens follows from the seed and from what
// is asked when.
type world struct {
	seed    uint64
	healthy bool
	traits  traits
	// random decides what happens, and readers what is read. So a change of one
	// leaves the other as it was.
	random, readers *rand.Rand

	mu sync.Mutex
	// history holds the customers at first, and after each change. before is its
	// last index at the time of the last request.
	history [][]*entity
	before  int
	places  map[string]int // by ID
	served  int
	asked   map[string]int
	texts   map[string]json.RawMessage
}

const (
	organization = "oRgAnIzAtN"
	// runaway is how many requests a world answers. No run of readers needs as
	// many.
	runaway = 1000
)

// statuses are those of customers, and then those of orders.
var statuses = []string{"prospect", "acquired", "repeat", "placed", "approved", "pending"}

func newWorld(seed uint64, healthy bool) *world {
	w := &world{
		seed: seed, healthy: healthy,
		random: rand.New(rand.NewPCG(seed, 1)), readers: rand.New(rand.NewPCG(seed, 2)),
		places: map[string]int{}, asked: map[string]int{}, texts: map[string]json.RawMessage{},
	}
	draw := drawLies
	if healthy {
		draw = drawHealthy
	}
	w.traits = draw(seed, w.random)
	var customers []*entity
	for range []int{0, 1, 3, 12, 24, 25, 26, 31, 50, 51, 60, 64}[w.random.IntN(12)] {
		customers = append(customers, w.newCustomer(customers))
	}
	w.history = [][]*entity{customers}
	return w
}

func (w *world) present() []*entity { return w.history[len(w.history)-1] }

func (w *world) is(trait string, values ...string) bool {
	return slices.Contains(values, w.traits[trait])
}

// in tells whether something happens that has a chance of 1 in n.
func (w *world) in(n int) bool { return w.random.IntN(n) == 0 }

// hash returns a number that depends on the seed and a text alone.
func (w *world) hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, w.seed, text)
	return rand.NewPCG(h.Sum64(), 2).Uint64()
}

// odd selects the resources that a trait concerns if it does not concern all.
func (w *world) odd(one Identifier) bool { return w.hash(one.ID)%9 == 0 }

// newEntity returns a resource with an ID whose text tells nothing about its
// place.
func (w *world) newEntity(kind string, attributes map[string]any) *entity {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	id := make([]byte, 10)
	for i := range id {
		id[i] = letters[w.random.IntN(len(letters))]
	}
	place := len(w.places) + 1
	w.places[string(id)] = place
	return &entity{Identifier{Type: kind, ID: string(id)}, place, attributes, map[string][]*entity{}}
}

func stamp(day int) string {
	return time.Date(2019, 1, 1+day, 0, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
}

func (w *world) newCustomer(others []*entity) *entity {
	orders, day := w.random.IntN(4), len(w.places)/3 // some are equal in created_at
	if w.is("customers", "imported") {
		day = w.random.IntN(100)
	}
	c := w.newEntity(customersType, map[string]any{
		"status": statuses[min(orders, 2)], "has_password": w.in(2), "created_at": stamp(day),
		"updated_at": stamp(200 + w.random.IntN(50)), "reference_origin": nil, "metadata": object{"n": len(w.places)},
		"reference": fmt.Sprint([]string{"vip", "old", "new"}[w.random.IntN(3)], "-", w.random.IntN(9)),
	})
	email := fmt.Sprintf("%s.%d@example.com", strings.ToLower(c.ID[:4]), c.place)
	if len(others) > 0 && w.in(4) {
		email = cmp.Or(others[w.random.IntN(len(others))].email(), email)
	}
	if w.in(4) {
		email = strings.ToUpper(email[:1]) + email[1:]
	}
	c.attributes["email"] = email
	if w.in(25) {
		c.attributes["email"] = nil // after an anonymization
	}
	if w.in(3) {
		c.attributes["reference"] = nil
	}
	if !w.is("api", "older") {
		maps.Copy(c.attributes, map[string]any{
			"total_orders_count": orders, "shopper_reference": c.ID[2:], "profile_id": nil, "tax_exemption_code": nil,
			"jwt_custom_claim": nil, "anonymization_info": nil, "anonymization_status": nil,
		})
	}
	if w.is("api", "newer") {
		c.attributes["loyalty"] = object{"tier": 1}
	}
	if w.in(2) {
		c.related["customer_group"] = []*entity{w.newEntity("customer_groups", object{"name": "VIP"})}
	}
	for range []int{0, 1, 2, 12, 30}[w.random.IntN(5)] {
		c.related["orders"] = append(c.related["orders"], w.newOrder())
	}
	for range w.random.IntN(3) { // resources of two types may have one ID
		one, other := w.newEntity("addresses", nil), w.newEntity("bundles", nil)
		other.ID = one.ID
		c.related["events"] = append(c.related["events"], one, other)
	}
	return c
}

func (w *world) newOrder() *entity {
	return w.newEntity("orders", map[string]any{
		"number": strconv.Itoa(len(w.places)), "status": statuses[3+w.random.IntN(3)],
		"created_at": stamp(w.random.IntN(300)),
	})
}

// live lets customers come, go and change between two requests.
func (w *world) live() {
	w.before = len(w.history) - 1
	if !w.is("customers", "come and go") || w.served%3 > 0 {
		return
	}
	now := slices.Clone(w.present())
	i := w.random.IntN(len(now) + 1)
	switch event := w.random.IntN(8); {
	case event < 4 || i == len(now):
		now = append(now, w.newCustomer(now))
	case event < 6:
		now = slices.Delete(now, i, i+1)
	default:
		changed := *now[i]
		changed.attributes, changed.related = maps.Clone(changed.attributes), maps.Clone(changed.related)
		orders := slices.Clone(changed.related["orders"])
		changed.related["orders"] = append(orders[min(1, len(orders)):], w.newOrder())
		changed.attributes["status"], changed.attributes["updated_at"] = "repeat", stamp(300+w.served)
		if event == 7 {
			changed.attributes["email"] = nil
		}
		now[i] = &changed
	}
	w.history = append(w.history, now)
}

// ServeHTTP answers one request after a while.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	line := r.URL.String()
	w.asked[line]++
	line = fmt.Sprint(line, w.asked[line])
	w.mu.Unlock()
	if sleep(r.Context(), time.Duration(w.hash(line)%uint64(40*time.Millisecond))) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.live()
	w.served++
	often := w.hash("often"+line)%4 == 0
	if w.is("status", "cut connections now and then") && often {
		cut(rw, r)
	}
	switch a := w.answer(r.URL.Path, r.URL.Query(), often).(type) {
	case refusal:
		one := object{"title": "Refused", "code": a.code, "status": strconv.Itoa(a.status)}
		respond(a.status, "", marshal(object{"errors": []object{one}}))(rw, r)
	default:
		respond(http.StatusOK, "", marshal(a))(rw, r)
	}
}

type object = map[string]any

func marshal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// A refusal is an error of the API.
type refusal struct {
	status int
	code   string
}

var (
	noRecord = refusal{http.StatusNotFound, "RECORD_NOT_FOUND"}
	broken   = refusal{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR"}
	sudden   = map[string]refusal{
		"500 now and then":          broken,
		"401 now and then":          {http.StatusUnauthorized, "INVALID_TOKEN"},
		"404 of lists now and then": noRecord,
		"429 now and then":          {http.StatusTooManyRequests, "THROTTLED"},
	}
)

// answer returns a refusal or a document.
func (w *world) answer(path string, query url.Values, often bool) any {
	rest := strings.Split(strings.TrimPrefix(path, customersPath), "/")[1:]
	failure, fails := sudden[w.traits["status"]]
	switch {
	case w.served > runaway:
		return refusal{http.StatusGone, "RUNAWAY"}
	case fails && often && (failure != noRecord || len(rest) == 0):
		return failure
	case w.is("status", "503 at first") && w.served < 4:
		return refusal{http.StatusServiceUnavailable, ""}
	case w.is("status", "400 of long requests") && len(query.Encode()) > 250:
		return refusal{http.StatusBadRequest, "PARAM_NOT_ALLOWED"}
	case w.is("include", "refused") && query.Has("include"):
		return refusal{http.StatusBadRequest, "INVALID_INCLUDE"}
	case len(rest) == 0 && w.is("counts", "lag behind"):
		return w.list(query, w.present(), w.history[w.before])
	case len(rest) == 0:
		return w.list(query, w.present(), w.present())
	}
	c := find(w.present(), customerWith(rest[0]))
	switch {
	case c == nil:
		return noRecord
	case len(rest) == 1 && w.odd(c.Identifier) && w.is("records", "some are others"):
		return w.one(query, w.present()[0])
	case len(rest) == 1:
		return w.one(query, c)
	case w.is("related", "404"):
		return noRecord
	case rest[1] != "customer_group":
		return w.list(query, c.related[rest[1]], c.related[rest[1]])
	case query.Has("page[size]"):
		return refusal{http.StatusBadRequest, "PARAM_NOT_ALLOWED"}
	case len(c.related["customer_group"]) == 0:
		return object{"data": nil}
	}
	return w.one(query, c.related["customer_group"][0])
}

// bad tells whether the API can't show a customer, and fails instead.
func (w *world) bad(e *entity) bool {
	return w.is("records", "some fail with 500") && w.odd(e.Identifier)
}

func (w *world) one(query url.Values, e *entity) any {
	if w.bad(e) {
		return broken
	}
	return w.document(query, w.text(e, query), e)
}

// isFurther tells whether a query asks for a page after the first one.
func isFurther(query url.Values) bool {
	return query.Has("page[number]") || query.Has(filterKey("id_gt"))
}

// list returns a page. Those that match are counted among others than all if the
// counts lag behind.
func (w *world) list(query url.Values, all, counted []*entity) any {
	matched, refused := w.filtered(query, all)
	keys := strings.Split(query.Get("sort"), ",")
	size, _ := strconv.Atoi(query.Get("page[size]"))
	number, _ := strconv.Atoi(query.Get("page[number]"))
	size, number = cmp.Or(size, 10), cmp.Or(number, 1)
	switch given := keys[0] != "id"; {
	case refused:
		return refusal{http.StatusBadRequest, "INVALID_FILTER_VALUE"}
	case size > MaxPageSize:
		return refusal{http.StatusBadRequest, "INVALID_PAGE_VALUE"}
	case given && w.is("sort", "refused"):
		return refusal{http.StatusBadRequest, "INVALID_SORT_CRITERIA"}
	case given && w.is("sort", "always ascending"):
		keys[0] = strings.TrimPrefix(keys[0], "-")
	case given && w.is("sort", "ignored"), isFurther(query) && w.is("sort", "ignored on further pages"):
		keys = []string{"id"}
	case w.is("sort", "ignored, ordered at random"):
		keys = []string{"random"}
	}
	matched = slices.Clone(matched)
	slices.SortStableFunc(matched, w.compare(keys))
	if isFurther(query) {
		switch w.traits["further pages"] {
		case "404":
			return noRecord
		case "null":
			return object{"data": nil}
		case "one object":
			return w.one(query, w.present()[0])
		case "empty":
			matched, counted = nil, nil
		case "one too far":
			number++
		}
	}
	switch w.traits["pages"] {
	case "at most 10":
		size = min(size, 10)
	case "of 10 always":
		size = 10
	case "of 1 always":
		size = 1
	case "everything":
		size, number = max(len(matched), 1), 1
	case "the first again":
		number = 1
	}
	last := max(1, (len(matched)+size-1)/size)
	switch {
	case number > last && w.is("past the end", "404"):
		return noRecord
	case number > last && w.is("past the end", "the last page again"):
		number = last
	}
	from := min((number-1)*size, len(matched))
	to := min(from+size, len(matched))
	if w.is("pages", "cut to 10") {
		to = min(to, from+10)
	}
	if number > 1 && from > 0 && w.is("further pages", "overlap") {
		from--
	}
	page := w.spoiled(query, slices.Clone(matched[from:to]), all)
	if slices.ContainsFunc(page, w.bad) {
		return broken
	}
	texts := []json.RawMessage{}
	for _, e := range page {
		texts = append(texts, w.text(e, query))
	}
	document := w.document(query, texts, page...)
	if number < last && !w.is("next", "missing") || w.is("next", "always") {
		document["links"] = object{"next": testDomain + "/next"}
	}
	if counted, _ = w.filtered(query, counted); !w.is("counts", "missing") {
		document["meta"] = object{"record_count": w.count(len(counted), len(page), len(all))}
	}
	return document
}

// count returns how many of all resources match, if a page shows some of them.
func (w *world) count(matched, page, all int) int {
	switch w.traits["counts"] {
	case "too high":
		return matched + 1 + matched/10
	case "too low":
		return max(0, matched-1-matched/10)
	case "of the page":
		return page
	case "of all, whatever the filter":
		return all
	}
	return matched
}

// spoiled lets resources of a page be lacking, doubled or strange.
func (w *world) spoiled(query url.Values, page, all []*entity) []*entity {
	addresses := strings.ToLower(query.Get(filterKey("email_in")) + query.Get(filterKey("email_eq")))
	several := strings.Contains(query.Get(filterKey("id_in"))+addresses, ",")
	names := slices.Collect(maps.Keys(query))
	switch trait := w.traits["resources"]; {
	case trait == "some lacking", several && trait == "some lacking where several keys are asked for":
		return slices.DeleteFunc(page, func(e *entity) bool { return w.odd(e.Identifier) })
	case len(page) > 1 && trait == "one twice, in place of another":
		page[1] = page[0]
	case len(page) > 1 && trait == "one twice":
		return append(page[:len(page)-1], page[0], page[0])
	case trait == "a stranger" && strings.Contains(query.Encode(), "filter") && !slices.ContainsFunc(names, isOpaque):
		i := slices.IndexFunc(all, func(e *entity) bool {
			asked := e.email() != "" && strings.Contains(addresses, strings.ToLower(e.email()))
			return !asked && find(page, e.Identifier) == nil
		})
		if i >= 0 {
			return append(page[:min(len(page), MaxPageSize-1)], all[i])
		}
	}
	return page
}

// isOpaque tells whether the client can't compare a filter with what came.
func isOpaque(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, "]"), "_gt") || strings.Contains(name, "_not_")
}

// filtered returns the resources that match the filters of a query, or that it
// refuses one of them.
func (w *world) filtered(query url.Values, all []*entity) (matched []*entity, refused bool) {
	for name := range query {
		predicate, found := strings.CutPrefix(strings.TrimSuffix(name, "]"), "filter[q][")
		if !found {
			continue
		}
		value, trait := query.Get(name), "other filters"
		if slices.Contains([]string{"id_gt", "id_in", "email_in", "email_eq"}, predicate) {
			trait = predicate
		}
		unknown := predicate == "status_eq" && !slices.Contains(statuses, value)
		switch {
		case w.is(trait, "ignored"), w.is(trait, "ignored on further pages") && isFurther(query) && !isOpaque(name),
			w.is(trait, "some ignored") && w.hash(predicate)%2 == 0:
			continue
		case w.is(trait, "refused"), w.is("unknown values", "refused") && unknown:
			return nil, true
		}
		matches := w.predicate(predicate, value)
		all = slices.DeleteFunc(slices.Clone(all), func(e *entity) bool {
			return !matches(e) && (!w.is(trait, "by part") || e.place%7 > 0)
		})
	}
	return all, false
}

// predicate returns a function that tells whether a resource matches.
func (w *world) predicate(predicate, value string) func(*entity) bool {
	i := strings.LastIndex(predicate, "_")
	attribute, matcher := predicate[:i], predicate[i+1:]
	if one, other, several := strings.Cut(attribute, "_or_"); several {
		first, second := w.predicate(one+"_"+matcher, value), w.predicate(other+"_"+matcher, value)
		return func(e *entity) bool { return first(e) || second(e) }
	}
	if before, found := strings.CutSuffix(attribute, "_not"); found {
		equal := w.predicate(before+"_eq", value)
		return func(e *entity) bool { return e.attributes[before] != nil && !equal(e) }
	}
	if predicate == "id_gt" {
		start := w.places[value]
		return func(e *entity) bool {
			if w.is("id_gt", "by text") {
				return e.ID > value
			}
			return start > 0 && e.place > start || w.is("id_gt", "including the ID") && e.place == start
		}
	}
	fold := func(s string) string { return s }
	if w.is("case", "ignored", "ignored by "+matcher) {
		fold = strings.ToLower
	}
	values := strings.Split(fold(value), ",")
	return func(e *entity) bool {
		own := e.attributes[attribute]
		if attribute == "id" {
			own = e.ID
		}
		text := fold(fmt.Sprint(own))
		switch {
		case own == nil:
			return false
		case matcher == "start":
			return strings.HasPrefix(text, values[0])
		case matcher == "end":
			return strings.HasSuffix(text, values[0])
		case matcher == "gt":
			return text > values[0]
		}
		return slices.Contains(values, text)
	}
}

// compare orders resources by sort keys. null comes last.
func (w *world) compare(keys []string) func(a, b *entity) int {
	value := func(e *entity, name string) string {
		switch own := e.attributes[name]; {
		case name == "id":
			return fmt.Sprintf("%06d", e.place)
		case name == "random":
			return fmt.Sprint(w.hash(e.ID))
		case own == nil:
			return "~"
		default:
			return fmt.Sprint(own)
		}
	}
	return func(a, b *entity) (order int) {
		for _, key := range keys {
			name, descending := strings.CutPrefix(key, "-")
			x, y := value(a, name), value(b, name)
			if descending {
				x, y = y, x
			}
			order = cmp.Or(order, strings.Compare(x, y))
		}
		return order
	}
}

// text returns a resource object, which looks as the query asks for.
func (w *world) text(e *entity, query url.Values) json.RawMessage {
	fields, include := query.Get("fields["+e.Type+"]"), query.Get("include")
	switch {
	case w.is("fields", "ignored"):
		fields = ""
	case w.is("fields", "others") && e.Type == customersType:
		fields = "reference_origin"
	}
	key := fmt.Sprintf("%p %s %s", e, fields, include)
	if text, known := w.texts[key]; known {
		return text
	}
	wanted := func(name string) bool { return fields == "" || slices.Contains(strings.Split(fields, ","), name) }
	attributes, relationships := maps.Clone(e.attributes), object{}
	maps.DeleteFunc(attributes, func(name string, _ any) bool { return !wanted(name) })
	for _, name := range []string{"customer_group", "orders", "events"} {
		if e.Type == customersType && wanted(name) {
			relationships[name] = w.linked(e, name, slices.Contains(strings.Split(include, ","), name))
		}
	}
	meta := object{"mode": "test", "organization_id": organization}
	switch {
	case w.is("mode", "missing"):
		delete(meta, "mode")
	case w.is("mode", "live"), w.is("mode", "mixed") && w.odd(e.Identifier):
		meta["mode"] = "live"
	}
	if w.is("organization", "mixed") && w.odd(e.Identifier) {
		meta["organization_id"] = "oThErOrGaN"
	}
	w.texts[key] = json.RawMessage(marshal(object{
		"id": e.ID, "type": e.Type, "attributes": attributes, "relationships": relationships, "meta": meta,
	}))
	return w.texts[key]
}

// linked returns a relationship object. If it is included, it has linkage.
func (w *world) linked(e *entity, name string, included bool) object {
	relationship, linkage := object{"links": object{}}, []Identifier{}
	for _, r := range e.related[name] {
		linkage = append(linkage, r.Identifier)
	}
	switch {
	case !included, w.is("include", "ignored"):
	case name != "customer_group":
		relationship["data"] = linkage
	case len(linkage) > 0:
		relationship["data"] = linkage[0]
	case !w.is("included", "without linkage to nothing"):
		relationship["data"] = nil
	}
	return relationship
}

// document returns a document with the data and what the query includes of the
// resources that are shown.
func (w *world) document(query url.Values, data any, shown ...*entity) object {
	included := []json.RawMessage{}
	for _, e := range shown {
		for name := range strings.SplitSeq(query.Get("include"), ",") {
			for _, r := range e.related[name] {
				included = append(included, w.text(r, nil))
			}
		}
	}
	document := object{"data": data}
	if query.Has("include") && !w.is("include", "ignored") &&
		(len(included) > 0 || !w.is("included", "left out if empty")) {
		document["included"] = included
	}
	return document
}
