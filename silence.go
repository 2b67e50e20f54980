package main

import (
	"io"
	"log"

	"google.golang.org/grpc/grpclog"
)

// silence keeps libraries from writing to stderr on their own. The CLI copies
// what comes there into its log, and the masks of the provider's own log never
// see it. Go's net/http, for one, quotes bytes that a server sent after the end
// of its answer, which may be a customer or an access token.
func silence() {
	log.SetOutput(io.Discard)
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
}
