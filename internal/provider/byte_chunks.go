package provider

import "io"

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

// moveTo writes all bytes to a writer. It drops each chunk after it was copied, so
// that the garbage collector can free it.
func (c *byteChunks) moveTo(w io.Writer) error {
	for i, chunk := range c.full {
		if _, err := w.Write(chunk); err != nil {
			return err
		}
		c.full[i] = nil
	}
	_, err := w.Write(c.last)
	*c = byteChunks{}
	return err
}
