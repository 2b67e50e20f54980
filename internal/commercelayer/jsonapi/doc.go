// Package jsonapi reads documents of JSON:API v1.0: resources, what they link
// to, what is included with them, and the errors that a server sends instead.
//
// An answer comes from outside, and may be hostile. A document of some
// megabytes can hold millions of elements, each of which is a hundred times
// larger as a Go value. So a document is read in three steps. The first checks
// that the bytes are JSON. The second counts the elements, without building
// anything, and refuses the document if they are more than [Bounds] allows. Only
// then are values made of it.
//
// The bytes are walked by the few functions of walk.go instead of being
// unmarshaled into structs, for two reasons. [encoding/json] takes a key for a
// member in any case: "ID", "Data" or "İd" would be taken for "id" and "data".
// Here the names must be equal, byte for byte. And its [json.Decoder.Token]
// makes a value of every token: counting 32 MiB of zeros takes it 1.1 s and 130
// MB of garbage, and [json.Valid] with the walk 0.2 s and none.
package jsonapi

// MediaType is the media type of JSON:API documents.
const MediaType = "application/vnd.api+json"
