package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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

// resultKey is the key of the result in a context.
type resultKey struct{}

// resultOf returns the result that [server] has put into the context of a read.
func resultOf(ctx context.Context) *readResult {
	r, _ := ctx.Value(resultKey{}).(*readResult)
	return r
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
	whole.Grow(len(arguments) + r.list.elements.Len() + 16)
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

// A bulkList holds the elements of the one long list that a result may have.
// Encoded elements need much less memory than values, which matters for thousands
// of customers.
type bulkList struct {
	// attribute is the name of the list.
	attribute string
	// bound is the greatest size of the elements, in bytes.
	bound    int
	count    int
	elements byteChunks
}

// add encodes an element. It returns a *resultTooLargeError as soon as the elements
// exceed the bound. Any other error is a bug of this provider.
func (l *bulkList) add(element map[string]any) error {
	l.count++
	if err := msgpack.NewEncoder(&l.elements).Encode(element); err != nil {
		return err
	}
	// The size is checked after each element. It can't be estimated from the
	// first elements, because customers differ in size.
	if size := l.elements.Len(); size > l.bound {
		return &resultTooLargeError{bytes: size, bound: l.bound, list: l.attribute, count: l.count}
	}
	return nil
}

var _ msgpack.CustomEncoder = (*bulkList)(nil)

// EncodeMsgpack implements [msgpack.CustomEncoder]. It moves the elements, and
// leaves the list empty.
func (l *bulkList) EncodeMsgpack(e *msgpack.Encoder) error {
	if err := e.EncodeArrayLen(l.count); err != nil {
		return err
	}
	return l.elements.moveTo(e.Writer())
}
