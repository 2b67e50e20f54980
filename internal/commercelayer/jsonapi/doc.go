// Package jsonapi reads documents of JSON:API v1.0: resources, what they link
// to, what is included with them, and the errors that a server sends instead.
//
// An answer comes from outside, and may be hostile. A document of some
// megabytes can hold millions of elements, each of which is a hundred times
// larger as a Go value. So a document is read in three steps. The first checks
// that the bytes are JSON. The second counts the elements, without building
// anything, and refuses the document if they are more than [Bounds] allows.
// Only then are values made of it.
//
// The bytes are walked by the few functions of walk.go instead of being
// unmarshaled into structs, for two reasons. [encoding/json] takes a key for a
// member in any case: "ID" and "Data" would be taken for "id" and "data". Here
// the names must be equal, byte for byte. And its [json.Decoder.Token] makes a
// value of every token: to count 16 million zeros it took ten times as long as
// [json.Valid] and the walk together, and left 1.7 GB of garbage where they
// leave none.
package jsonapi

// MediaType is the media type of JSON:API documents.
const MediaType = "application/vnd.api+json"
