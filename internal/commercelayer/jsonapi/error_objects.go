package jsonapi

import "encoding/json"

// An Error is one error as a server sends it: raw text from outside, not fit to
// be shown as it is.
type Error struct{ Status, Code, Title, Detail string }

// DecodeErrors reads the errors of a body, at most so many, in each of the
// three shapes that the API and its authentication service have: a list of
// error objects with a status that is a string, one error object with a status
// that is a number, and the members of RFC 6749. Any other body, such as an
// HTML page or one that was cut off, holds none.
func DecodeErrors(body []byte, limit int) []Error {
	body = trim(body)
	if !json.Valid(body) {
		return nil
	}
	var list, single, description []byte
	for name, value := range members(body) {
		switch string(name) {
		case "errors":
			list = value
		case "error":
			single = value
		case "error_description":
			description = value
		}
	}
	if found := errorObjects(list, limit); len(found) > 0 {
		return found
	}
	if code := looseText(single); code != "" && limit > 0 {
		return []Error{{Code: code, Detail: looseText(description)}}
	}
	return errorObjects(single, limit)
}

// errorObjects reads an error object or a list of them. Those that say nothing
// are left out.
func errorObjects(raw []byte, limit int) []Error {
	var found []Error
	add := func(e Error) {
		if e != (Error{}) && len(found) < limit {
			found = append(found, e)
		}
	}
	add(errorObject(raw))
	for element := range elements(raw) {
		if len(found) >= limit {
			break
		}
		add(errorObject(element))
	}
	return found
}

// errorObject reads one error. A member of an unexpected type does not cost the
// others.
func errorObject(raw []byte) Error {
	var e Error
	for name, value := range members(raw) {
		switch string(name) {
		case "status":
			e.Status = looseText(value)
		case "code":
			e.Code = looseText(value)
		case "title":
			e.Title = looseText(value)
		case "detail":
			e.Detail = looseText(value)
		}
	}
	return e
}

// looseText reads a string or a number as text, and anything else as none.
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
