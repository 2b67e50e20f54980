package jsonapi_test

import (
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// numbered repeats an element n times, with commas in between. It replaces %d
// in the element by a number that differs each time.
func numbered(before, element, after string, n int) []byte {
	head, tail, hasNumber := strings.Cut(element, "%d")
	b := []byte(before)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, head...)
		if hasNumber {
			b = strconv.AppendInt(b, int64(i), 10)
		}
		b = append(b, tail...)
	}
	return append(b, after...)
}

// hostileSize is how large the documents are that are made to take much memory.
const hostileSize = 2 << 20

// readAll does with a document what the client does: it reads the document,
// finds what each resource leads to, and writes the attributes in canonical
// form. It returns how many bytes that allocated, even if they could be freed
// meanwhile. So small documents tell, on any machine.
func readAll(body []byte) (allocated uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	defer func() {
		runtime.ReadMemStats(&after)
		allocated = after.TotalAlloc - before.TotalAlloc
	}()
	d, err := jsonapi.Decode(body, 25)
	if err != nil {
		return 0, err
	}
	for _, item := range d.Items {
		if item.Err != nil {
			return 0, item.Err
		}
		d.Reachable(item.Resource)
		if item.Resource.Attributes != nil {
			jsonapi.Canonical(item.Resource.Attributes)
		}
	}
	return 0, nil
}

// A document with more elements must be refused before any value is built.
func TestAsManyAsAllowedAreReadAndMoreAreRefusedForLittleMemory(t *testing.T) {
	const one, included = `{"data":{"type":"t","id":"1",`, `{"data":[],"included":[`
	thousand := string(numbered(``, `"%d":{}`, ``, jsonapi.MaxRelationships))
	for name, test := range map[string]struct {
		before, element, after string
		// most is how many of the elements are allowed.
		most int
		want string
	}{
		"data":     {`{"data":[`, `{"type":"t","id":"1"}`, `]}`, 25, "25 resources"},
		"included": {included, `{}`, `]}`, jsonapi.MaxIncluded, "100000 included resources"},
		"zeros":    {included, `0`, `]}`, jsonapi.MaxIncluded, "100000 included resources"},
		"errors":   {`{"errors":[`, `{"title":"a"}`, `]}`, jsonapi.MaxErrors, "100 errors"},
		"relationships": {
			one + `"relationships":{`, `"%d":{}`, `}}}`, jsonapi.MaxRelationships, "1000 relationships of one resource",
		},
		"relationships of included": {
			included + `{"type":"t","id":"1","relationships":{`, `"%d":{}`, `}}]}`,
			jsonapi.MaxRelationships, "1000 relationships of one resource",
		},
		"all relationships": {
			included, `{"type":"t","id":"1","relationships":{` + thousand + `}}`, `]}`,
			jsonapi.MaxAllRelationships / jsonapi.MaxRelationships, "250000 relationships",
		},
		"linkage": {
			one + `"relationships":{"r":{"data":[`, `{"type":"t","id":"1"}`, `]}}}}`,
			jsonapi.MaxLinkage, "200000 linked resources",
		},
		"linkage of several": {
			included, `{"relationships":{"r":{"data":{},"meta":[0]},"s":{"data":[0` + strings.Repeat(",0", 38) + `]}}}`, `]}`,
			jsonapi.MaxLinkage / 40, "200000 linked resources",
		},
		"attributes": {
			one + `"attributes":{`, `"%d":0`, `}}}`,
			jsonapi.MaxMembers, "10000 members in the attributes of one resource",
		},
		"attributes of included": {
			included + `{"type":"t","id":"1","attributes":{`, `"%d":","`, `}}]}`,
			jsonapi.MaxMembers, "10000 members in the attributes of one resource",
		},
		"nested attributes": {
			one + `"attributes":{ "a" : [{ },[ ],"[,{\"",[`, `0`, `]]}}}`,
			jsonapi.MaxMembers - 5, "10000 members in the attributes of one resource",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := readAll(numbered(test.before, test.element, test.after, test.most)); err != nil {
				t.Fatalf("the bound itself is refused: %v", err)
			}
			for _, n := range []int{test.most + 1, max(test.most+1, hostileSize/len(test.element))} {
				allocated, err := readAll(numbered(test.before, test.element, test.after, n))
				if _, ok := errors.AsType[*jsonapi.TooManyError](err); !ok {
					t.Fatalf("the error is %v", err)
				}
				equal(t, "the error", err.Error(), "the answer holds more than "+test.want)
				if allocated > hostileSize {
					t.Errorf("%d bytes were allocated", allocated)
				}
			}
		})
	}
}

func TestWhatIsLargeAndAllowedCostsNoMoreMemoryThanItMust(t *testing.T) {
	const size = hostileSize
	customers := numbered(`{"data":[`,
		`{"type":"customers","id":"c%d","relationships":{"r":{"data":{"type":"t","id":"all"}}}}`, `],`, 25)
	const one = `{"data":{"type":"customers","id":"one",`
	long := strings.Repeat("a", size)
	metadata := string(numbered(`{`, `"k%d":0`, `}`, jsonapi.MaxMembers-1))
	for name, body := range map[string][]byte{
		"unknown members":    numbered(`{"data":[],`, `"m%d":[]`, `}`, size/8),
		"escaped names":      numbered(`{"data":[],`, `"\u0061":0`, `}`, size/11),
		"data over and over": numbered(`{`, `"data":[]`, `}`, size/10),
		"a long text":        []byte(one + `"attributes":{"email":"` + long + `"}}}`),
		"an escaped id":      []byte(`{"data":{"type":"t","id":"` + strings.Repeat(`\u00e4`, size/6) + `"}}`),
		"white space":        []byte(`{"data":` + strings.Repeat(" ", size) + `[]}`),
		"deep metadata": []byte(one + `"attributes":{"metadata":{"a":` + strings.Repeat("[", 9000) +
			strings.Repeat("]", 9000) + `}}}}`),
		"metadata of a page": numbered(`{"data":[`,
			`{"type":"customers","id":"%d","attributes":{"metadata":`+metadata+`}}`, `]}`, 25),
		"a shared resource": slices.Concat(customers,
			[]byte(`"included":[{"type":"t","id":"all","attributes":{"a":"`+long+`"}}]}`)),
		"most of everything, shared": slices.Concat(customers,
			numbered(`"included":[{"type":"t","id":"all","relationships":{"r":{"data":[`,
				`{"type":"t","id":"%d"}`, `]}}},`, size/160),
			numbered(``, `{"type":"t","id":"%d","relationships":{"a":{},"b":{}}}`, `]}`, size/320)),
	} {
		t.Run(name, func(t *testing.T) {
			allocated, err := readAll(body)
			if err != nil {
				t.Errorf("the document is refused: %v", err)
			}
			if allocated > 100*size {
				t.Errorf("%d bytes were allocated", allocated)
			}
		})
	}
}

func TestNoDataIsAllowedUnlessTheCallerSaysHowMuch(t *testing.T) {
	for body, want := range map[string]bool{
		`{"data":[]}`: true, `{"data":null}`: true, `{"data":[{}]}`: false, `{"data":{}}`: false,
	} {
		_, err := jsonapi.Decode([]byte(body), 0)
		equal(t, body+" is read", err == nil, want)
	}
}
