package process

import (
	"os"
	"testing"
)

func TestLogHasTheLevelThatTheCLIShows(t *testing.T) {
	for name, test := range map[string]struct {
		environment   map[string]string
		sdk, provider string
	}{
		"no log":                  {nil, "OFF", "OFF"},
		"a log of the CLI's core": {map[string]string{"TF_LOG_CORE": "TRACE"}, "OFF", "OFF"},
		"a log":                   {map[string]string{"TF_LOG": "INFO"}, "INFO", "INFO"},
		"all as JSON":             {map[string]string{"TF_LOG": "JSON"}, "JSON", "JSON"},
		"a log of providers": {
			map[string]string{"TF_LOG": "INFO", "TF_LOG_PROVIDER": "TRACE"}, "TRACE", "TRACE",
		},
		"a level of its own": {map[string]string{
			"TF_LOG": "DEBUG", "TF_LOG_SDK": "WARN", "TF_LOG_PROVIDER_COMMERCELAYER": "ERROR",
		}, "WARN", "ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{
				"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_PROVIDER_COMMERCELAYER",
			} {
				t.Setenv(variable, test.environment[variable])
			}
			FollowLogLevel()
			if got := os.Getenv("TF_LOG_SDK"); got != test.sdk {
				t.Errorf("the framework logs at %q, want %q", got, test.sdk)
			}
			if got := os.Getenv("TF_LOG_PROVIDER_COMMERCELAYER"); got != test.provider {
				t.Errorf("the provider logs at %q, want %q", got, test.provider)
			}
		})
	}
}
