package jsonapi

import "encoding/json"

// An Error is one error as a server sent it. It is text from outside, so it
// must be redacted before it is shown.
type Error struct{ Status, Code, Title, Detail string }

// DecodeErrors reads the errors of a body, but not more than limit, which is at
// least one. It knows the three forms that the API and its authentication
// service use:
//   - a list of error objects whose status is a string (JSON:API)
//   - one error object whose status is a number
//   - the members error and error_description (RFC 6749)
//
// The result is empty for any other body, such as an HTML page or JSON that was
// cut off.
func DecodeErrors(body []byte, limit int) []Error {
	body = trim(body)
	if !json.Valid(body) {
		return nil
	}
	var list, single, description []byte
	pick(body, wanted{"errors", &list}, wanted{"error", &single}, wanted{"error_description", &description})
	if found := errorObjects(list, limit); len(found) > 0 {
		return found
	}
	if code := looseText(single); code != "" {
		return []Error{{Code: code, Detail: looseText(description)}}
	}
	return errorObjects(single, limit)
}

// errorObjects reads an error object or a list of error objects. Objects
// without a readable member are left out.
func errorObjects(raw []byte, limit int) []Error {
	var found []Error
	for one := range oneOrMany(raw) {
		if e := errorObject(one); e != (Error{}) {
			found = append(found, e)
		}
		if len(found) == limit {
			break
		}
	}
	return found
}

// errorObject reads one error object. A member of an unexpected type is left
// empty.
func errorObject(raw []byte) Error {
	var status, code, title, detail []byte
	pick(raw, wanted{"status", &status}, wanted{"code", &code}, wanted{"title", &title}, wanted{"detail", &detail})
	return Error{looseText(status), looseText(code), looseText(title), looseText(detail)}
}

// looseText reads a string or a number as text. Other values give an empty
// text.
func looseText(raw []byte) string {
	switch kindOf(raw) {
	case text:
		return decodeString(raw)
	case number:
		return string(raw)
	default:
		return ""
	}
}
