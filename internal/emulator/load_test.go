package emulator_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// recorded is a list in the form in which the API answers a request with
// include=customer_group,tags,orders.
const recorded = `{"data":[
{"id":"zFirst0001","type":"customers","links":{"self":"https://acme.commercelayer.io/api/customers/zFirst0001"},
 "attributes":{"email":"ann@example.com","status":"repeat","total_orders_count":3,"metadata":{"big":9007199254740993},
  "created_at":"2020-01-02T03:04:05.678Z","loyalty_level":"gold"},
 "relationships":{
  "customer_group":{"links":{"self":"https://acme/s","related":"https://acme/r"},
   "data":{"type":"customer_groups","id":"gRoUp"}},
  "tags":{"links":{"self":"https://acme/s","related":"https://acme/r"},
   "data":[{"type":"tags","id":"tAg1"},{"type":"tags","id":"tAg2"}]},
  "orders":{"links":{"self":"https://acme/s","related":"https://acme/r"},
   "data":[{"type":"orders","id":"oRdEr"}]},
  "wishes":{"links":{"self":"https://acme/s","related":"https://acme/r"},
   "data":[{"type":"wishes","id":"wIsH"}]},
  "events":{"links":{"self":"https://acme/s","related":"https://acme/r"}}},
 "meta":{"mode":"test","organization_id":"oRgAcme"}},
{"id":"aSecond002","type":"customers","attributes":{"email":"bob@example.com","status":"prospect",
  "total_orders_count":0,  "created_at":"2021-01-02T03:04:05.678Z"},
 "relationships":{"customer_group":{"data":null},"tags":{"data":[]}},"meta":{"mode":"test"}}],
"included":[
{"id":"gRoUp","type":"customer_groups","attributes":{"name":"VIP"},"meta":{"mode":"test"}},
{"id":"tAg1","type":"tags","attributes":{"name":"one"}},{"id":"tAg2","type":"tags","attributes":{"name":"two"}},
{"id":"wIsH","type":"wishes","attributes":{"name":"a bicycle"}},
{"id":"oRdEr","type":"orders","attributes":{"number":"7"},
 "relationships":{"line_items":{"links":{"self":"https://acme/s"},"data":[{"type":"line_items","id":"lInE"}]}}},
{"id":"lInE","type":"line_items","attributes":{"quantity":2}}],
"meta":{"record_count":2,"page_count":1},"links":{"first":"https://acme"}}`

// writeFiles writes files into a new folder and returns the folder.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readData(t *testing.T, text string) *emulator.Data {
	t.Helper()
	data, err := emulator.ReadData(filepath.Join(writeFiles(t, map[string]string{"data.json": text}), "data.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// listed returns the IDs of a list and of its included resources.
func listed(t *testing.T, e *emulator.Emulator, target string) (ids, included string) {
	t.Helper()
	a := get(e, target)
	_, doc := a.list(t)
	names := make([]string, len(doc.Included))
	for i, res := range doc.Included {
		names[i] = res.ID
	}
	return a.ids(t), strings.Join(names, " ")
}

func TestDataIsServedAsFarAsItGoes(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(5), emulator.WithData(readData(t, recorded)))
	const first, second, both = "zFirst0001", "aSecond002", "zFirst0001 aSecond002"
	for _, tt := range []struct{ target, ids, included string }{
		{"", both, ""}, // the file's customers in the file's order, and no others
		{"?include=customer_group", both, "gRoUp"},
		{"?include=customer_group,tags", both, "gRoUp tAg1 tAg2"},
		{"?include=wishes", both, "wIsH"}, // not documented, but in the file
		{"?include=orders.line_items", both, "oRdEr lInE"},
		{"?include=customer_subscriptions", both, ""}, // documented, but not in the file
		{"?filter[q][customer_group_id_in]=gRoUp", first, ""},
		{"?filter[q][tags_name_eq]=two", first, ""},
		{"?filter[q][created_at_gt]=2020-06-01", second, ""},
		{"?filter[q][updated_at_null]=true", both, ""},
		{"?filter[q][has_password_eq]=false", both, ""},
		{"?sort=id&page[size]=1&filter[q][id_gt]=zFirst0001", second, ""},
		{"/zFirst0001/tags", "tAg1 tAg2", ""},
		{"/zFirst0001/tags?sort=-id&page[size]=1", "tAg2", ""},
		{"/zFirst0001/tags?filter[q][name_eq]=two", "tAg2", ""},
		{"/zFirst0001/wishes", "wIsH", ""},
		{"/aSecond002/tags", "", ""},
	} {
		if ids, included := listed(t, e, customers+tt.target); ids != tt.ids || included != tt.included {
			t.Errorf("%s: got %q with %q, want %q with %q", tt.target, ids, included, tt.ids, tt.included)
		}
	}
	for target, want := range map[string]int{"?include=wonders": 400, "/" + emulator.SeedCustomerID: 404} {
		if a := get(e, customers+target); a.status != want {
			t.Errorf("%s: %d", target, a.status)
		}
	}
}

func TestDataIsReadFromAFolder(t *testing.T) {
	customer := func(id string) string { return `{"data":{"id":"` + id + `","type":"customers"}}` }
	dir := writeFiles(t, map[string]string{
		"b.json": customer("second"), "a.json": customer("first"), "sub/c.json": customer("third"),
		"empty.json": "\uFEFF" + `{"data":[]}`, ".hidden.json": "broken", ".git/x.json": "broken", "readme.md": "broken",
	})
	data, err := emulator.ReadData(dir)
	if err != nil {
		t.Fatal(err)
	}
	ids, _ := listed(t, emulator.New(emulator.WithData(data)), customers)
	if want := "first second third"; ids != want {
		t.Errorf("got %q, want %q", ids, want)
	}
}

// TestTheSameResourceInManyDocuments reads several documents of single
// customers which all include the same group.
func TestTheSameResourceInManyDocuments(t *testing.T) {
	group := `{"type":"customer_groups","id":"g","attributes":{"name":"VIP"}}`
	dir := writeFiles(t, map[string]string{
		"1.json": `{"data":{"id":"one","type":"customers",
			"relationships":{"customer_group":{"data":{"type":"customer_groups","id":"g"}}}},
			"included":[` + group + `]}`,
		"2.json": `{"data":{"id":"two","type":"customers",
			"relationships":{"customer_group":{"data":{"type":"customer_groups","id":"g"}}}},
			"included":[` + group + `,{"type":"customers","id":"one","attributes":{"email":"x@example.com"}},
			{"type":"customers","id":"three","attributes":{"email":"three@example.com"}}]}`,
	})
	data, err := emulator.ReadData(dir)
	if err != nil {
		t.Fatal(err)
	}
	ids, included := listed(t, emulator.New(emulator.WithData(data)), "/api/customers?include=customer_group")
	if ids != "one two three" || included != "g" {
		t.Errorf("got %q with %q", ids, included)
	}
}

func TestDataTellsModeAndOrganization(t *testing.T) {
	data := readData(t, recorded)
	mode, place := data.Mode()
	if mode != "test" || !strings.HasSuffix(place, "data.json: data[0].meta.mode") {
		t.Errorf("got the mode %q of %q", mode, place)
	}
	if slug, id := data.Organization(); slug != "acme" || id != "oRgAcme" {
		t.Errorf("got the organization %q, %q", slug, id)
	}
	local := readData(t, `{"data":{"type":"customers","id":"a",
		"links":{"self":"http://127.0.0.1:8080/api/customers/a"},"meta":{}}}`)
	if slug, id := local.Organization(); slug != "" || id != "" {
		t.Errorf("got the organization %q, %q of an emulator's own answer", slug, id)
	}
}

func TestReplacedDataKeepsPositions(t *testing.T) {
	before := readData(t, `{"data":[{"type":"customers","id":"a","attributes":{"status":"prospect"}},
		{"type":"customers","id":"b"},{"type":"customers","id":"c"}]}`)
	after := readData(t, `{"data":[{"type":"customers","id":"d"},{"type":"customers","id":"c"},
		{"type":"customers","id":"a","attributes":{"status":"repeat"}}]}`)
	e := emulator.New(emulator.WithData(before))
	e.ReplaceData(after)
	if ids, _ := listed(t, e, "/api/customers?sort=id"); ids != "a c d" {
		t.Errorf("got %q", ids)
	}
	// A client that has just read the deleted customer can still read the next
	// page.
	if ids, _ := listed(t, e, "/api/customers?sort=id&filter[q][id_gt]=b"); ids != "c d" {
		t.Errorf("behind the deleted one: %q", ids)
	}
	if body := get(e, "/api/customers/a").body; !strings.Contains(string(body), `"repeat"`) {
		t.Errorf("got %s", body)
	}
	if a := get(e, "/api/customers/b"); a.status != http.StatusNotFound {
		t.Errorf("the deleted customer: %d", a.status)
	}
}

func TestDataThatIsNotThere(t *testing.T) {
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "absent.json"):             "absent.json",
		writeFiles(t, map[string]string{"customers.txt": ""}): "holds no file that ends in .json",
	} {
		if _, err := emulator.ReadData(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want in it %s", err, want)
		}
	}
}

func TestTheEmulatorsOwnAnswersAreData(t *testing.T) {
	const target = "/api/customers?include=customer_group,tags,orders.shipments&page[size]=25"
	first := get(emulator.New(emulator.WithCustomers(30)), target)
	again := get(emulator.New(emulator.WithData(readData(t, string(first.body)))), target)
	a, b := first.document(t), again.document(t)
	if !bytes.Equal(a.Data, b.Data) || len(a.Included) == 0 || len(a.Included) != len(b.Included) {
		t.Errorf("%d and %d included, got\n%s\nwant\n%s", len(a.Included), len(b.Included), b.Data, a.Data)
	}
}
