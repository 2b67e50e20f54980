package commercelayer

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

func TestUnknownAttributesOfPredicatesAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"email_eq": "", "id_in": "", "password_present": "", "metadata_jcont": "", "anonymization_status_eq": "",
		"customer_group_id_in": "", "customer_group_name_cont": "", "tags_id_in": "", "orders_number_eq": "", "tags_null": "",
		"order_subscriptions_id_eq": "", "email_or_reference_start": "", "email_or_tags_name_in": "", "versions_id_eq": "",
		"emial_eq":                      "emial",
		"nickname_or_email_eq":          "nickname",
		"nickname_or_email_or_title_eq": "nickname title",
		"email_and_reference_eq":        "email_and_reference",
		"tagsfoo_eq":                    "tagsfoo",
		"customer_groups_id_eq":         "customer_groups_id",
	} {
		p, err := filter.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		expectEqual(t, text, strings.Join(UnknownAttributes(p), " "), want)
	}
}

func TestAPredicateMayBeginWithAnythingThatACustomerHas(t *testing.T) {
	document, err := jsonapi.Decode(fullDocument(t, ""), 1)
	if err != nil {
		t.Fatal(err)
	}
	customer := document.Items[0].Resource
	names := slices.Collect(maps.Keys(customer.Relationships))
	for name := range jsonapi.Members(customer.Attributes) {
		names = append(names, string(name))
	}
	for _, name := range append(names, "id", "password", "versions") {
		if unknown := UnknownAttributes(filter.Predicate{Attributes: []string{name}}); len(unknown) > 0 {
			t.Errorf("%s is unknown", name)
		}
	}
}
