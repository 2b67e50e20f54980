package commercelayer_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
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
	kind, id string
	// place is its place in the hidden order of IDs.
	place      int
	attributes map[string]any
	related    map[string][]*entity
}

func same(a, b *entity) bool { return a.id == b.id && a.kind == b.kind }

func holds(list []*entity, e *entity) bool {
	return slices.ContainsFunc(list, func(other *entity) bool { return same(other, e) })
}

// A world is an organization: its truth, and a server in process that answers
// like the Core API, apart from its traits. What happens follows from the seed
// and from what is asked when.
type world struct {
	seed   uint64
	traits traits
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
	texts   map[string]string
}

const (
	host         = "https://acme.commercelayer.io"
	organization = "oRgAnIzAtN"
	// runaway is how many requests a world answers. No run of readers needs as
	// many.
	runaway = 1000
	// unsent is a lie that only a read of each key alone can show.
	unsent = "some lacking and not counted where several keys are asked for"
)

// statuses are those of customers, and then those of orders.
var statuses = []string{"prospect", "acquired", "repeat", "placed", "approved", "pending"}

func newWorld(seed uint64, draw func(uint64, *rand.Rand) traits) *world {
	w := &world{
		seed: seed, random: rand.New(rand.NewPCG(seed, 1)), readers: rand.New(rand.NewPCG(seed, 2)),
		places: map[string]int{}, asked: map[string]int{}, texts: map[string]string{},
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
func (w *world) odd(e *entity) bool { return w.hash(e.id)%9 == 0 }

// newEntity returns a resource with an ID whose text tells nothing about its
// place.
func (w *world) newEntity(kind string, attributes map[string]any) *entity {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	id := make([]byte, 10)
	for i := range id {
		id[i] = letters[w.random.IntN(len(letters))]
	}
	w.places[string(id)] = len(w.places) + 1
	return &entity{kind: kind, id: string(id), place: len(w.places), attributes: attributes, related: map[string][]*entity{}}
}

func stamp(day int) string {
	return time.Date(2019, 1, 1+day, 0, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
}

func (w *world) newCustomer(others []*entity) *entity {
	orders, day := w.random.IntN(4), len(w.places)/3 // some are equal in created_at
	if w.is("customers", "imported") {
		day = w.random.IntN(100)
	}
	c := w.newEntity("customers", map[string]any{
		"status": statuses[min(orders, 2)], "has_password": w.in(2), "created_at": stamp(day),
		"updated_at": stamp(200 + w.random.IntN(50)), "reference_origin": nil, "metadata": map[string]any{"n": len(w.places)},
		"reference": fmt.Sprint([]string{"vip", "old", "new"}[w.random.IntN(3)], "-", w.random.IntN(9)),
	})
	email := fmt.Sprintf("%s.%d@example.com", strings.ToLower(c.id[:4]), c.place)
	if len(others) > 0 && w.in(4) {
		if other, has := others[w.random.IntN(len(others))].attributes["email"].(string); has {
			email = other
		}
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
			"total_orders_count": orders, "shopper_reference": c.id[2:], "profile_id": nil, "tax_exemption_code": nil,
			"jwt_custom_claim": nil, "anonymization_info": nil, "anonymization_status": nil,
		})
	}
	if w.is("api", "newer") {
		c.attributes["loyalty"] = map[string]any{"tier": 1}
	}
	if w.in(2) {
		c.related["customer_group"] = []*entity{w.newEntity("customer_groups", map[string]any{"name": "VIP"})}
	}
	for range []int{0, 1, 2, 12, 30}[w.random.IntN(5)] {
		c.related["orders"] = append(c.related["orders"], w.newOrder())
	}
	for range w.random.IntN(3) { // resources of two types may have one ID
		one, other := w.newEntity("addresses", nil), w.newEntity("bundles", nil)
		other.id = one.id
		c.related["events"] = append(c.related["events"], one, other)
	}
	return c
}

func (w *world) newOrder() *entity {
	return w.newEntity("orders", map[string]any{
		"number": strconv.Itoa(len(w.places)), "status": statuses[3+w.random.IntN(3)], "created_at": stamp(w.random.IntN(300)),
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

// oddHeaders are the headers of a trait. An empty one stands for none.
var oddHeaders = map[string]map[string]string{
	"without Date": {"Date": ""}, "with Age": {"Age": "30"}, "with gzip": {"Content-Encoding": "gzip"},
	"with rate limits": {"X-Ratelimit-Limit": "100", "X-Ratelimit-Interval": "60", "X-Ratelimit-Remaining": "80"},
}

// RoundTrip implements [http.RoundTripper].
func (w *world) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	line := req.URL.String()
	w.asked[line]++
	line = fmt.Sprint(line, w.asked[line])
	w.mu.Unlock()
	select {
	case <-time.After(time.Duration(w.hash(line) % uint64(40*time.Millisecond))):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.live()
	w.served++
	often := w.hash("often"+line)%4 == 0
	if w.is("status", "cut connections now and then") && often {
		return nil, io.ErrUnexpectedEOF
	}
	a := w.answer(req.URL.Path, req.URL.Query(), often)
	recorder := httptest.NewRecorder()
	header := recorder.Header()
	header.Set("Content-Type", "application/vnd.api+json")
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	for name, value := range oddHeaders[w.traits["headers"]] {
		header.Set(name, value)
	}
	body := []byte(a.body)
	if header.Get("Content-Encoding") != "" {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = z.Write(body)
		_ = z.Close()
		body = zipped.Bytes()
	}
	recorder.WriteHeader(cmp.Or(a.status, http.StatusOK))
	_, _ = recorder.Write(body)
	resp := recorder.Result()
	resp.Request = req
	return resp, nil
}

// An answer is a status and a body. The status 0 stands for 200.
type answer struct {
	status int
	body   string
}

// refusal returns an error as the API writes it.
func refusal(status int, code string) answer {
	return answer{status, fmt.Sprintf(`{"errors":[{"title":"Refused","code":%q,"status":"%d"}]}`, code, status)}
}

var (
	noRecord = refusal(http.StatusNotFound, "RECORD_NOT_FOUND")
	broken   = refusal(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR")
	sudden   = map[string]answer{
		"500 now and then":          broken,
		"401 now and then":          refusal(http.StatusUnauthorized, "INVALID_TOKEN"),
		"404 of lists now and then": noRecord,
		"429 now and then":          {429, `{"errors":{"title":"Too Many Requests","code":"THROTTLED","status":429}}`},
	}
)

// answer returns the answer to a request.
func (w *world) answer(path string, query url.Values, often bool) answer {
	rest := strings.Split(strings.TrimPrefix(path, "/api/customers"), "/")[1:]
	failure, fails := sudden[w.traits["status"]]
	switch {
	case w.served > runaway:
		return refusal(http.StatusGone, "RUNAWAY")
	case fails && often && (failure != noRecord || len(rest) == 0):
		return failure
	case w.is("status", "503 at first") && w.served < 4:
		return answer{http.StatusServiceUnavailable, "<html>"}
	case w.is("status", "400 of long requests") && len(query.Encode()) > 250:
		return refusal(http.StatusBadRequest, "PARAM_NOT_ALLOWED")
	case w.is("include", "refused") && query.Has("include"):
		return refusal(http.StatusBadRequest, "INVALID_INCLUDE")
	case len(rest) == 0:
		return w.list(query, w.present(), true)
	}
	i := slices.IndexFunc(w.present(), func(c *entity) bool { return c.id == rest[0] })
	if i < 0 {
		return noRecord
	}
	c := w.present()[i]
	switch {
	case len(rest) == 1 && w.odd(c) && w.is("records", "some are null"):
		return answer{body: `{"data":null}`}
	case len(rest) == 1 && w.odd(c) && w.is("records", "some are others"):
		return w.one(query, w.present()[0])
	case len(rest) == 1:
		return w.one(query, c)
	case w.is("related", "404"):
		return noRecord
	case rest[1] != "customer_group":
		return w.list(query, c.related[rest[1]], false)
	case query.Has("page[size]"):
		return refusal(http.StatusBadRequest, "PARAM_NOT_ALLOWED")
	case len(c.related["customer_group"]) == 0:
		return answer{body: `{"data":null}`}
	}
	return w.one(query, c.related["customer_group"][0])
}

// bad tells whether the API can't show a customer, and fails instead.
func (w *world) bad(e *entity) bool { return w.is("records", "some fail with 500") && w.odd(e) }

func (w *world) one(query url.Values, e *entity) answer {
	if w.bad(e) {
		return broken
	}
	return answer{body: fmt.Sprintf(`{"data":%s%s}`, w.text(e, query), w.included(query, e))}
}

func (w *world) list(query url.Values, all []*entity, customers bool) answer {
	matched, refused := w.filtered(query, all)
	keys := strings.Split(query.Get("sort"), ",")
	further := query.Has("page[number]") || query.Has("filter[q][id_gt]")
	size, number := intOr(query.Get("page[size]"), 10), intOr(query.Get("page[number]"), 1)
	switch given := keys[0] != "id"; {
	case refused:
		return refusal(http.StatusBadRequest, "INVALID_FILTER_VALUE")
	case size > 25:
		return refusal(http.StatusBadRequest, "INVALID_PAGE_VALUE")
	case given && w.is("sort", "refused"):
		return refusal(http.StatusBadRequest, "INVALID_SORT_CRITERIA")
	case given && w.is("sort", "always ascending"):
		keys[0] = strings.TrimPrefix(keys[0], "-")
	case given && w.is("sort", "ignored"), further && w.is("sort", "ignored on further pages"):
		keys = []string{"id"}
	case w.is("sort", "ignored, ordered at random"):
		keys = []string{"random"}
	case w.is("sort", "ignored, another order each time"):
		keys = []string{"random" + strconv.Itoa(w.served)}
	}
	matched = slices.Clone(matched)
	slices.SortStableFunc(matched, w.compare(keys))
	if further {
		switch w.traits["further pages"] {
		case "404":
			return noRecord
		case "null":
			return answer{body: `{"data":null}`}
		case "one object":
			return w.one(query, w.present()[0])
		case "empty":
			matched = nil
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
	if w.is("end", "never") && !query.Has("filter[q][id_in]") {
		matched, number = w.endless(query, 2*size), 1
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
	var texts []string
	for _, e := range page {
		texts = append(texts, w.text(e, query))
	}
	next := ""
	if number < last && !w.is("next", "missing") || w.is("next", "always") {
		next = `"next":"` + host + `/next"`
	}
	count := len(matched)
	if customers && w.is("counts", "lag behind") {
		earlier, _ := w.filtered(query, w.history[w.before])
		count = len(earlier)
	}
	return answer{body: fmt.Sprintf(`{"data":[%s]%s,"meta":{%s},"links":{%s}}`,
		strings.Join(texts, ","), w.included(query, page...), w.counts(count, len(page), len(all), further), next)}
}

// counts returns the counts in the meta of a list of n resources.
func (w *world) counts(n, page, all int, further bool) string {
	switch w.traits["counts"] {
	case "missing":
		return ""
	case "only beside the first whole page":
		if page < 25 || further {
			return ""
		}
	case "too high":
		n += 1 + n/10
	case "too low":
		n = max(0, n-1-n/10)
	case "of the page":
		n = page
	case "of all, whatever the filter":
		n = all
	case "another each time":
		n = max(page, n-1+int(w.hash(strconv.Itoa(w.served))%3))
	}
	return fmt.Sprintf(`"record_count":%d,"page_count":%d`, n, n/25+1)
}

// endless returns n new resources that match what was asked.
func (w *world) endless(query url.Values, n int) (made []*entity) {
	for range n {
		e := w.newCustomer(nil)
		asked := query.Get("filter[q][email_in]") + query.Get("filter[q][email_eq]")
		if address, _, _ := strings.Cut(asked, ","); address != "" {
			e.attributes["email"] = address
		}
		made = append(made, e)
	}
	return made
}

// spoiled lets resources of a page be lacking, doubled or strange.
func (w *world) spoiled(query url.Values, page, all []*entity) []*entity {
	asked := strings.ToLower(query.Get("filter[q][id_in]") + query.Get("filter[q][email_in]") + query.Get("filter[q][email_eq]"))
	switch w.traits["resources"] {
	case "some lacking":
		return slices.DeleteFunc(page, w.odd)
	case "some lacking where several keys are asked for":
		return slices.DeleteFunc(page, func(e *entity) bool { return strings.Contains(asked, ",") && w.odd(e) })
	case "one twice, in place of another":
		if len(page) > 1 {
			page[1] = page[0]
		}
	case "one twice":
		if len(page) > 1 {
			return append(page[:len(page)-1], page[0], page[0])
		}
	case "a stranger":
		i := slices.IndexFunc(all, func(e *entity) bool {
			return !holds(page, e) && !strings.Contains(asked, strings.ToLower(fmt.Sprint(e.attributes["email"])))
		})
		if i >= 0 && strings.Contains(query.Encode(), "filter") && !query.Has("filter[q][id_gt]") {
			return append(page[:min(len(page), 24)], all[i])
		}
	}
	return page
}

func intOr(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}

// filtered returns the resources that match the filters of a query, or that it
// refuses one of them.
func (w *world) filtered(query url.Values, all []*entity) (matched []*entity, refused bool) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		predicate, found := strings.CutPrefix(strings.TrimSuffix(name, "]"), "filter[q][")
		if !found {
			continue
		}
		value, trait := query.Get(name), "other filters"
		if slices.Contains([]string{"id_gt", "id_in", "email_in", "email_eq"}, predicate) {
			trait = predicate
		}
		further := query.Has("page[number]") || query.Has("filter[q][id_gt]")
		unknown := predicate == "status_eq" && !slices.Contains(statuses, value)
		switch {
		case w.is(trait, "ignored"), further && w.is(trait, "ignored on further pages"),
			w.is(trait, "some ignored") && w.hash(predicate)%2 == 0:
			continue
		case w.is(trait, "refused"), unknown && w.is("unknown values", "refused"):
			return nil, true
		}
		matches := w.predicate(predicate, value)
		several := trait != "other filters" && strings.Contains(value, ",") && w.is("resources", unsent)
		kept := []*entity{}
		for _, e := range all {
			left := several && w.odd(e)
			if !left && (matches(e) || w.is(trait, "by part") && e.place%7 == 0) {
				kept = append(kept, e)
			}
		}
		all = kept
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
			return e.place > start && start > 0 && !w.is("id_gt", "by text") || e.place == start && w.is("id_gt", "including the ID") ||
				e.id > value && w.is("id_gt", "by text")
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
			own = e.id
		}
		text := fold(fmt.Sprint(own))
		n, isNumber := own.(int)
		switch {
		case own == nil:
			return false
		case matcher == "start":
			return strings.HasPrefix(text, values[0])
		case matcher == "end":
			return strings.HasSuffix(text, values[0])
		case matcher == "cont":
			return strings.Contains(text, values[0])
		case matcher == "gt" && isNumber:
			return n > intOr(value, 0)
		case matcher == "gt":
			return text > values[0]
		}
		return slices.Contains(values, text)
	}
}

// compare orders resources by sort keys. null comes last.
func (w *world) compare(keys []string) func(a, b *entity) int {
	return func(a, b *entity) int {
		for _, key := range keys {
			name, descending := strings.CutPrefix(key, "-")
			x, y := a.attributes[name], b.attributes[name]
			order := cmp.Compare(fmt.Sprint(x), fmt.Sprint(y))
			switch {
			case name == "id":
				order = cmp.Compare(a.place, b.place)
			case strings.HasPrefix(name, "random"):
				order = cmp.Compare(w.hash(key+a.id), w.hash(key+b.id))
			case x == nil && y != nil:
				order = 1
			case x != nil && y == nil:
				order = -1
			}
			if descending {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	}
}

// text returns a resource object, which looks as the query asks for.
func (w *world) text(e *entity, query url.Values) string {
	fields, include := query.Get("fields[customers]"), query.Get("include")
	if e.kind != "customers" || w.is("fields", "ignored") {
		fields = ""
	}
	if w.is("include", "ignored") {
		include = ""
	}
	key := fmt.Sprintf("%p %s %s", e, fields, include)
	if w.texts[key] == "" {
		wanted := func(name string) bool { return fields == "" || slices.Contains(strings.Split(fields, ","), name) }
		if w.is("fields", "others") && e.kind == "customers" {
			wanted = func(name string) bool { return name == "reference_origin" }
		}
		attributes, relationships := maps.Clone(e.attributes), map[string]any{}
		maps.DeleteFunc(attributes, func(name string, _ any) bool { return !wanted(name) })
		for _, name := range w.relationships() {
			if e.kind != "customers" || !wanted(name) {
				continue
			}
			self := host + "/api/customers/" + e.id
			links := map[string]string{"self": self + "/relationships/" + name, "related": self + "/" + name}
			relationships[name] = map[string]any{"links": links}
			if slices.Contains(strings.Split(include, ","), name) {
				linkage, told := w.linkage(e, name)
				if told {
					relationships[name] = map[string]any{"links": links, "data": linkage}
				}
			}
		}
		object := map[string]any{
			"id": e.id, "type": e.kind, "links": map[string]string{"self": host + "/" + e.id}, "attributes": attributes,
		}
		if len(relationships) > 0 {
			object["relationships"] = relationships
		}
		text := marshal(object)
		w.texts[key] = text[:len(text)-1]
	}
	meta := map[string]string{"mode": "test", "organization_id": organization, "trace_id": strconv.Itoa(w.served)}
	switch {
	case w.is("mode", "missing"):
		delete(meta, "mode")
	case w.is("mode", "live"), w.is("mode", "mixed") && w.odd(e):
		meta["mode"] = "live"
	}
	if w.is("organization", "mixed") && w.odd(e) {
		meta["organization_id"] = "oThErOrGaN"
	}
	return w.texts[key] + `,"meta":` + marshal(meta) + "}"
}

func marshal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// relationships returns the names of a customer's relationships.
func (w *world) relationships() []string {
	names := map[string][]string{"older": {}, "newer": {"tags", "rewards"}}[w.traits["api"]]
	return append(names, "customer_group", "orders", "events")
}

// linkage returns the data of an included relationship, and whether it is sent.
func (w *world) linkage(e *entity, name string) (data any, told bool) {
	linkage := []map[string]string{}
	for _, r := range e.related[name] {
		linkage = append(linkage, map[string]string{"type": r.kind, "id": r.id})
	}
	switch {
	case name != "customer_group":
		return linkage, true
	case len(linkage) > 0:
		return linkage[0], true
	}
	return nil, !w.is("included", "without linkage to nothing")
}

// included returns the member of a document with the included resources.
func (w *world) included(query url.Values, page ...*entity) string {
	var texts []string
	for _, e := range page {
		for name := range strings.SplitSeq(query.Get("include"), ",") {
			for _, r := range e.related[name] {
				texts = append(texts, w.text(r, url.Values{}))
			}
		}
	}
	if !query.Has("include") || w.is("include", "ignored") || texts == nil && w.is("included", "left out if empty") {
		return ""
	}
	return `,"included":[` + strings.Join(texts, ",") + "]"
}
