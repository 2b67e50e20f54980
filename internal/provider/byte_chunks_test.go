package provider

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestChunksHoldWhatWasWritten(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var chunks byteChunks
	var want bytes.Buffer
	for _, size := range []int{0, 1, 10, chunkBytes - 11, 1, chunkBytes, 1, 3*chunkBytes + 7, 0, 5} {
		piece := make([]byte, size)
		for i := range piece {
			piece[i] = byte(random.Uint32())
		}
		want.Write(piece)
		if n, err := chunks.Write(piece); n != size || err != nil {
			t.Fatal(n, err)
		}
		want.WriteByte(7)
		if err := chunks.WriteByte(7); err != nil {
			t.Fatal(err)
		}
	}
	if chunks.Len() != want.Len() {
		t.Errorf("there are %d bytes instead of %d", chunks.Len(), want.Len())
	}
	got := bytes.NewBufferString("before")
	if err := chunks.moveTo(got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), append([]byte("before"), want.Bytes()...)) {
		t.Error("other bytes came back")
	}
	if chunks.Len() != 0 {
		t.Errorf("%d bytes are left", chunks.Len())
	}
}
