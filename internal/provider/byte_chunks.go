package provider

import "bytes"

// chunkBytes is the size of a chunk.
const chunkBytes = 1 << 20

// byteChunks holds bytes that are written to it, many of them. A [bytes.Buffer]
// copies all to a place of twice the size whenever it is full, and so needs three
// times the memory. The zero value is empty.
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

// Len is how many bytes were written.
func (c *byteChunks) Len() int { return c.size }

// moveTo appends all bytes to a buffer, and lets go of each chunk when that is
// done.
func (c *byteChunks) moveTo(b *bytes.Buffer) {
	for i, chunk := range c.full {
		b.Write(chunk)
		c.full[i] = nil
	}
	b.Write(c.last)
	*c = byteChunks{}
}
