package emulator

import "math/bits"

// The service's ids are encodings of integers: its sorting and its comparisons
// by id follow the hidden integer and not the alphabet (inferred from error
// texts that name numeric keys). All recorded ids are ten ASCII letters.
const (
	idLength   = 10
	idAlphabet = "mQzKbYtRwAhXnLcVdJsGpFyEoUiTkZaBvNfMxWgPqDjSrHeClOuI"
	idSpace    = 144_555_105_949_057_024 // 52 to the power of 10
	idFactor   = 98_765_432_109_876_543  // shares no factor with idSpace
	idOffset   = 31_415_926_535_897_932
)

// encodeID turns the n-th number of the hidden sequence into an id. Different
// numbers give different ids, and neighbours look nothing alike.
func encodeID(n int64) string {
	hi, lo := bits.Mul64(uint64(n), idFactor)
	lo, carry := bits.Add64(lo, idOffset, 0)
	_, x := bits.Div64(hi+carry, lo, idSpace)
	var id [idLength]byte
	for i := range id {
		id[i] = idAlphabet[x%uint64(len(idAlphabet))]
		x /= uint64(len(idAlphabet))
	}
	return string(id[:])
}
