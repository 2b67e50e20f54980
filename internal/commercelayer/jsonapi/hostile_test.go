package jsonapi_test

import (
	"errors"
	"fmt"
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
	var b strings.Builder
	b.WriteString(before)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(head)
		if hasNumber {
			b.WriteString(strconv.Itoa(i))
		}
		b.WriteString(tail)
	}
	b.WriteString(after)
	return []byte(b.String())
}

const (
	oneBefore           = `{"data":{"type":"customers","id":"one",`
	relationshipsBefore = oneBefore + `"relationships":{`
)

// A hostileShape is a document that is made to take much memory.
type hostileShape struct {
	// tooMany is what the document has too many of. It is empty if the document is
	// small enough to be read.
	tooMany string
	body    func() []byte
}

// hostileShapes returns documents of about size bytes.
func hostileShapes(size int) map[string]hostileShape {
	// fill repeats an element until the document is large enough.
	fill := func(before, element, after string) []byte {
		return numbered(before, element, after, size/(len(element)+1))
	}
	return map[string]hostileShape{
		"zeros in data":   {"resources", func() []byte { return fill(`{"data":[`, `0`, `]}`) }},
		"objects in data": {"resources", func() []byte { return fill(`{"data":[`, `{}`, `]}`) }},
		"included zeros":  {"included resources", func() []byte { return fill(`{"data":[],"included":[`, `0`, `]}`) }},
		"errors":          {"errors", func() []byte { return fill(`{"errors":[`, `{}`, `]}`) }},
		"relationships": {"relationships of one resource", func() []byte {
			return fill(relationshipsBefore, `"r%d":{}`, `}}}`)
		}},
		"relationships of included": {"relationships", func() []byte {
			inside := string(numbered(``, `"r%d":{}`, ``, 1000))
			return fill(`{"data":[],"included":[`, `{"type":"t","id":"1","relationships":{`+inside+`}}`, `]}`)
		}},
		"linkage": {"linked resources", func() []byte {
			return fill(relationshipsBefore+`"r":{"data":[`, `{"type":"t","id":"%d"}`, `]}}}}`)
		}},
		"linkage of zeros": {"linked resources", func() []byte {
			return fill(relationshipsBefore+`"r":{"data":[`, `0`, `]}}}}`)
		}},
		"metadata keys": {"members in the attributes of one resource", func() []byte {
			return fill(oneBefore+`"attributes":{"metadata":{`, `"k%d":0`, `}}}}`)
		}},
		"metadata elements": {"members in the attributes of one resource", func() []byte {
			return fill(oneBefore+`"attributes":{"metadata":{"a":[`, `[]`, `]}}}}`)
		}},
		"nesting": {"levels of nesting", func() []byte {
			return []byte(`{"data":` + strings.Repeat("[", size-10))
		}},
		"unknown members":    {"", func() []byte { return fill(`{"data":[],`, `"m%d":[]`, `}`) }},
		"escaped names":      {"", func() []byte { return fill(`{"data":[],`, `"\u0061":0`, `}`) }},
		"data over and over": {"", func() []byte { return fill(`{`, `"data":[]`, `}`) }},
		"a long text": {"", func() []byte {
			return []byte(oneBefore + `"attributes":{"email":"` + strings.Repeat("a", size-100) + `"}}}`)
		}},
		"an escaped id": {"", func() []byte {
			return []byte(`{"data":{"type":"t","id":"` + strings.Repeat(`\u00e4`, size/6-10) + `"}}`)
		}},
		"white space": {"", func() []byte { return []byte(`{"data":` + strings.Repeat(" ", size-20) + `[]}`) }},
		"deep metadata": {"", func() []byte {
			return []byte(oneBefore + `"attributes":{"metadata":{"a":` + strings.Repeat("[", 9000) +
				strings.Repeat("]", 9000) + `}}}}`)
		}},
		"a shared resource": {"", func() []byte {
			customers := numbered(`{"data":[`,
				`{"type":"customers","id":"c%d","relationships":{"r":{"data":{"type":"t","id":"1"}}}}`, `],`, 25)
			return append(customers, `"included":[{"type":"t","id":"1","attributes":{"a":"`+strings.Repeat("a",
				size)+`"}}]}`...)
		}},
		"most of everything": {"", func() []byte {
			included := numbered(`"included":[`, `{"type":"t","id":"%d","relationships":{"a":{},"b":{}}}`, `]}`,
				size/320)
			linkage := numbered(`[`, `{"type":"t","id":"%d"}`, `]`, size/160)
			return slices.Concat([]byte(`{"data":{"type":"customers","id":"one","relationships":{"r":{"data":`),
				linkage, []byte(`}}},`), included)
		}},
		"a chain that all follow": {"", func() []byte {
			customers := numbered(`{"data":[`,
				`{"type":"customers","id":"c%d","relationships":{"r":{"data":{"type":"t","id":"0"}}}}`, `],`, 25)
			var b strings.Builder
			b.Write(customers)
			b.WriteString(`"included":[`)
			for i := range size / 320 {
				fmt.Fprintf(&b, `{"type":"t","id":"%d","relationships":{"n":{"data":{"type":"t","id":"%d"}}}},`, i, i+1)
			}
			b.WriteString(`0]}`)
			return []byte(strings.Replace(b.String(), ",0]}", "]}", 1))
		}},
		"metadata of a page": {"", func() []byte {
			metadata := string(numbered(`{`, `"k%d":0`, `}`, jsonapi.MaxMembers-1))
			return numbered(`{"data":[`, `{"type":"customers","id":"%d","attributes":{"metadata":`+metadata+`}}`,
				`]}`, 25)
		}},
	}
}

// readAll does with a document what the client does: it reads the document,
// finds what each resource leads to, and writes the attributes in canonical
// form.
func readAll(body []byte) error {
	d, err := jsonapi.Decode(body, 25)
	if err != nil {
		return err
	}
	for _, item := range d.Items {
		if item.Err != nil {
			return item.Err
		}
		d.Reachable(item.Resource)
		if item.Resource.Attributes != nil {
			if _, err := jsonapi.Canonical(item.Resource.Attributes); err != nil {
				return err
			}
		}
	}
	return nil
}

// A document must be refused before any value is built. So reading it allocates
// little, even in total. This can be measured with small documents on any
// machine.
func TestHostileDocumentsCostLittleMemory(t *testing.T) {
	const size = 5 << 20
	for name, shape := range hostileShapes(size) {
		t.Run(name, func(t *testing.T) {
			body := shape.body()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := readAll(body)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			if shape.tooMany == "" {
				if err != nil {
					t.Errorf("the document is refused: %v", err)
				}
				// The total counts memory that the garbage collector could free.
				if allocated > 100*size {
					t.Errorf("%d bytes were allocated", allocated)
				}
				return
			}
			var tooMany *jsonapi.TooManyError
			if !errors.As(err, &tooMany) || tooMany.What != shape.tooMany {
				t.Errorf("the error is %v, want one about %s", err, shape.tooMany)
			}
			if allocated > size {
				t.Errorf("%d bytes were allocated for a document of %d", allocated, size)
			}
		})
	}
}
