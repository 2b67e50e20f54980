package filter

import (
	"strings"
	"testing"
)

// A resource of the tests, by the names of its attributes.
var resource = map[string]string{
	"id": "xYZkjABcde", "email": "Jane.Roe@Bücher.example", "status": " Repeat ", "total_orders_count": "3",
	"reference": "A-1001", "has_password": "true",
}

// compare compares the resource with a condition, and returns how it ends.
// Attributes whose names begin with untold can't be compared.
func compare(t *testing.T, predicate, value string) string {
	t.Helper()
	c, ok := NewCondition(predicate, value, func(name string) bool { return name != "unknown" })
	if !ok {
		return "can't be compared"
	}
	holds, told := c.Holds(func(name string) (*string, bool) {
		if value, there := resource[name]; there {
			return &value, true
		}
		return nil, !strings.HasPrefix(name, "untold")
	})
	switch {
	case !told:
		return "not told"
	case holds:
		return "holds"
	}
	return "fails"
}

func TestResourcesAreComparedWithFilters(t *testing.T) {
	for text, want := range map[string]string{
		"status_eq= REPEAT ":                      "holds",
		"status_eq=prospect,repeat":               "fails",
		"status_in=prospect, repeat":              "holds",
		"total_orders_count_eq=3.0":               "holds",
		"total_orders_count_in=1,2":               "fails",
		"has_password_eq=T":                       "holds",
		"has_password_in=0,1":                     "holds",
		"has_password_eq=false":                   "fails",
		"total_orders_count_eq=true":              "fails",
		"email_eq=jane.roe@xn--bcher-kva.example": "holds",
		"email_in=a@b,jane.roe@bücher.example":    "holds",
		"email_start=JANE":                        "holds",
		"email_start_any=joe,jane":                "holds",
		"email_start_all=joe,jane":                "fails",
		"email_start_all=jan,jane":                "holds",
		"email_end=.EXAMPLE":                      "holds",
		"email_end_any=.com,.example":             "holds",
		"email_end_all=.example,example":          "holds",
		"email_cont=roe":                          "holds",
		"email_i_cont=ROE":                        "holds",
		"email_cont_any=doe,roe":                  "holds",
		"email_cont_all=jane,roe":                 "holds",
		"email_cont_all=jane,doe":                 "fails",
		"email_or_reference_cont=1001":            "holds",
		"untold_eq=x":                             "not told",
		"email_or_untold_eq=x":                    "not told",
		"email_or_profile_id_eq=x":                "fails",
		"reference_or_untold_eq=a-1001":           "holds",
		"reference_eq=0":                          "fails",
		"unknown_eq=x":                            "can't be compared",
		"email_or_unknown_eq=x":                   "can't be compared",
		"status_not_eq=repeat":                    "can't be compared",
		"reference_null=true":                     "can't be compared",
		"status_eq_or_null=repeat":                "can't be compared",
		"status=repeat":                           "can't be compared",
	} {
		predicate, value, _ := strings.Cut(text, "=")
		expectEqual(t, text, compare(t, predicate, value), want)
	}
}

func TestConditionsNameTheirAttributes(t *testing.T) {
	c, _ := NewCondition("email_or_reference_start", "a", func(string) bool { return true })
	expectEqual(t, "the attributes", strings.Join(c.Attributes(), " "), "email reference")
}
