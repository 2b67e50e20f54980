package emulator_test

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestPagesHaveCountsAndLinks(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(50)) // 52 with the seeded ones
	tests := []struct {
		name          string
		query         []string
		length, pages int
		links, next   string
	}{
		{"default size", nil, 10, 6, "first last next", "page%5Bnumber%5D=2&page%5Bsize%5D=10"},
		{"first", []string{"page[size]", "25"}, 25, 3, "first last next", "page%5Bnumber%5D=2&page%5Bsize%5D=25"},
		{"middle", []string{"page[size]", "25", "page[number]", "2"}, 25, 3, "first last next prev", "page%5Bnumber%5D=3"},
		{"last", []string{"page[size]", "25", "page[number]", "3"}, 2, 3, "first last prev", ""},
		{"beyond the last", []string{"page[size]", "25", "page[number]", "4"}, 0, 3, "first last prev", ""},
		{"keys in alphabetical order", []string{"sort", "id", "fields[customers]", "email,status"}, 10, 6, "first last next",
			"/api/customers?fields%5Bcustomers%5D=email%2Cstatus&page%5Bnumber%5D=2&page%5Bsize%5D=10&sort=id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, doc := page(e, tt.query...).list(t)
			if len(list) != tt.length || doc.Meta.RecordCount != 52 || doc.Meta.PageCount != tt.pages {
				t.Errorf("%d customers, meta %+v", len(list), doc.Meta)
			}
			names := strings.Join(slices.Sorted(maps.Keys(doc.Links)), " ")
			if names != tt.links || !strings.Contains(doc.Links["next"], tt.next) {
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
		{"filter[q][jwt_customer_password_present]", "1", "FILTER_NOT_ALLOWED"},
		{"filter[q][email_or_age_eq]", "a", "FILTER_NOT_ALLOWED"},
		{"filter[q][total_orders_count_cont]", "1", "FILTER_NOT_ALLOWED"},
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
			if got := page(e, tt.key, tt.value).outcome(); got != "400 "+tt.code {
				t.Errorf("%s, want %s", got, tt.code)
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
		if !regexp.MustCompile("^[A-Za-z]{10}$").MatchString(id) {
			t.Errorf("id %q", id)
		}
	}
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"sort=id&page[size]=25", ids[:25]},
		{"sort=-id&page[size]=2", []string{ids[61], ids[60]}},
		{"filter[q][id_gt]=" + ids[58], ids[59:]},
		{"filter[q][id_gteq]=" + ids[60], ids[60:]},
		{"filter[q][id_lt]=" + ids[2], ids[:2]},
		{"filter[q][id_lteq]=" + ids[1], ids[:2]},
		{"filter[q][id_gt_any]=" + ids[60] + "," + ids[59], ids[60:]},
		{"filter[q][id_in]=" + ids[7] + "," + ids[3] + ",unknown," + ids[3], []string{ids[3], ids[7]}},
		{"filter[q][id_eq]=" + ids[9], []string{ids[9]}},
		{"filter[q][id_eq]=" + ids[9] + "," + ids[8], nil},
		{"filter[q][id_gt]=neverGiven", nil},
		{"filter[q][id_in]=" + ids[1] + "," + ids[2] + "&filter[q][id_gt]=" + ids[1], []string{ids[2]}},
		{"filter[q][id_in]=" + ids[1] + "," + ids[2] + "&filter[q][email_start]=customer", []string{ids[2]}},
	} {
		if got := get(e, customers+"?"+tt.query).ids(t); got != strings.Join(tt.want, " ") {
			t.Errorf("%s: %v, want %v", tt.query, got, tt.want)
		}
	}
}

func TestSortsByAttributesWithNullsLast(t *testing.T) {
	e := emulator.New(emulator.WithData(readData(t, `{"data":[
		{"type":"customers","id":"one","attributes":{"email":"b@x","status":"repeat","total_orders_count":10,
			"created_at":"2024-01-03T00:00:00Z"}},
		{"type":"customers","id":"two","attributes":{"email":"a@x","status":"repeat","total_orders_count":9,
			"created_at":"2024-01-01T00:00:00Z","reference":"r"}},
		{"type":"customers","id":"three","attributes":{"email":"c@x","status":"repeat","total_orders_count":10,
			"created_at":"2024-01-02T00:00:00Z"}}]}`)))
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
		if got := page(e, "sort", sort).ids(t); got != want {
			t.Errorf("sort=%s: %s, want %s", sort, got, want)
		}
	}
}

// Assumptions that are refuted together, and sizes that no client asks for.
func TestPagesThatHardlyAnybodyAsksFor(t *testing.T) {
	for _, tt := range []struct {
		refuted []string
		query   []string
		want    string
	}{
		// The two assumptions together make the last page of an empty list page 0.
		{[]string{emulator.AssumeEmptyListPages, emulator.AssumePagePastEnd + ":last"},
			[]string{"filter[q][email_eq]", "nobody@example.com", "page[number]", "2"},
			`{"data":[],"meta":{"record_count":0,"page_count":0}`},
		{[]string{emulator.AssumePageSize + ":served", emulator.AssumeEmptyListPages},
			[]string{"page[size]", strconv.Itoa(math.MaxInt)}, `"meta":{"record_count":2,"page_count":1}`},
	} {
		a := page(emulator.New(emulator.WithRefuted(tt.refuted...)), tt.query...)
		if a.status != 200 || !strings.Contains(string(a.body), tt.want) {
			t.Errorf("%v: %d %s", tt.query, a.status, a.body)
		}
	}
}
