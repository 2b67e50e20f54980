package commercelayer

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// An attribute is what is known of one attribute of a customer.
type attribute struct {
	name string
	// everywhere is set if every organization has the attribute: it stands in the
	// oldest documentation.
	everywhere bool
	// ordered is set if the order of two values is known without the API: times
	// and numbers.
	ordered bool
	// set writes the JSON text of a value into a customer. The problem completes a
	// sentence about the attribute. It is empty if the value has its form.
	set func(c *Customer, raw json.RawMessage) (problem string)
}

// attributes are the documented attributes of a customer. To add one, add a row
// here and a field to [Customer].
var attributes = []attribute{
	{"email", true, false, into(func(c *Customer) **string { return &c.Email }, readValue)},
	{"status", true, false, into(func(c *Customer) **string { return &c.Status }, readValue)},
	{"has_password", true, false, into(func(c *Customer) **bool { return &c.HasPassword }, readValue)},
	{"total_orders_count", false, true, into(func(c *Customer) **int64 { return &c.TotalOrdersCount }, readInteger)},
	{"shopper_reference", false, false, into(func(c *Customer) **string { return &c.ShopperReference }, readValue)},
	{"profile_id", false, false, into(func(c *Customer) **string { return &c.ProfileID }, readValue)},
	{"tax_exemption_code", false, false, into(func(c *Customer) **string { return &c.TaxExemptionCode }, readValue)},
	{"created_at", true, true, into(func(c *Customer) **string { return &c.CreatedAt }, readTime)},
	{"updated_at", true, true, into(func(c *Customer) **string { return &c.UpdatedAt }, readTime)},
	{"reference", true, false, into(func(c *Customer) **string { return &c.Reference }, readValue)},
	{"reference_origin", true, false, into(func(c *Customer) **string { return &c.ReferenceOrigin }, readValue)},
	{
		"jwt_custom_claim", false, false,
		into(func(c *Customer) *json.RawMessage { return &c.JWTCustomClaim }, readObject),
	},
	{"metadata", true, false, into(func(c *Customer) *json.RawMessage { return &c.Metadata }, readObject)},
	{
		"anonymization_info", false, false,
		into(func(c *Customer) **AnonymizationInfo { return &c.AnonymizationInfo }, readValue),
	},
	{
		"anonymization_status", false, false,
		into(func(c *Customer) **string { return &c.AnonymizationStatus }, readValue),
	},
}

// attributeRows finds a row of the table. Names match exactly.
var attributeRows = func() map[string]int {
	rows := map[string]int{}
	for i, a := range attributes {
		rows[a.name] = i
	}
	return rows
}()

// attributesEverywhere are the names of the attributes that every organization
// has.
var attributesEverywhere = func() (names []string) {
	for _, a := range attributes {
		if a.everywhere {
			names = append(names, a.name)
		}
	}
	return names
}()

// attributeNamed returns the row of an attribute, or nil.
func attributeNamed(name string) *attribute {
	if i, known := attributeRows[name]; known {
		return &attributes[i]
	}
	return nil
}

// into returns the function that writes an attribute into a field. Null empties
// the field.
func into[T any](
	field func(*Customer) *T, read func(raw json.RawMessage, value *T) (problem string),
) func(*Customer, json.RawMessage) string {
	return func(c *Customer, raw json.RawMessage) string {
		var value T
		problem := ""
		if raw[0] != 'n' {
			problem = read(raw, &value)
		}
		*field(c) = value
		return problem
	}
}

func readValue[T any](raw json.RawMessage, value **T) string {
	*value = new(T)
	if json.Unmarshal(raw, *value) != nil {
		return wrongType[T](raw)
	}
	return ""
}

// wrongType describes a value of a JSON type that T can't hold.
func wrongType[T any](raw json.RawMessage) string {
	if _, isObject := any(*new(T)).(AnonymizationInfo); isObject && raw[0] == '{' {
		return "has a member of a wrong JSON type"
	}
	return "must not be a JSON " + jsonapi.Kind(raw)
}

// readTime reads a time in the documented form, RFC 3339. The text stays as it
// was sent.
func readTime(raw json.RawMessage, value **string) string {
	if problem := readValue(raw, value); problem != "" {
		return problem
	}
	if _, err := time.Parse(time.RFC3339, **value); err != nil {
		return "is not an RFC 3339 time"
	}
	return ""
}

// readInteger reads a JSON number that must be a whole number of 64 bits. Forms
// such as 5.0 and 5e0 count as whole numbers.
func readInteger(raw json.RawMessage, value **int64) string {
	var n json.Number
	if json.Unmarshal(raw, &n) != nil {
		return wrongType[int64](raw)
	}
	text := n.String()
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		*value = &i
		return ""
	}
	// A number like 1e999999999 would take very long to compute. So only short
	// texts are tried.
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) <= 40 && len(exponent) <= 3 {
		if r, ok := new(big.Rat).SetString(text); ok && r.IsInt() && r.Num().IsInt64() {
			*value = new(r.Num().Int64())
			return ""
		}
	}
	return "is not a whole number of 64 bits"
}

// readObject reads a JSON object into its canonical form.
func readObject(raw json.RawMessage, value *json.RawMessage) string {
	if raw[0] != '{' {
		return "is not a JSON object"
	}
	*value = jsonapi.Canonical(raw)
	return ""
}

// comparedAttributes returns the attributes that an answer must have to be
// compared with a query: those of its filter that customers have, and the first
// one of its sort, if the order of its values is known.
func (q Query) comparedAttributes() []string {
	var names []string
	for _, c := range newConditions(q.Filter) {
		names = append(names, c.Attributes()...)
	}
	if len(q.Sort) > 0 && !q.Count {
		if a := attributeNamed(strings.TrimPrefix(q.Sort[0], "-")); a != nil && a.ordered {
			names = append(names, a.name)
		}
	}
	if q.Emails != nil {
		names = append(names, "email")
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return attributeNamed(name) == nil })
}
