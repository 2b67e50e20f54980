package process

import (
	"cmp"
	"os"
)

// FollowLogLevel gives the loggers of this process the level at which the CLI
// shows a provider's log, unless the environment sets their level. The plugin
// framework writes some forty lines for each read, and the CLI drops them if
// nobody asked for a log. Writing them took a quarter of the CPU time of the
// provider.
//
// The variables are those of Terraform's documentation of logging. A level that
// the loggers do not know, such as JSON, means all.
func FollowLogLevel() {
	shown := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_COMMERCELAYER"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, shown)
		}
	}
}
