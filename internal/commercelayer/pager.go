package commercelayer

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

const (
	// MaxPageSize is how many resources a page may have (documented). So it is also
	// how many keys one list request can ask for.
	MaxPageSize = 25
	// MaxUnlimited is the largest number of resources that are read without a
	// limit.
	MaxUnlimited = 10_000
)

// errStopped ends a list whose caller wants no more of it.
var errStopped = errors.New("the caller wants no more")

// A pager reads a list page by page, and shows each page to a verdict. Without
// a sort it reads in the API's own order of IDs. Each page then starts after
// the last ID of the page before. So nothing is lost or read twice while
// resources are created or deleted. IDs are never compared here, because their
// order is known only to the API.
//
// A list is whole when what was read, the last count and links.next agree. If
// they do not, more is read, and the API counts once more.
type pager struct {
	client    *Client
	operation operation
	progress  *progress
	verdict   *verdict
	budget    *budget
	// query holds the parameters of each request, except those for paging.
	query url.Values
	// limit is the largest number of resources to hand on. 0 means no limit.
	limit int
	// maxResources is how many resources an answer may have.
	maxResources int
	// single leaves paging and sorting out of the requests. The API may refuse them
	// if the answer is a single resource.
	single bool
	// controlled holds the predicates that can't be compared, and about which one of
	// the pagers of a result has asked.
	controlled *sync.Map
	// first is the answer to the first request, if that was sent already.
	first *answer
	// yield takes the new resources of a page. It returns false if it wants no
	// more.
	yield func(document *jsonapi.Document, fresh []*jsonapi.Resource) (bool, *Error)

	// kind is what the data of the first document is, once there is one.
	kind jsonapi.DataKind
	// read is how many resources were handed on.
	read int
	// recounted is set after the request that counts once more.
	recounted bool
	// late is set if the last document counts fewer resources than it has: its count
	// lags behind, or counts something else.
	late bool
	// hasNext is set if the last page says that another one follows.
	hasNext bool
}

// newPager returns a pager for a list of which this is expected.
func (c *Client) newPager(o operation, p *progress, e expectation, b *budget) *pager {
	query := url.Values{}
	e.fields.query(query, e.ofType)
	for predicate, value := range e.filter {
		query.Set(filterKey(predicate), value)
	}
	if e.by != nil {
		maps.Copy(query, e.by.among(e.keys))
	}
	return &pager{
		client: c, operation: o, progress: p, verdict: newVerdict(e), budget: b,
		query: query, maxResources: MaxPageSize, controlled: new(sync.Map),
	}
}

// readList reads or counts a whole list, and notes the outcome. convert makes the
// values that are handed on from the new resources of a page.
func readList[T any](
	ctx context.Context, g *pager, count bool, o *Outcome,
	convert func(document *jsonapi.Document, fresh []*jsonapi.Resource) ([]T, *Error), yield func([]T, error) bool,
) (err error) {
	if err := g.checkLength(ctx); err != nil {
		return err
	}
	defer func() { o.Findings = g.verdict.findings }()
	if count {
		o.Total, err = g.count(ctx)
		return err
	}
	g.yield = func(document *jsonapi.Document, fresh []*jsonapi.Resource) (bool, *Error) {
		values, failure := convert(document, fresh)
		if failure != nil {
			return false, failure
		}
		o.Total = max(g.verdict.total, 0)
		return yield(values, nil), nil
	}
	err = g.pages(ctx)
	o.Total = max(g.verdict.total, 0)
	return err
}

// pages reads the whole list, and then the total and the verdict may be read.
func (g *pager) pages(ctx context.Context) error {
	var err error
	if len(g.verdict.sort) > 0 {
		err = g.byNumber(ctx, g.sort(), 1, 0)
	} else {
		err = g.byID(ctx)
	}
	if err != nil && !errors.Is(err, errStopped) {
		return err
	}
	g.verdict.close()
	return nil
}

// sort returns the sort with the ID at the end. So the order is the same on
// each page, even if resources are equal in the attributes of the sort.
func (g *pager) sort() []string {
	sort := g.verdict.sort
	if slices.Contains(sort, "id") || slices.Contains(sort, "-id") {
		return sort
	}
	return append(slices.Clone(sort), "id")
}

// inOrderOfIDs is the sort of a list that has none.
var inOrderOfIDs = []string{"id"}

// count asks for the number of matches. If there is something to compare, a
// page comes with it, else one resource, because the API may not accept a size
// of 0. If the count and the page do not agree, the list is read.
func (g *pager) count(ctx context.Context) (int, error) {
	g.verdict.sort = nil
	size := 1
	if g.verdict.asked != nil || len(g.verdict.filter) > 0 {
		size = MaxPageSize
	}
	document, _, err := g.page(ctx, nil, inOrderOfIDs, size)
	if err != nil {
		return 0, err
	}
	n := distinct(document)
	if !g.late && document.Total == n && !document.Next || document.Total > n && (n >= size || n > 0 && document.Next) {
		return document.Total, nil
	}
	g.verdict.seen, g.kind = map[Identifier]bool{}, jsonapi.NoData
	g.yield = func(*jsonapi.Document, []*jsonapi.Resource) (bool, *Error) { return true, nil }
	err = g.pages(ctx)
	return g.verdict.total, err
}

// afterID is the parameter that starts a page after an ID.
func afterID(id string) url.Values { return url.Values{filterKey("id_gt"): {id}} }

// byID reads the list in the order of the IDs.
func (g *pager) byID(ctx context.Context) error {
	var start url.Values
	last, resumed := "", false
	first := 0 // the number of resources on the first page, until there is a second one
	for {
		before, repeated := len(g.verdict.seen), g.verdict.repeated
		document, fresh, err := g.page(ctx, start, inOrderOfIDs, g.size())
		switch {
		case err != nil && start != nil && refusesFilter(err):
			// The first page was served, so the API refuses the filter id_gt.
			return g.continueByNumber(ctx, first)
		case err != nil:
			return err
		}
		n, whole := len(document.Items), document.Total
		repeats := g.verdict.repeated > repeated // the page does not start after the ID, as it should
		switch {
		case start == nil:
			g.verdict.counted(document.Total)
			first = n
		case !repeats:
			first, whole = 0, before+document.Total // the page counts what follows after the ID
			if n == 0 {
				g.verdict.atLeast(whole)
			}
		}
		if err := g.take(ctx, document, fresh); err != nil {
			return err
		}
		switch {
		case g.full():
			return g.atLimit(ctx, document.Next, whole)
		case repeats:
			return g.continueByNumber(ctx, first)
		case n > 0:
			last = document.Items[n-1].ID
			if g.late || document.Total != n || document.Next {
				start = afterID(last)
				continue
			}
		}
		if err := g.checkEnd(ctx, document); err != nil || g.verdict.lacks() == 0 {
			return err
		}
		// Either they were created after the last page, or id_gt does not follow the
		// order of sort=id. Then the page numbers find them.
		if resumed || last == "" {
			return g.continueByNumber(ctx, 0)
		}
		resumed, start = true, afterID(last)
	}
}

// continueByNumber goes on by page number. If only the first page was read so
// far, with the given number of resources, it goes on with the second one.
func (g *pager) continueByNumber(ctx context.Context, first int) error {
	number := 1
	if first > 0 {
		number = 2
	}
	before := len(g.verdict.seen)
	err := g.byNumber(ctx, inOrderOfIDs, number, first)
	// A customer who is found only now may have changed so that he matches. Several
	// were missed.
	if found := len(g.verdict.seen) - before; g.verdict.asked == nil && (found > 1 || found > 0 && number > 1) {
		g.verdict.findings.add(Finding{Kind: FindingUnordered})
	}
	return err
}

// checkEnd counts once more if resources are missing after the last page.
func (g *pager) checkEnd(ctx context.Context, last *jsonapi.Document) error {
	switch {
	case last != nil && len(last.Items) == 0 && last.Next && g.verdict.last < 0:
		return g.fail(ctx, malformed("a page without %s says that another one follows", g.verdict.nouns))
	case g.verdict.lacks() == 0 || g.recounted:
		return nil
	}
	return g.recount(ctx)
}

func (g *pager) recount(ctx context.Context) error {
	g.recounted = true
	document, err := g.fetch(ctx, nil, inOrderOfIDs, 1)
	if err == nil {
		g.verdict.counted(document.Total)
	}
	return err
}

// atLimit ends a list whose limit is reached. The count must agree with what
// came, although no more is read. whole is the count by the last page.
func (g *pager) atLimit(ctx context.Context, next bool, whole int) error {
	if g.verdict.uncounted(next) {
		g.verdict.atLeast(whole)
	}
	if !g.verdict.uncounted(next) {
		return nil
	}
	if err := g.recount(ctx); err != nil {
		return err
	}
	if g.verdict.uncounted(next) {
		g.verdict.findings.add(Finding{Kind: FindingUncounted, Read: g.read})
	}
	return nil
}

// byNumber reads the list by page number, from the page with the number. size
// is the size of its pages, or 0 if no page was read so far.
func (g *pager) byNumber(ctx context.Context, sort []string, number, size int) error {
	passed := (number - 1) * size // how many resources the pages before have
	if size == 0 {
		size = max(g.size(), 2) // two show whether the sort is obeyed
	}
	pass := map[Identifier]bool{} // what came on these pages
	if number > 1 {
		pass = maps.Clone(g.verdict.seen)
	}
	for ; ; number++ {
		var more url.Values
		if number > 1 {
			more = url.Values{"page[number]": {strconv.Itoa(number)}}
		}
		document, fresh, err := g.page(ctx, more, sort, size)
		switch {
		case err != nil && number > 1 && isNotFound(err) && (g.verdict.last >= 0 || !g.hasNext):
			return g.end(ctx, nil, false) // the list has become shorter, so this page does not exist any more
		case err != nil:
			return err
		}
		n, news := len(document.Items), len(pass)
		if !g.late || passed == 0 {
			g.verdict.counted(document.Total)
		}
		for _, item := range document.Items {
			pass[item.Resource.Identifier] = true
		}
		news = len(pass) - news
		if err := g.take(ctx, document, fresh); err != nil {
			return err
		}
		switch {
		case g.full():
			return g.atLimit(ctx, document.Next, document.Total)
		case n == 0, !g.late && document.Total >= 0 && passed+n >= document.Total && !document.Next:
			return g.end(ctx, document, false)
		case news == 0:
			return g.end(ctx, document, true)
		}
		// The pages have the size that really came, and not the one that was asked
		// for. It decides where a page begins.
		if passed == 0 {
			size = n
		}
		passed += n
	}
}

// end ends a list that was read by page number. repeats is set if the last page
// brought nothing new. Then either the list has become shorter, and the API
// sends its last page again, or it sends the same page each time. In the second
// case a page or more is missing.
func (g *pager) end(ctx context.Context, last *jsonapi.Document, repeats bool) error {
	if err := g.checkEnd(ctx, last); err != nil {
		return err
	}
	// links.next must not be there, unless the count tells that this is not all.
	endless := repeats && last.Next && (g.verdict.last < 0 || g.verdict.total == len(last.Items))
	if endless || repeats && g.verdict.lacks() >= len(last.Items) && !g.verdict.grew() {
		return g.fail(ctx, malformed("a page repeats the %s of the pages before", g.verdict.nouns))
	}
	g.verdict.conclude()
	return nil
}

// size returns the size of the next page. It is not larger than what the limit
// leaves.
func (g *pager) size() int {
	if g.limit == 0 {
		return MaxPageSize
	}
	return min(MaxPageSize, g.limit-g.read)
}

// full tells whether the limit is reached.
func (g *pager) full() bool { return g.limit > 0 && g.read >= g.limit }

// take hands on the new resources of a page, within the limit. It fails if
// there are too many for a list without one.
func (g *pager) take(ctx context.Context, document *jsonapi.Document, fresh []*jsonapi.Resource) error {
	if g.limit > 0 {
		fresh = fresh[:min(len(fresh), g.limit-g.read)]
	}
	g.read += len(fresh)
	if len(fresh) > 0 {
		wanted, failure := g.yield(document, fresh)
		switch {
		case failure != nil:
			return g.fail(ctx, failure)
		case !wanted:
			return errStopped
		}
	}
	if n := max(g.verdict.total, len(g.verdict.seen)); g.limit == 0 && n > MaxUnlimited {
		return g.fail(ctx, &Error{Class: ErrTooMany, Count: n})
	}
	return nil
}

// page reads one page and shows it to the verdict. If that leaves a doubt about
// the filter, the API is asked.
func (g *pager) page(
	ctx context.Context, more url.Values, sort []string, size int,
) (*jsonapi.Document, []*jsonapi.Resource, error) {
	document, err := g.fetch(ctx, more, sort, size)
	if err != nil {
		return nil, nil, err
	}
	token := g.progress.snapshot().claims
	fresh, failure := g.verdict.look(document, token)
	if failure != nil {
		return nil, nil, g.fail(ctx, failure)
	}
	g.client.noteOrganization(ctx, g.verdict.organization, token)
	g.hasNext = document.Next
	return document, fresh, g.askAboutFilter(ctx, document.Total)
}

// fetch reads one page. The total of the document is at least the number of
// different resources that came with it, unless it is not told at all.
func (g *pager) fetch(ctx context.Context, more url.Values, sort []string, size int) (*jsonapi.Document, error) {
	query := url.Values{}
	if !g.single {
		query = listQuery(sort, size)
	}
	maps.Copy(query, g.query)
	maps.Copy(query, more)
	got, err := g.send(ctx, &request{path: g.operation.path, query: query})
	if err != nil {
		if g.verdict.ofType != "" {
			err = listError(err)
		}
		return nil, g.fail(ctx, err)
	}
	if failure := g.budget.spend(len(got.body), g.read); failure != nil {
		return nil, g.fail(ctx, failure)
	}
	document, failure := decodeDocument(got.body, g.maxResources)
	if failure != nil {
		return nil, g.fail(ctx, failure)
	}
	if failure := g.checkKind(document); failure != nil {
		return nil, g.fail(ctx, failure)
	}
	if document.Kind != jsonapi.Many { // one resource or none: it is whole
		if document.Next || document.Total > len(document.Items) {
			return nil, g.fail(ctx, malformed("the document holds no list, and says that there is more"))
		}
		document.Total = len(document.Items)
	}
	if g.late = false; document.Total >= 0 {
		n := distinct(document)
		g.late, document.Total = document.Total < n, max(document.Total, n)
	}
	return document, nil
}

func (g *pager) send(ctx context.Context, r *request) (*answer, error) {
	if first := g.first; first != nil {
		g.first = nil
		return first, nil
	}
	return g.client.roundTrip(ctx, g.progress, func() *request { return r })
}

// distinct counts the different resources of a document.
func distinct(document *jsonapi.Document) int {
	different := map[Identifier]bool{}
	for _, item := range document.Items {
		if item.Resource != nil {
			different[item.Resource.Identifier] = true
		}
	}
	return len(different)
}

// checkKind judges what the data of a document is. A list does not become one
// resource or null on a later page.
func (g *pager) checkKind(document *jsonapi.Document) *Error {
	before := g.kind
	if before == jsonapi.NoData {
		g.kind = document.Kind
	}
	switch {
	case document.Kind == jsonapi.Many && g.single:
		return malformed("the document holds a list where one resource was asked for")
	case document.Kind == jsonapi.Many:
		return nil
	case before == jsonapi.Many:
		return malformed("a list became something else on a later page")
	case g.verdict.ofType != "":
		return malformed("the document holds no list of %s", g.verdict.nouns)
	case document.Kind == jsonapi.NoData:
		return malformed("the document has no data")
	}
	return nil
}

// fail makes the error of the reader that asked for the list.
func (g *pager) fail(ctx context.Context, err error) *Error {
	return g.operation.failure(ctx, err, g.progress)
}

// refusesFilter tells whether the API may have refused a parameter of the
// request.
func refusesFilter(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.refusesParameters()
}

// refusesParameters tells whether the API may have refused a parameter of the
// request, and not the request as such.
func (e *Error) refusesParameters() bool {
	return e.Class == ErrBadRequest && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity)
}

// isNotFound tells whether the API itself says that there is no such page.
func isNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Class == ErrNotFound || e.Class == ErrNoList) && e.Code() != ""
}

// listError tells a list that is not found from a resource that is not found. A
// list of one type always exists.
func listError(err error) error {
	failure, ok := errors.AsType[*Error](err)
	if !ok || failure.Class != ErrNotFound {
		return err
	}
	own := *failure
	own.Class = ErrNoList
	return &own
}

// listQuery returns the parameters of a page. They always have a sort, since
// the default order is not documented.
func listQuery(sort []string, size int) url.Values {
	return url.Values{"sort": {join(sort)}, "page[size]": {strconv.Itoa(size)}}
}
