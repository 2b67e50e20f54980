// Package jsonapi reads documents of JSON:API v1.0: resources, their
// relationships, included resources, and the errors that a server sends
// instead.
//
// A document comes from outside and may be hostile. A few megabytes can hold
// millions of elements, and each of them takes a hundred times more memory as a
// Go value. So a document is read in three steps. The first step checks that
// the bytes are JSON. The second step counts the elements without building any
// value. It refuses the document if there are more than bounds.go allows. The
// third step builds the values.
//
// The functions of walk.go walk over the bytes. Two properties of
// [encoding/json] are the reason why the bytes are not unmarshaled into
// structs:
//   - It compares names without regard to case. It would take "ID" and "Data"
//     for "id" and "data". Here a name must be equal byte for byte.
//   - [json.Decoder.Token] makes a Go value of each token. To count 16 million
//     zeros with it took ten times as long as [json.Valid] and walk.go
//     together. It left 1.7 GB of garbage, and they leave nothing.
package jsonapi

// MediaType is the media type of JSON:API documents, as the specification
// registers it.
const MediaType = "application/vnd.api+json"
