package process

import (
	"io"
	"log"

	"google.golang.org/grpc/grpclog"
)

// Silence keeps libraries from writing to stderr. The CLI copies stderr into
// its log, without the masks that the provider's own log has. Go's net/http,
// for example, quotes bytes that a server sent after the end of its answer.
// They may contain a customer or an access token.
func Silence() {
	log.SetOutput(io.Discard)
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
}
