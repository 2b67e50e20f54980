package commercelayer

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestFieldsAreAskedForAndNothingElseIsHandedOn(t *testing.T) {
	for name, ignored := range map[string]bool{"by an API that knows them": false, "by an API that ignores them": true} {
		bubble(t, name, func(t *testing.T) {
			var options []emulator.Option
			if ignored {
				options = append(options, emulator.WithRefuted(emulator.AssumeFields))
			}
			w := &wire{handler: emulator.New(options...), latency: latency}
			c := newClient(t, w)
			s := Selection{Fields: []string{"status", "metadata", "customer_group", "status"}, Include: []string{"tags"}}
			customer, err := c.Customer(t.Context(), emulator.FullCustomerID, s)
			if err != nil {
				t.Fatal(err)
			}
			expectEqual(t, "the fieldset", w.expect(t, 1)[0].query.Get("fields[customers]"), "customer_group,metadata,status,tags")
			if customer.Status == nil || customer.Metadata == nil || customer.Self == nil || customer.Mode == nil || customer.OrganizationID == nil {
				t.Errorf("something is missing in %+v", customer)
			}
			text, err := json.Marshal(customer)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), emulator.FullCustomerEmail) || customer.CreatedAt != nil || customer.Reference != nil {
				t.Errorf("more than was asked for: %s", text)
			}
			var names []string
			for name := range customer.Relationships {
				names = append(names, name)
			}
			slices.Sort(names)
			if !slices.Equal(names, []string{"customer_group", "tags"}) {
				t.Errorf("the relationships are %v", names)
			}
		})
	}
}

func TestReadersOfTheSameFieldsTravelTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, latency)
		ids := addCustomers(e, 4)
		done := make(chan error)
		for i, fields := range [][]string{{"status", "email"}, {"email", "status"}, {"status"}, nil} {
			go func() {
				_, err := c.Customer(t.Context(), ids[i], Selection{Fields: fields})
				done <- err
			}()
		}
		for range ids {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		w.expect(t, 3)
	})
}

func TestAnEmptyFieldsetIsNotTakenForNone(t *testing.T) {
	fields := Selection{Fields: []string{}}.fieldset()
	expectEqual(t, "the fieldset", fields.fields, "id")
	expectEqual(t, "whether all is asked for", fields.all, false)
}

// An included relationship without linkage tells nothing: the API may have
// ignored include.
func TestIncludedRelationshipWithoutLinkageStaysUnknown(t *testing.T) {
	body := `{"data":{"id":"one","type":"customers","relationships":{"tags":{"links":{}},"orders":{"links":{}}}}}`
	customer, failure := decodeCustomer([]byte(body), Selection{Include: []string{"tags.x", "returns"}}.fieldset())
	if failure != nil {
		t.Fatal(failure)
	}
	for name, relationship := range customer.Relationships {
		if relationship.Data != nil {
			t.Errorf("%s has the linkage %v", name, relationship.Data)
		}
	}
	if _, sent := customer.Relationships["returns"]; sent {
		t.Error("a relationship was made up")
	}
}
