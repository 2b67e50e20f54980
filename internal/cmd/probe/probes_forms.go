package main

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// recordedHeaders are the headers of all successful answers that were recorded in
// July 2025.
var recordedHeaders = []string{
	"Accept-Ranges", "Access-Control-Expose-Headers", "Cache-Control", "Referrer-Policy", "Vary",
	"X-Content-Type-Options", "X-Download-Options", "X-Permitted-Cross-Domain-Policies", "X-Xss-Protection",
}

// formProbes ask which form the answers have.
var formProbes = map[string]prober{
	emulator.AssumeSuccessHeaders: {
		requests: []request{firstPage},
		judge: func(_ *organization, a []*answer) verdict {
			if got := a[0].header.Get("Content-Type"); got != jsonapi.MediaType {
				return refutes("the media type is another, or has parameters")
			}
			var missing []string
			for _, name := range recordedHeaders {
				if a[0].header.Get(name) == "" {
					missing = append(missing, name)
				}
			}
			if len(missing) > 0 {
				return refutes("these are missing: %s", strings.Join(missing, ", "))
			}
			return holds("all recorded headers are there")
		},
	},
	emulator.AssumeNotFoundForm: {
		requests: []request{get(customersPath + "/" + unknownID)},
		judge:    judgeForm(http.StatusNotFound, "application/json", "one object with a number as status"),
	},
	emulator.AssumeUnauthorizedForm: {
		unauthorized: true,
		ask: func(*organization) ([]request, string) {
			return withToken(list.one(), "probe-no-such-token", "")
		},
		judge: judgeForm(http.StatusUnauthorized, jsonapi.MediaType, "an array with a string as status"),
	},
	emulator.AssumeAccept: {
		ask: func(*organization) ([]request, string) {
			wildcard, plain := list.one(), list.one()
			wildcard.accept, plain.accept = "*/*", "application/json"
			return []request{wildcard, plain}, ""
		},
		judge: func(_ *organization, a []*answer) verdict {
			for _, answer := range a {
				if answer.status != http.StatusNotAcceptable {
					return refutes("answered with %s", answer.summary())
				}
			}
			return holds("refused: %s", a[0].summary())
		},
	},
	emulator.AssumeRateHeaders: {
		requests: []request{
			list.with("sort", "id").one(), list.with("sort", "-id").one(), list.with("sort", "created_at").one(),
		},
		judge: func(org *organization, a []*answer) verdict {
			var left []int
			for _, answer := range a {
				n, ok := answer.remaining()
				if !ok {
					return refutes("there is no such header")
				}
				left = append(left, n)
			}
			switch {
			case left[0] > left[1] && left[1] > left[2]:
				return holds("%d, %d, %d", left[0], left[1], left[2])
			case time.Since(org.sent[0]) > 50*time.Second &&
				strconv.Itoa(left[0]) != a[0].header.Get("X-Ratelimit-Limit"):
				return tellsNot("a run of less than 50 seconds, so that no request leaves the window: %d, %d, %d",
					left[0], left[1], left[2])
			case left[0] == left[1] && left[1] == left[2]:
				return refutes("%d, %d, %d", left[0], left[1], left[2])
			default:
				return tellsNot("a minute without other requests: %d, %d, %d", left[0], left[1], left[2])
			}
		},
	},
	emulator.AssumeServerErrors: {
		ask: func(*organization) ([]request, string) {
			return nil, "a server error (5xx), which no request can cause"
		},
	},
}

// judgeForm expects an error with this status, media type and form.
func judgeForm(status int, media, form string) func(*organization, []*answer) verdict {
	return func(_ *organization, a []*answer) verdict {
		charset := strings.Contains(a[0].header.Get("Content-Type"), "charset")
		switch {
		case a[0].status != status:
			return tellsNot("an answer with status %d: it was %s", status, a[0].summary())
		case a[0].mediaType() != media || a[0].form() != form || !charset:
			return refutes("%s", a[0].form())
		default:
			return holds("%s", form)
		}
	}
}
