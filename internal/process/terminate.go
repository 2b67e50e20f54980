package process

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// terminationGrace is how long the process lives on after a SIGTERM. Supervisors
// often kill what has not ended after ten seconds.
const terminationGrace = 8 * time.Second

// OutliveCLI makes the process ignore SIGTERM for a while. Pipeline runners and
// supervisors send it to a whole process group: to the CLI and to its providers.
// The CLI then ends the reads and the providers, as after an interrupt. If the
// provider were gone before, the CLI would say that it does not respond.
func OutliveCLI() { outlive(terminationGrace) }

func outlive(grace time.Duration) {
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	go func() {
		<-terminated
		time.Sleep(grace)
		os.Exit(1)
	}()
}
