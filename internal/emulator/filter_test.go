package emulator_test

import (
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// four is a file with the customers ann, bob, cyd and dan.
const four = `{"data":[
{"type":"customers","id":"ann","attributes":{"email":"Ann@shop.example","status":"prospect","total_orders_count":0,
 "has_password":true,"created_at":"2024-01-01T12:00:00.500Z","updated_at":"2024-01-01T12:00:00.500Z",
 "reference":"A-100",
 "metadata":{"vip":true,"n":9007199254740993,"list":[1,{"a":"b","c":null}],"deep":{"x":{"y":2.0,"z":0}}}},
 "relationships":{"customer_group":{"data":{"type":"customer_groups","id":"vip"}},
  "tags":{"data":[{"type":"tags","id":"beta"}]}}},
{"type":"customers","id":"bob","attributes":{"email":"bob@shop.example","status":"acquired","total_orders_count":1,
 "created_at":"2024-01-02T12:00:00.500Z","reference":"50%_off","anonymization_status":"requested",
 "metadata":{"vip":false,"n":9007199254740992}},
 "relationships":{"tags":{"data":[{"type":"tags","id":"beta"},{"type":"tags","id":"news"}]}}},
{"type":"customers","id":"cyd","attributes":{"email":"cyd@other.example","status":"repeat","total_orders_count":7,
 "created_at":"2024-01-03T12:00:00.500Z","reference":"","reference_origin":"erp","shopper_reference":"s-1",
 "profile_id":"p-1","metadata":null},
 "relationships":{"customer_group":{"data":{"type":"customer_groups","id":"retail"}}}},
{"type":"customers","id":"dan","attributes":{"email":"dan@other.example","status":"repeat","total_orders_count":10,
 "created_at":"2024-01-04T12:00:00.500Z","metadata":{"vip":"true","list":[1,2,3]}}}],
"included":[{"type":"customer_groups","id":"vip","attributes":{"code":"v"}},
 {"type":"customer_groups","id":"retail","attributes":{"code":"r"}},
 {"type":"tags","id":"beta","attributes":{"name":"b"}},{"type":"tags","id":"news","attributes":{"name":"n"}}]}`

func TestFilters(t *testing.T) {
	e := emulator.New(emulator.WithData(readData(t, four)))
	tests := []struct{ predicate, value, want string }{
		{"email_eq", "bob@shop.example", "bob"},
		{"email_eq", "ann@shop.example", ""},
		{"email_not_eq", "bob@shop.example", "ann cyd dan"},
		{"email_not_eq_all", "bob@shop.example,dan@other.example", "ann cyd"},
		{"email_in", "bob@shop.example,dan@other.example,x", "bob dan"},
		{"email_not_in", "bob@shop.example,dan@other.example", "ann cyd"},
		{"email_start", "bob", "bob"},
		{"email_start_any", "bob,dan", "bob dan"},
		{"email_start_all", "b,bo", "bob"},
		{"email_not_start", "bob", "ann cyd dan"},
		{"email_not_start_any", "bob,dan", "ann bob cyd dan"},
		{"email_not_start_all", "bob,dan", "ann cyd"},
		{"email_end", "shop.example", "ann bob"},
		{"email_not_end", "shop.example", "cyd dan"},
		{"email_cont", "other", "cyd dan"},
		{"email_not_cont", "other", "ann bob"},
		{"email_cont", "ann", ""},
		{"email_i_cont", "aNN", "ann"},
		{"email_matches", "%@shop.example", "ann bob"},
		{"email_matches", "b_b@%", "bob"},
		{"email_matches", "bob", ""},
		{"email_does_not_match", "%@shop.example", "cyd dan"},
		{"reference_matches", `50\%\_off`, "bob"},
		{"reference_matches", `A.100`, ""},
		{"email_or_reference_start", "A", "ann"},
		{"email_gt", "bob", "bob cyd dan"},

		{"reference_eq_or_null", "A-100", "ann dan"},
		{"reference_not_eq", "A-100", "bob cyd"},
		{"reference_not_in_or_null", "A-100,x", "bob cyd dan"},
		{"reference_null", "true", "dan"},
		{"reference_null", "false", "ann bob cyd"},
		{"reference_not_null", "1", "ann bob cyd"},
		{"reference_present", "true", "ann bob"},
		{"reference_present", "0", "cyd dan"},
		{"reference_blank", "true", "cyd dan"},

		{"total_orders_count_gt", "7", "dan"},
		{"total_orders_count_gteq", "7", "cyd dan"},
		{"total_orders_count_lt", "7", "ann bob"},
		{"total_orders_count_lteq", "7", "ann bob cyd"},
		{"total_orders_count_in", "0,10", "ann dan"},

		{"created_at_gt", "2024-01-02T12:00:00.500Z", "cyd dan"},
		{"created_at_gteq", "2024-01-02T12:00:00.500Z", "bob cyd dan"},
		{"created_at_lt", "2024-01-02", "ann"},
		{"created_at_lt", "2024-01-02T14:30:00+02:00", "ann bob"},
		{"created_at_eq", "2024-01-02T12:00:00.5Z", "bob"},
		{"updated_at_lteq", "2024-01-01 23:00:00", "ann"},

		{"has_password_true", "true", "ann"},
		{"has_password_false", "1", "bob cyd dan"},
		{"has_password_eq", "true", "ann"},
		{"password_present", "true", "ann"},

		{"customer_group_id_in", "vip,retail", "ann cyd"},
		{"customer_group_code_eq", "v", "ann"},
		{"customer_group_id_null", "true", "bob dan"},
		{"tags_name_in", "n,x", "bob"},
		{"tags_id_not_in", "beta", "bob"},

		{"metadata_jcont", `{"vip":true}`, "ann"},
		{"metadata_jcont", `{"n":9007199254740993}`, "ann"},
		{"metadata_jcont", `{"list":[2]}`, "dan"},
		{"metadata_jcont", `{"list":[{"a":"b"}]}`, "ann"},
		{"metadata_jcont", `{"list":[1]}`, "ann dan"},
		{"metadata_jcont", `{"list":[{"c":null}]}`, "ann"},
		{"metadata_jcont", `{"deep":{"x":{"y":2}}}`, "ann"},
		{"metadata_jcont", `{"deep":{"x":{"y":3}}}`, ""},
		{"metadata_jcont", `{"nothing":null}`, ""},
		{"metadata_jcont", `{"vip":[1]}`, ""},
		{"metadata_jcont", `{}`, "ann bob dan"},
		{"metadata_null", "true", "cyd"},
	}
	for _, tt := range tests {
		t.Run(tt.predicate+"="+tt.value, func(t *testing.T) {
			if got := page(e, "filter[q]["+tt.predicate+"]", tt.value).ids(t); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	a := page(e, "filter[q][email_end]", "shop.example", "filter[q][total_orders_count_gt]", "0")
	if _, doc := a.list(t); a.ids(t) != "bob" || doc.Meta.RecordCount != 1 {
		t.Errorf("two filters find %q, and %d by the count", a.ids(t), doc.Meta.RecordCount)
	}
}

// A file that was recorded with sparse fieldsets has customers without an
// address. An empty value of a list must not find them.
func TestACustomerWithoutAnAddressMatchesNoEmptyText(t *testing.T) {
	data := readData(t, `{"data":[
		{"id":"ann","type":"customers","attributes":{"email":"ann@example.com"}},
		{"id":"bob","type":"customers","attributes":{"email":null}}]}`)
	for _, tt := range []struct {
		refuted []string
		want    string
	}{
		{nil, "ann"},
		{[]string{"email-in-case:folded"}, "ann"},
		{[]string{"unknown-members:refused"}, "400 INVALID_FILTER_VALUE"},
	} {
		a := page(emulator.New(emulator.WithData(data), emulator.WithRefuted(tt.refuted...)),
			"filter[q][email_in]", "ann@example.com,")
		got := a.outcome()
		if a.status == 200 {
			got = a.ids(t)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.refuted, got, tt.want)
		}
	}
}
