package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestAccCustomerReadsWhatOlderAndNewerAPIsSend has the text of expressions over
// customers, and their values. The tests of the client have more of them.
func TestAccCustomerReadsWhatOlderAndNewerAPIsSend(t *testing.T) {
	t.Parallel()
	const wishlists = `,"relationships":{"wishlists":{"links":{"self":"https://x/relationships/wishlists","related":"https://x/wishlists"}}},` +
		`"meta":{"mode":"test","shard":7},"future":true`
	api := startAPI(t)
	var config strings.Builder
	list := []struct{ attributes, rest, value, want string }{
		{`{}`, "", `[for n in ["email", "status", "has_password", "created_at", "metadata", "metadata_json", "mode", "jwt_custom_claim_json"] : n if c[n] != null]`, "[]"},
		{`{}`, "", "[c.id, c.links.self, length(c.relationships), length(c.included)]", `["c1",null,0,0]`},
		{`{"email":"a@example.com","loyalty":{"points":[1,2]}}`, wishlists, "c.email", `"a@example.com"`},
		{`{}`, wishlists, `[c.relationships["wishlists"].related, c.relationships["wishlists"].data]`, `["https://x/wishlists",null]`},
		{`{"metadata":null}`, "", "[c.metadata, c.metadata_json]", "[null,null]"},
		{`{"metadata":{}}`, "", "[length(c.metadata), c.metadata_json]", `[0,"{}"]`},
		{`{"total_orders_count":6.0}`, "", "c.total_orders_count", "6"},
		{`{"created_at":"2024-02-29T23:59:59+02:00"}`, "", "c.created_at", `"2024-02-29T23:59:59+02:00"`},
		{`{"status":"legendary"}`, "", "c.status", `"legendary"`},
	}
	for i, tt := range list {
		id := fmt.Sprint("c", i)
		api.AddDocument(id, customerDocument(id, tt.attributes, tt.rest))
		fmt.Fprintf(&config, "data \"commercelayer_customer\" %[1]q {\n  id = %[1]q\n}\noutput %[1]q {\n  value = %[2]s\n}\n",
			id, regexp.MustCompile(`\bc([.\[])`).ReplaceAllString(tt.value, "data.commercelayer_customer."+id+"$1"))
	}
	result := newCLI(t, api.config(config.String())).apply()
	for i, tt := range list {
		result.wantOutput(fmt.Sprint("c", i), tt.want)
	}
}
