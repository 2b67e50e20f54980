package jsonapi

import "encoding/json"

// TraceID returns meta.trace_id of the first resource in data that has one. It
// is for a log. A member of the same name at another place, for example in a
// customer's metadata, does not count. The result is empty if there is none.
func TraceID(body []byte) string {
	body = trim(body)
	if !json.Valid(body) {
		return ""
	}
	for resource := range oneOrMany(splitTopLevel(body).data) {
		var meta, trace []byte
		pick(resource, wanted{"meta", &meta})
		pick(meta, wanted{"trace_id", &trace})
		if id := looseText(trace); id != "" {
			return id
		}
	}
	return ""
}
