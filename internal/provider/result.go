package provider

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// A readResult is what a read has found. The provider encodes it itself, as the plugin
// protocol does (MessagePack): for each customer, the framework would build three
// trees of values and allocate about 1.4 MB, for a result of about 3 KB.
type readResult struct {
	// attributes are the values of the computed attributes by name, of types that
	// the encoder knows: texts, numbers, slices, maps and pointers. What is nil, is
	// null. If the map is nil, nothing was read.
	attributes map[string]any
	list       bulkList
}

// resultKey is the key of the result that [server] has put into the context of a
// read.
type resultKey struct{}

// newReadResult returns a result for a list whose elements have at most the given
// number of bytes.
func newReadResult(bound int) *readResult { return &readResult{list: bulkList{bound: bound}} }

// value is [readResult.completed] for arguments that are not encoded.
func (r *readResult) value(arguments tftypes.Value) (tftypes.Value, error) {
	encoded, err := tfprotov6.NewDynamicValue(arguments.Type(), arguments)
	if err == nil {
		encoded.MsgPack, err = r.completed(encoded.MsgPack)
	}
	if err != nil {
		return tftypes.Value{}, err
	}
	return encoded.Unmarshal(arguments.Type())
}

// completed returns the encoded arguments of a read with the result. An argument
// stays as it was written, because the CLI demands that.
func (r *readResult) completed(arguments []byte) ([]byte, error) {
	decoder := msgpack.NewDecoder(bytes.NewReader(arguments))
	length, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, fmt.Errorf("reading the arguments: %w", err)
	}
	var whole bytes.Buffer
	whole.Grow(len(arguments) + r.list.size + 16)
	encoder := msgpack.NewEncoder(&whole)
	err = encoder.EncodeMapLen(length)
	for range length {
		name, nameErr := decoder.DecodeString()
		var value any
		argument, valueErr := decoder.DecodeRaw()
		if value = argument; bytes.Equal(argument, []byte{msgpcode.Nil}) {
			value = r.attributes[name]
		}
		err = errors.Join(err, nameErr, valueErr, encoder.EncodeString(name), encoder.Encode(value))
	}
	return whole.Bytes(), err
}

// A bulkList holds the elements of the one long list that a result may have, each
// in its encoding. That needs much less memory than values, which matters for
// thousands of customers.
type bulkList struct {
	// attribute is the name of the list.
	attribute string
	elements  [][]byte
	// size is the size of the elements, and bound the greatest possible, in bytes.
	size, bound int
	scratch     bytes.Buffer
}

// add encodes an element. It returns a *resultTooLargeError as soon as the elements
// exceed the bound. Any other error is a bug of this provider. The total is the
// number of all elements, or 0 if that is not known.
func (l *bulkList) add(element map[string]any, total int) error {
	l.scratch.Reset()
	if err := msgpack.NewEncoder(&l.scratch).Encode(element); err != nil {
		return err
	}
	l.elements = append(l.elements, bytes.Clone(l.scratch.Bytes()))
	// The size is checked after each element. It can't be estimated from the
	// first elements, because customers differ in size.
	if l.size += l.scratch.Len(); l.size > l.bound {
		return l.tooLarge(l.size, total)
	}
	return nil
}

func (l *bulkList) tooLarge(size, total int) *resultTooLargeError {
	return &resultTooLargeError{bytes: size, bound: l.bound, list: l.attribute, count: len(l.elements), total: total}
}

var _ msgpack.CustomEncoder = (*bulkList)(nil)

// EncodeMsgpack implements [msgpack.CustomEncoder]. It drops each element after it
// was copied, so that the garbage collector can free it.
func (l *bulkList) EncodeMsgpack(e *msgpack.Encoder) error {
	err := e.EncodeArrayLen(len(l.elements))
	for i, element := range l.elements {
		_, writeErr := e.Writer().Write(element)
		err = errors.Join(err, writeErr)
		l.elements[i] = nil
	}
	return err
}
