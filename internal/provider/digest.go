package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// The `id` of a list is a digest of these structs, so their fields keep their
// names and their order. An argument of a later version goes to the end and has
// the option omitzero: it must not change the `id` where it is not set.
type (
	customersArguments struct {
		Filter            map[string]string
		IDs, Emails, Sort []string
		Limit             int
		Count             bool
		Include, Fields   []string
	}
	relatedArguments struct {
		CustomerID, Relationship string
		Filter                   map[string]string
		Sort                     []string
		Limit                    int
		Count                    bool
		Include                  []string
	}
)

// digest returns the `id` of a list. Equal arguments have the same one in every
// run and in every version of the provider.
func digest(arguments any) string {
	text, err := json.Marshal(arguments) // sorts the keys of maps
	if err != nil {
		panic(err) // the arguments are only of types that JSON can encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
