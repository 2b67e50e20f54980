package emulator

import "math/bits"

// The IDs of the API are encoded integers, and sorting by ID follows the hidden
// integer and not the alphabet. This is inferred from error texts of the API
// that name the integer. All recorded IDs are ten ASCII letters.
const (
	idLength   = 10
	idAlphabet = "mQzKbYtRwAhXnLcVdJsGpFyEoUiTkZaBvNfMxWgPqDjSrHeClOuI"
	idSpace    = 144_555_105_949_057_024 // 52 to the power of 10
	idFactor   = 98_765_432_109_876_543  // shares no factor with idSpace
	idOffset   = 31_415_926_535_897_932
)

// encodeID returns the ID of a number. Different numbers have different IDs.
// The IDs of n and n+1 are not similar, and they are not in alphabetical order.
// So a client that compares IDs as text fails in the tests.
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
