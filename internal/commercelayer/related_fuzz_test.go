package commercelayer

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// FuzzDecodeRelated reads any bytes. A resource that was read is the same after
// it was written and read again. An error can be shown.
func FuzzDecodeRelated(f *testing.F) {
	const order = `{"id":"a","type":"orders","links":{"self":"s"},"attributes":{"number":"1","n":1.50,"m":{}},` +
		`"relationships":{"tags":{"links":{"self":"s","related":"r"},"data":[{"type":"tags","id":"t"}]},` +
		`"x":{"data":null}},"meta":{"mode":"test"}}`
	for _, body := range []string{
		`{"data":null}`, `{"data":[]}`, `{"data":` + order + `}`,
		`{"data":[` + order + `],"meta":{"record_count":7},"links":{"next":"n"}}`,
		`{}`, `[]`, `{"data":[null]}`, `{"data":{"id":"john@example.com","type":"a","attributes":[]}}`,
	} {
		f.Add([]byte(body), 25, "number")
	}
	f.Fuzz(func(t *testing.T, body []byte, size int, attribute string) {
		p, kind, failure := decodeRelated(body, size)
		if failure != nil {
			isSound(t, failure)
			return
		}
		if kind != jsonapi.Many && (len(p.items) > 1 || p.total != len(p.items) || p.next) {
			t.Errorf("a document of kind %d has %d resources, of %d", kind, len(p.items), p.total)
		}
		for _, read := range p.items {
			if read.err != nil {
				isSound(t, read.err)
				continue
			}
			r := read.value
			if r.ID == "" || r.Type == "" || r.ID != read.id || r.Relationships == nil {
				t.Errorf("the resource is %+v", r)
			}
			if text, told := r.text(attribute); text != nil && !told {
				t.Errorf("the text %q of %q is not told", *text, attribute)
			}
			again, _, failure := decodeRelated(relatedDocument(t, r), size)
			if failure != nil || again.items[0].err != nil || !reflect.DeepEqual(again.items[0].value, r) {
				t.Errorf("read again, it is %+v, and was %+v", again, r)
			}
		}
	})
}

// relatedDocument writes a resource as a JSON:API document.
func relatedDocument(t *testing.T, r *RelatedResource) []byte {
	t.Helper()
	type member = map[string]any
	relationships := member{}
	for name, sent := range r.Relationships {
		relationship := member{"links": member{"self": sent.Self, "related": sent.Related}}
		if sent.Data != nil {
			relationship["data"] = sent.Data
		}
		relationships[name] = relationship
	}
	body, err := json.Marshal(member{"data": member{
		"id": r.ID, "type": r.Type, "links": member{"self": r.Self}, "meta": member{"mode": r.Mode},
		"attributes": r.Attributes, "relationships": relationships,
	}})
	if err != nil {
		t.Fatalf("the resource cannot be written: %v", err)
	}
	return body
}
