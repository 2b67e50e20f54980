package jsonapi_test

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

func TestCanonicalForms(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for raw, want := range map[string]string{
		`{}`:                                `{}`,
		`[ ]`:                               `[]`,
		`{"z":1,"a":2,"":3,"Z":4,"é":5}`:    `{"":3,"Z":4,"a":2,"z":1,"é":5}`,
		`{"z":[{"b":1,"a":{"d":1,"c":2}}]}`: `{"z":[{"a":{"c":2,"d":1},"b":1}]}`,
		"{ \"a\" :\n[ 1 ,\t2 ] }":           `{"a":[1,2]}`,
		`{"n":9007199254740993}`:            `{"n":9007199254740993}`,
		`[1.0,1.10,1E5,1e+05,-0,0.0,1e400,-1e-400]`: `[1.0,1.10,1E5,1e+05,-0,0.0,1e400,-1e-400]`,
		strings.Repeat("9", 400):                    strings.Repeat("9", 400),
		`{"a":1,"b":0,"a":2}`:                       `{"a":2,"b":0}`,
		`{"a":1,"\u0061":2}`:                        `{"a":2}`,
		`"\u00e9\/<>&\u003c"`:                       `"é/<>&<"`,
		`"\ud800"`:                                  "\"\uFFFD\"",
		`"\u0001\t\"\\"`:                            `"\u0001\t\"\\"`,
		deep:                                        deep,
	} {
		equal(t, raw, string(jsonapi.Canonical([]byte(raw))), want)
	}
}
