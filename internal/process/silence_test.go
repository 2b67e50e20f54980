package process

import (
	"bufio"
	"log"
	"log/slog"
	"os"
	"testing"

	"google.golang.org/grpc/grpclog"
)

func TestLibrariesDoNotWriteToStderr(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	log.SetOutput(writer)
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(writer, writer, writer))
	t.Cleanup(Silence)
	Silence()
	log.Print("from the standard logger")
	slog.Error("from the structured logger")
	grpclog.Error("from gRPC")
	_, _ = writer.WriteString("the end\n")
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil || line != "the end\n" {
		t.Errorf("a library wrote %q, %v", line, err)
	}
}
