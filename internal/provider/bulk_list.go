package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/vmihailenco/msgpack/v5"
)

// bulkKey is the key of the bulkList in a context.
type bulkKey struct{}

// A bulkList holds the elements of one list attribute in the encoding of the
// plugin protocol (MessagePack). Encoded elements need much less memory than
// the framework's values, which matters for thousands of customers.
//
// It encodes the elements itself. The framework could encode one element at a
// time too (ObjectValueFrom, ToTerraformValue and NewDynamicValue). In a
// measurement that took twelve times as long and eighteen times as much memory.
type bulkList struct {
	attribute string
	// bound is the greatest size of the elements, in bytes.
	bound    int
	count    int
	elements byteChunks
	encoder  *msgpack.Encoder
}

// bulkListFrom returns the bulkList that [server] put into the context, for the
// named attribute.
func bulkListFrom(ctx context.Context, attribute string) *bulkList {
	list, _ := ctx.Value(bulkKey{}).(*bulkList)
	list.attribute = attribute
	list.encoder = msgpack.NewEncoder(&list.elements)
	return list
}

// add encodes a model: a struct whose fields have tfsdk tags. It returns a
// *resultTooLargeError as soon as the elements exceed the bound. Any other
// error is a bug of this provider.
func (l *bulkList) add(ctx context.Context, model any) error {
	l.count++
	if err := l.encodeModel(ctx, reflect.ValueOf(model)); err != nil {
		return err
	}
	// The size is checked after each element. It can't be estimated from the
	// first elements, because customers differ in size.
	if size := l.elements.Len(); size > l.bound {
		return &resultTooLargeError{bytes: size, bound: l.bound, list: l.attribute, count: l.count}
	}
	return nil
}

func (l *bulkList) encodeModel(ctx context.Context, v reflect.Value) error {
	if err := l.encoder.EncodeMapLen(v.NumField()); err != nil {
		return err
	}
	for i := range v.NumField() {
		if err := l.encoder.EncodeString(v.Type().Field(i).Tag.Get("tfsdk")); err != nil {
			return err
		}
		value, ok := reflect.TypeAssert[attr.Value](v.Field(i))
		if !ok {
			return fmt.Errorf("the field %s is not a value of the framework", v.Type().Field(i).Name)
		}
		if err := l.encode(ctx, value); err != nil {
			return err
		}
	}
	return nil
}

// encode writes a value in the encoding of tfprotov6. It supports the types
// that the models have, and no others.
func (l *bulkList) encode(ctx context.Context, value attr.Value) error {
	if value.IsUnknown() {
		return errors.New("a value is unknown after it was read")
	}
	if value.IsNull() {
		return l.encoder.EncodeNil()
	}
	switch v := value.(type) {
	case basetypes.StringValuable:
		s, diags := v.ToStringValue(ctx)
		if diags.HasError() {
			return errors.New("a value is not the string that it should be")
		}
		return l.encoder.EncodeString(s.ValueString())
	case basetypes.BoolValue:
		return l.encoder.EncodeBool(v.ValueBool())
	case basetypes.Int64Value:
		return l.encoder.EncodeInt(v.ValueInt64())
	case basetypes.ObjectValue:
		return l.encodeMap(ctx, v.Attributes())
	case basetypes.MapValue:
		return l.encodeMap(ctx, v.Elements())
	case basetypes.ListValue:
		elements := v.Elements()
		if err := l.encoder.EncodeArrayLen(len(elements)); err != nil {
			return err
		}
		for _, element := range elements {
			if err := l.encode(ctx, element); err != nil {
				return err
			}
		}
		return nil
	default:
		return errors.New("a value has a type that has no encoding here")
	}
}

func (l *bulkList) encodeMap(ctx context.Context, members map[string]attr.Value) error {
	if err := l.encoder.EncodeMapLen(len(members)); err != nil {
		return err
	}
	for name, member := range members {
		if err := l.encoder.EncodeString(name); err != nil {
			return err
		}
		if err := l.encode(ctx, member); err != nil {
			return err
		}
	}
	return nil
}

// splice copies an encoded state and replaces the list attribute, which is
// empty there, with the elements.
func (l *bulkList) splice(state []byte) ([]byte, error) {
	decoder := msgpack.NewDecoder(bytes.NewReader(state))
	length, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	var whole bytes.Buffer
	whole.Grow(len(state) + l.elements.Len() + 16)
	encoder := msgpack.NewEncoder(&whole)
	err = encoder.EncodeMapLen(length)
	spliced := false
	for range length {
		name, nameErr := decoder.DecodeString()
		// The members are copied one by one, because the library drops members
		// that are null when it decodes a map as a whole.
		value, valueErr := decoder.DecodeRaw()
		err = errors.Join(err, nameErr, valueErr, encoder.EncodeString(name))
		if name == l.attribute {
			err = errors.Join(err, encoder.EncodeArrayLen(l.count))
			l.elements.moveTo(&whole)
			spliced = true
		} else {
			whole.Write(value)
		}
		if err != nil {
			return nil, fmt.Errorf("copying the state: %w", err)
		}
	}
	if !spliced {
		return nil, fmt.Errorf("the state has no attribute %s", l.attribute)
	}
	return whole.Bytes(), nil
}
