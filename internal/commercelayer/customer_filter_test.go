package commercelayer

import (
	"slices"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
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

func TestEveryAttributeOfTheDocumentedCustomerCanBeFilteredBy(t *testing.T) {
	for _, list := range [][]string{FilterAttributes, FilterRelationships} {
		if !slices.Equal(slices.Compact(slices.Sorted(slices.Values(list))), slices.Sorted(slices.Values(list))) {
			t.Errorf("something is twice in %v", list)
		}
	}
	expectEqual(t, "the number of attributes", len(FilterAttributes), 15+len([]string{"id", "password"}))
	expectEqual(t, "the number of relationships", len(FilterRelationships), 15+len([]string{"versions"}))
}
