package jsonapi_test

import (
	"fmt"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

func TestTextOfAnAttribute(t *testing.T) {
	r := &jsonapi.Resource{
		Identifier: jsonapi.Identifier{ID: "i"},
		Attributes: []byte(`{"b":true,"l":[],"n":1.50,"nothing":null,"o":{},"s":"\u00e9","twice":1,"twice":"last"}`),
	}
	for attribute, want := range map[string]string{
		"id": "i true", "n": "1.50 true", "nothing": "null true", "s": "é true", "twice": "last true",
		"b": "true true", "l": "null false", "o": "null false", "missing": "null false",
	} {
		value, told := r.Text(attribute)
		got := "null"
		if value != nil {
			got = *value
		}
		if got = fmt.Sprint(got, " ", told); got != want {
			t.Errorf("%s: %s, want %s", attribute, got, want)
		}
	}
}

func TestAttributesThatWereNotSentHaveNoMembers(t *testing.T) {
	for _, raw := range []string{"", "[]", "null", "{}"} {
		for name := range jsonapi.Members([]byte(raw)) {
			t.Errorf("%s has the member %s", raw, name)
		}
	}
}
