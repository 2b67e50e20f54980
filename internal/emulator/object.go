package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// object is a JSON object. It keeps the order of its members, and each value as
// it was written, so that a large number is not rounded.
type object []member

type member struct {
	key   string
	value json.RawMessage
}

func parseObject(data []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil {
		return nil, err
	} else if t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var o object
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, errors.New("not a JSON object")
		}
		o = append(o, member{name, value})
	}
	_, err := dec.Token()
	return o, err
}

// get returns the value of a member. It is nil if there is no such member.
func (o object) get(key string) json.RawMessage {
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// has tells whether there is such a member. Its value may be null.
func (o object) has(key string) bool {
	return slices.ContainsFunc(o, func(m member) bool { return m.key == key })
}

// set replaces the value of a member, or adds the member.
func (o object) set(key string, value json.RawMessage) object {
	for i := range o {
		if o[i].key == key {
			o[i].value = value
			return o
		}
	}
	return append(o, member{key, value})
}

// append writes the object in compact form.
func (o object) append(b []byte) []byte {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, m.key)
		b = append(b, ':')
		b = appendJSON(b, m.value)
	}
	return append(b, '}')
}

// mapFirst changes an object. If data is an array, it changes its first object.
func mapFirst(data json.RawMessage, change func(object) object) json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil {
		if len(list) > 0 {
			list[0] = mapFirst(list[0], change)
		}
		return encode(list)
	}
	if o, err := parseObject(data); err == nil {
		return change(o).append(nil)
	}
	return data
}

// appendJSON writes a raw value in compact form. An empty value is written as
// null.
func appendJSON(b []byte, raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return append(b, "null"...)
	}
	buf := bytes.NewBuffer(b)
	if json.Compact(buf, raw) != nil {
		return append(b, raw...)
	}
	return buf.Bytes()
}

// encode returns the JSON of a value. It panics on an error, because its
// callers only pass values that can be encoded.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// appendString writes s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, encode(s)...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
