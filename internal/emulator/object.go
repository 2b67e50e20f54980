package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// object is a JSON object. It keeps the order of its members, and each value as
// it was written, so that a large number is not rounded. The values are in
// compact form. The value nil stands for null.
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
		o = append(o, member{name, compact(value)})
	}
	_, err := dec.Token()
	return o, err
}

func (o object) index(key string) int {
	return slices.IndexFunc(o, func(m member) bool { return m.key == key })
}

// get returns the value of a member. It is nil if there is no such member.
func (o object) get(key string) json.RawMessage {
	if i := o.index(key); i >= 0 {
		return o[i].value
	}
	return nil
}

// with returns the object with another value of a member, or with one more
// member.
func (o object) with(key string, value json.RawMessage) object {
	i := o.index(key)
	if i < 0 {
		return append(slices.Clip(o), member{key, value})
	}
	o = slices.Clone(o)
	o[i].value = value
	return o
}

// without returns the object without a member.
func (o object) without(key string) object {
	return o.only(func(name string) bool { return name != key })
}

// only returns the object with the members that are wanted.
func (o object) only(wanted func(key string) bool) object {
	var kept object
	for _, m := range o {
		if wanted(m.key) {
			kept = append(kept, m)
		}
	}
	return kept
}

// json returns the object in compact form.
func (o object) json() json.RawMessage {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, quote(m.key)...), ':')
		if m.value == nil {
			b = append(b, "null"...)
		}
		b = append(b, m.value...)
	}
	return append(b, '}')
}

// array returns a JSON array.
func array(values []json.RawMessage) json.RawMessage {
	b := []byte{'['}
	for i, value := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, value...)
	}
	return append(b, ']')
}

// compact returns a JSON value in compact form. It does not change what is not
// JSON.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

// encode returns the JSON of a value. It panics on an error, because its
// callers only pass values that can be encoded.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// quote returns s as a JSON string.
func quote(s string) json.RawMessage {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return encode(s)
		}
	}
	return json.RawMessage(`"` + s + `"`)
}

func isJSONNull(raw json.RawMessage) bool {
	return len(raw) == 0 || string(raw) == "null"
}
