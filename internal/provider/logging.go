package provider

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// httpSubsystem is the log subsystem that has one entry for each HTTP attempt.
// It logs at the level of the provider's log.
// TF_LOG_PROVIDER_COMMERCELAYER_HTTP sets another level.
const httpSubsystem = "http"

// withLogging prepares the context of a read for [logAttempt]. Log events
// contain no secrets and no personal data. The masks are a second protection,
// in case a later change adds such data by mistake.
func withLogging(ctx context.Context, masks []*regexp.Regexp) context.Context {
	ctx = tflog.NewSubsystem(ctx, httpSubsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_COMMERCELAYER_HTTP"))
	return tflog.SubsystemMaskLogRegexes(ctx, httpSubsystem, masks...)
}

// logAttempt logs an HTTP attempt, with all that helps to find out later why a
// read failed or was slow.
func logAttempt(ctx context.Context, e commercelayer.Event) {
	fields := map[string]any{
		"method":      e.Method,
		"host":        e.Host,
		"path":        e.Path,
		"status":      e.Status,
		"attempt":     e.Attempt,
		"duration_ms": e.Duration.Milliseconds(),
		"waited_ms":   e.Waited.Milliseconds(),
		"bytes":       e.Bytes,
	}
	for name, value := range map[string]string{
		"remaining": e.Remaining, "request_id": e.RequestID, "trace_id": e.TraceID,
	} {
		if value != "" {
			fields[name] = value
		}
	}
	if e.Err != nil {
		fields["error"] = e.Err.Error()
	}
	message := "Core API attempt"
	if e.TokenRequest {
		message = "Token endpoint attempt"
	}
	if e.Err != nil || e.Status >= 400 {
		tflog.SubsystemWarn(ctx, httpSubsystem, message, fields)
		return
	}
	tflog.SubsystemDebug(ctx, httpSubsystem, message, fields)
}

func logWait(ctx context.Context, sentence string) {
	tflog.SubsystemInfo(ctx, httpSubsystem, message(sentence))
}

func logNotice(ctx context.Context, sentence string) {
	tflog.SubsystemWarn(ctx, httpSubsystem, message(sentence))
}

// message returns a sentence without the full stop at its end, because the log
// puts a colon there.
func message(sentence string) string { return strings.TrimSuffix(sentence, ".") }
