package commercelayer

import (
	"encoding/json"
	"reflect"
	"testing"
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
		document, failure := decodeDocument(body, size)
		if failure != nil {
			isSound(t, failure)
			return
		}
		for _, item := range document.Items {
			if item.Err != nil {
				isSound(t, documentError(item.Err))
				continue
			}
			if text, told := item.Resource.Text(attribute); text != nil && !told {
				t.Errorf("the text %q of %q is not told", *text, attribute)
			}
			r, failure := newRelatedResource(item.Resource)
			if failure != nil {
				isSound(t, failure)
				continue
			}
			if r.ID == "" || r.Type == "" || r.ID != item.ID || r.Relationships == nil {
				t.Errorf("the resource is %+v", r)
			}
			again, failure := decodeDocument(relatedDocument(t, r), 1)
			if failure != nil || again.Items[0].Err != nil {
				t.Fatalf("what was written can't be read: %v", failure)
			}
			other, failure := newRelatedResource(again.Items[0].Resource)
			if failure != nil || !reflect.DeepEqual(other, r) {
				t.Errorf("read again, it is %+v, and was %+v", other, r)
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
