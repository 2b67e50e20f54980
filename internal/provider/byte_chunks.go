package provider

import "bytes"

// chunkBytes is the size of a chunk.
const chunkBytes = 1 << 20

// byteChunks is a buffer for many bytes. When a [bytes.Buffer] is full, it
// copies its content to a new slice of twice the size, and so it needs up to
// three times the memory of its content. byteChunks adds another chunk instead.
// The zero value is empty.
type byteChunks struct {
	full [][]byte
	last []byte
	size int
}

// Write implements [io.Writer]. It never fails.
func (c *byteChunks) Write(p []byte) (int, error) {
	c.size += len(p)
	for rest := p; len(rest) > 0; {
		if len(c.last) == cap(c.last) {
			if c.last != nil {
				c.full = append(c.full, c.last)
			}
			c.last = make([]byte, 0, chunkBytes)
		}
		n := min(len(rest), cap(c.last)-len(c.last))
		c.last = append(c.last, rest[:n]...)
		rest = rest[n:]
	}
	return len(p), nil
}

// WriteByte implements [io.ByteWriter].
func (c *byteChunks) WriteByte(b byte) error {
	_, err := c.Write([]byte{b})
	return err
}

// Len returns the number of bytes that were written.
func (c *byteChunks) Len() int { return c.size }

// moveTo appends all bytes to a buffer. It drops each chunk after it was
// copied, so that the garbage collector can free it.
func (c *byteChunks) moveTo(b *bytes.Buffer) {
	for i, chunk := range c.full {
		b.Write(chunk)
		c.full[i] = nil
	}
	b.Write(c.last)
	*c = byteChunks{}
}
