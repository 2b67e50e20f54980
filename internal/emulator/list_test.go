package emulator_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// page requests a list. pairs are the names and values of the parameters.
func page(e *emulator.Emulator, pairs ...string) answer {
	query := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return get(e, "/api/customers?"+query.Encode())
}

func TestPagesHaveCountsAndLinks(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(50)) // 52 with the seeded ones
	tests := []struct {
		name         string
		query        []string
		length       int
		pages        int
		links        []string
		wantNextLike string
	}{
		{"default size", nil, 10, 6, []string{"first", "last", "next"}, "page%5Bnumber%5D=2&page%5Bsize%5D=10"},
		{"first", []string{"page[size]", "25"}, 25, 3, []string{"first", "last", "next"}, "page%5Bnumber%5D=2&page%5Bsize%5D=25"},
		{"middle", []string{"page[size]", "25", "page[number]", "2"}, 25, 3, []string{"first", "last", "next", "prev"}, "page%5Bnumber%5D=3"},
		{"last", []string{"page[size]", "25", "page[number]", "3"}, 2, 3, []string{"first", "last", "prev"}, ""},
		{"beyond the last", []string{"page[size]", "25", "page[number]", "4"}, 0, 3, []string{"first", "last", "prev"}, ""},
		{"keys in alphabetical order", []string{"sort", "id", "fields[customers]", "email,status"}, 10, 6, []string{"first", "last", "next"},
			"/api/customers?fields%5Bcustomers%5D=email%2Cstatus&page%5Bnumber%5D=2&page%5Bsize%5D=10&sort=id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, doc := page(e, tt.query...).list(t)
			if len(list) != tt.length || doc.Meta.RecordCount != 52 || doc.Meta.PageCount != tt.pages {
				t.Errorf("%d customers, meta %+v", len(list), doc.Meta)
			}
			var names []string
			for name := range doc.Links {
				names = append(names, name)
			}
			slices.Sort(names)
			if !slices.Equal(names, tt.links) || !strings.Contains(doc.Links["next"], tt.wantNextLike) {
				t.Errorf("links %v", doc.Links)
			}
		})
	}
	_, doc := page(e, "filter[q][email_eq]", "nobody@example.com").list(t)
	if doc.Meta.RecordCount != 0 || len(doc.Links) != 2 {
		t.Errorf("an empty list: %+v", doc)
	}
}

func TestWhatTheListRefuses(t *testing.T) {
	e := emulator.New()
	tests := []struct{ key, value, code string }{
		{"page[size]", "26", "INVALID_PAGE_VALUE"},
		{"page[size]", "0", "INVALID_PAGE_VALUE"},
		{"page[number]", "x", "INVALID_PAGE_VALUE"},
		{"sort", "shoe_size", "INVALID_SORT_CRITERIA"},
		{"sort", "id,-metadata", "INVALID_SORT_CRITERIA"},
		{"include", "friends", "INVALID_INCLUDE"},
		{"limit", "3", "PARAM_NOT_ALLOWED"},
		{"filter[email_eq]", "a", "INVALID_FILTERS_SYNTAX"},
		{"filter[q][age_eq]", "3", "FILTER_NOT_ALLOWED"},
		{"filter[q][email_near]", "a", "FILTER_NOT_ALLOWED"},
		{"filter[q][email]", "a", "FILTER_NOT_ALLOWED"},
		{"filter[q][email_or_age_eq]", "a", "FILTER_NOT_ALLOWED"},
		{"filter[q][total_orders_count_cont]", "1", "FILTER_NOT_ALLOWED"},
		{"filter[q][email_true]", "1", "FILTER_NOT_ALLOWED"},
		{"filter[q][email_not_cont_any]", "a", "FILTER_NOT_ALLOWED"},
		{"filter[q][total_orders_count_gt]", "many", "INVALID_FILTER_VALUE"},
		{"filter[q][created_at_gt]", "yesterday", "INVALID_FILTER_VALUE"},
		{"filter[q][reference_null]", "perhaps", "INVALID_FILTER_VALUE"},
		{"filter[q][metadata_jcont]", "{", "INVALID_FILTER_VALUE"},
		{"filter[q][metadata_jcont]", `"x"`, "INVALID_FILTER_VALUE"},
		{"filter[q][id_in]", "", "INVALID_FILTER_VALUE"},
	}
	for _, tt := range tests {
		t.Run(tt.key+"="+tt.value, func(t *testing.T) {
			if a := page(e, tt.key, tt.value); a.status != 400 || a.errorCode(t) != tt.code {
				t.Errorf("%d %s, want %s", a.status, a.body, tt.code)
			}
		})
	}
}

func TestIDsFollowTheHiddenSequence(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(60))
	ids := e.CustomerIDs()
	if slices.IsSorted(ids) {
		t.Fatal("the ids follow the alphabet")
	}
	if ids[0] != emulator.SeedCustomerID || ids[1] != emulator.FullCustomerID || len(ids) != 62 {
		t.Errorf("%v", ids)
	}
	for _, id := range ids {
		if len(id) != 10 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			t.Errorf("id %q", id)
		}
	}
	if got := page(e, "sort", "id", "page[size]", "25").ids(t); !slices.Equal(got, ids[:25]) {
		t.Errorf("sort=id: %v", got)
	}
	if got := page(e, "sort", "-id", "page[size]", "2").ids(t); !slices.Equal(got, []string{ids[61], ids[60]}) {
		t.Errorf("sort=-id: %v", got)
	}
	for filter, want := range map[string][]string{
		"id_gt=" + ids[58]:                     ids[59:],
		"id_gteq=" + ids[60]:                   ids[60:],
		"id_lt=" + ids[2]:                      ids[:2],
		"id_lteq=" + ids[1]:                    ids[:2],
		"id_gt_any=" + ids[60] + "," + ids[59]: ids[60:],
		"id_in=" + ids[7] + "," + ids[3] + ",unknown," + ids[3]: {ids[3], ids[7]},
		"id_eq=" + ids[9]:                                          {ids[9]},
		"id_eq=" + ids[9] + "," + ids[8]:                           {},
		"id_gt=neverGiven":                                         {},
		"id_in=" + ids[1] + "," + ids[2] + "&id_gt=" + ids[1]:      {ids[2]},
		"id_in=" + ids[1] + "," + ids[2] + "&email_start=customer": {ids[2]},
	} {
		var pairs []string
		for part := range strings.SplitSeq(filter, "&") {
			name, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, "filter[q]["+name+"]", value)
		}
		if got := page(e, pairs...).ids(t); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
}

func TestSortsByAttributesWithNullsLast(t *testing.T) {
	e := emulator.New()
	e.DeleteCustomer(emulator.SeedCustomerID)
	e.DeleteCustomer(emulator.FullCustomerID)
	at := func(day int) time.Time { return time.Date(2024, 1, day, 0, 0, 0, 0, time.UTC) }
	e.AddCustomer(emulator.Customer{ID: "one", Email: "b@x", TotalOrdersCount: 10, CreatedAt: at(3)})
	e.AddCustomer(emulator.Customer{ID: "two", Email: "a@x", TotalOrdersCount: 9, CreatedAt: at(1), Reference: new("r")})
	e.AddCustomer(emulator.Customer{ID: "three", Email: "c@x", TotalOrdersCount: 10, CreatedAt: at(2)})
	for sort, want := range map[string]string{
		"email":                         "two one three",
		"-email":                        "three one two",
		"total_orders_count":            "two one three",
		"-total_orders_count,-email":    "three one two",
		"created_at":                    "two three one",
		"reference,id":                  "two one three",
		"-reference,-id":                "three one two",
		"status,total_orders_count,-id": "two three one",
	} {
		if got := strings.Join(page(e, "sort", sort).ids(t), " "); got != want {
			t.Errorf("sort=%s: %s, want %s", sort, got, want)
		}
	}
}

// The two assumptions together make the last page of an empty list page 0.
func TestThePageAfterAnEmptyListWithoutPagesIsServed(t *testing.T) {
	e := emulator.New(emulator.WithRefuted(emulator.AssumeEmptyListPages, emulator.AssumePagePastEnd+":last"))
	a := get(e, "/api/customers?filter[q][email_eq]=nobody@example.com&page[number]=2")
	if a.status != 200 || !strings.Contains(string(a.body), `"data":[]`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestThePageSizeMayBeAsLargeAsANumberCanBe(t *testing.T) {
	e := emulator.New(emulator.WithRefuted(emulator.AssumePageSize+":served", emulator.AssumeEmptyListPages))
	a := page(e, "page[size]", strconv.Itoa(math.MaxInt))
	if got := len(a.ids(t)); got != len(e.CustomerIDs()) || !strings.Contains(string(a.body), `"page_count":1`) {
		t.Errorf("%d customers in %s", got, a.body[len(a.body)-300:])
	}
}

// walk reads all customers as official clients do. It reads pages of 25, each
// after the last ID of the page before, until a page is empty.
func walk(t *testing.T, e *emulator.Emulator, eachPage func(n int)) []string {
	t.Helper()
	var all []string
	for n := 1; ; n++ {
		query := []string{"sort", "id", "page[number]", "1", "page[size]", "25"}
		if len(all) > 0 {
			query = append(query, "filter[q][id_gt]", all[len(all)-1])
		}
		ids := page(e, query...).ids(t)
		if len(ids) == 0 {
			return all
		}
		all = append(all, ids...)
		if eachPage != nil {
			eachPage(n)
		}
	}
}

func TestWalkingByIDLosesNothingWhileCustomersComeAndGo(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(200))
	before := e.CustomerIDs()
	gone := map[string]bool{}
	read := walk(t, e, func(n int) {
		// Customers of the page that was just read are deleted, with the last
		// one, and a customer that was not read yet.
		for _, i := range []int{25*n - 1, 25*n - 10, 25*n + 5} {
			if i < len(before) {
				e.DeleteCustomer(before[i])
				gone[before[i]] = true
			}
		}
		if n < 4 {
			e.AddCustomer(emulator.Customer{})
		}
	})
	seen := map[string]int{}
	for _, id := range read {
		seen[id]++
		if seen[id] > 1 {
			t.Errorf("%s came twice", id)
		}
	}
	for _, id := range before {
		if seen[id] == 0 && !gone[id] {
			t.Errorf("%s was lost", id)
		}
	}
	if len(e.CustomerIDs()) == len(before) {
		t.Error("nothing came or went")
	}
}

func TestListsTakeIncludeAndFields(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(20))
	list, doc := page(e, "page[size]", "25", "include", "customer_group", "fields[customers]", "email,customer_group").list(t)
	if len(list) != 22 || len(doc.Included) != 2 {
		t.Fatalf("%d customers, %d included", len(list), len(doc.Included))
	}
	for _, res := range list {
		if len(res.Attributes) != 1 || len(res.Relationships) != 1 || res.Relationships["customer_group"].Data == nil {
			t.Errorf("%+v", res)
		}
	}
}

func TestTheSeedCustomerIsListedWithItsEightAttributes(t *testing.T) {
	list, _ := page(emulator.New(), "filter[q][email_eq]", "john@example.com").list(t)
	if len(list) != 1 || list[0].ID != emulator.SeedCustomerID || len(list[0].Attributes) != 8 || len(list[0].Relationships) != 8 {
		t.Errorf("%+v", list)
	}
}

func TestWithoutCollectionRefusesTheListAlone(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405} {
		e := emulator.New(emulator.WithoutCollection(status))
		if a := page(e); a.status != status || a.errorCode(t) == "" {
			t.Errorf("%d: %d %s", status, a.status, a.body)
		}
		if a := get(e, "/api/customers/"+emulator.SeedCustomerID); a.status != http.StatusOK {
			t.Errorf("%d: retrieve %d", status, a.status)
		}
	}
}

func TestGeneratedIDsAreUnique(t *testing.T) {
	ids := emulator.New(emulator.WithCustomers(20_000)).CustomerIDs()
	unique := map[string]bool{}
	for _, id := range ids {
		unique[id] = true
	}
	if len(unique) != 20_002 {
		t.Errorf("%d ids", len(unique))
	}
}

func BenchmarkNew20000(b *testing.B) {
	for b.Loop() {
		emulator.New(emulator.WithCustomers(20_000))
	}
}

// BenchmarkWalk10000 reads 10,000 customers by ID in pages of 25.
func BenchmarkWalk10000(b *testing.B) {
	e := emulator.New(emulator.WithCustomers(9_998))
	ids := e.CustomerIDs()
	for b.Loop() {
		e.ResetLog()
		for i := 0; i < len(ids); i += 25 {
			target := "/api/customers?sort=id&page[size]=25"
			if i > 0 {
				target += "&filter[q][id_gt]=" + ids[i-1]
			}
			if a := get(e, target); a.status != http.StatusOK {
				b.Fatal(a.status)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/400, "µs/page")
}

func ExampleNew() {
	e := emulator.New(emulator.WithCustomers(3))
	fmt.Println(len(e.CustomerIDs()))
	// Output: 5
}
