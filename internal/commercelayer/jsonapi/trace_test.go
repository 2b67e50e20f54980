package jsonapi

import "testing"

func TestTraceIDIsTheFirstResourcesOwn(t *testing.T) {
	for body, want := range map[string]string{
		`{"data":{"meta":{"mode":"test","trace_id":"ab12"}}}`:                                          "ab12",
		`{"data":[{"meta":{}},{},{"meta":{"trace_id":"three"}}]}`:                                      "three",
		`{"data":[{"meta":{"trace_id":"one"}},{"meta":{"trace_id":"two"}}]}`:                           "one",
		`{"data":{"attributes":{"metadata":{"meta":{"trace_id":"mine"}},"meta":{"trace_id":"mine"}}}}`: "",
		`{"meta":{"trace_id":"top"},"data":{}}`:                                                        "",
		`{"data":{"meta":{"trace_id":{"a":1}}}}`:                                                       "",
		`{"data":{"meta":{"trace_id":"cut`:                                                             "",
		`<html>"trace_id":"ab"`:                                                                        "",
	} {
		if got := TraceID([]byte(body)); got != want {
			t.Errorf("%s: the trace ID is %q, want %q", body, got, want)
		}
	}
}
