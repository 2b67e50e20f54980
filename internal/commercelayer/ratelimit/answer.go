package ratelimit

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A header with a larger number is taken for a mistake and ignored. Such a
// number would switch the limit off, or hold all requests back.
const (
	maxLimit    = 1_000_000_000
	maxInterval = time.Hour
)

// maxCoolDown is the longest pause after one refusal. The API's longer window
// is a minute, so there is room again after that.
const maxCoolDown = time.Minute

// An Answer is what an HTTP response of the API says about the rate limit.
type Answer struct {
	// Refused is set if the status is 429: the request was over the limit.
	Refused bool
	// Limit and Interval describe the average window. Both are 0 if the headers do
	// not tell them.
	Limit    int
	Interval time.Duration
	// Remaining is how many more requests the average window has room for. It is
	// -1 if the headers do not tell it.
	Remaining int
	// RetryAfter is how long the API asks to wait. It is 0 if it does not ask.
	RetryAfter time.Duration
}

// ReadAnswer reads the status and the headers of a response. Numbers that do
// not fit together are ignored. The time now is only for a Retry-After date.
func ReadAnswer(status int, header http.Header, now time.Time) Answer {
	a := Answer{Refused: status == http.StatusTooManyRequests, Remaining: -1}
	a.RetryAfter, _ = RetryAfter(header, now)
	limit, ok := number(header, "X-Ratelimit-Limit", 1, maxLimit)
	if !ok {
		return a
	}
	seconds, ok := number(header, "X-Ratelimit-Interval", 1, int(maxInterval/time.Second))
	if !ok {
		return a
	}
	a.Limit, a.Interval = limit, time.Duration(seconds)*time.Second
	if remaining, ok := number(header, "X-Ratelimit-Remaining", 0, limit); ok {
		a.Remaining = remaining
	}
	return a
}

// RetryAfter reads the Retry-After header in both forms of RFC 9110, section
// 10.2.3: a number of seconds or a date. A date is compared with the response's
// own Date, because this machine's clock may be minutes off. Without a Date
// header it is compared with now. The result is at most a minute. It is false
// if there is no header in one of the two forms, or several that contradict
// each other.
func RetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := agreed(header.Values("Retry-After"))
	if value != "" && strings.Trim(value, "0123456789") == "" {
		seconds, _ := strconv.Atoi(value) // the largest int if the number does not fit into one
		return time.Duration(min(seconds, int(maxCoolDown/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, at.Sub(now)), maxCoolDown), true
}

func number(header http.Header, name string, least, most int) (int, bool) {
	n, err := strconv.Atoi(agreed(strings.Split(strings.Join(header.Values(name), ","), ",")))
	return n, err == nil && n >= least && n <= most
}

// agreed returns the value that all headers of one name have. If they
// contradict each other, they tell nothing: a gateway may have put its own
// before the API's.
func agreed(values []string) string {
	agreed := ""
	for i, value := range values {
		value = strings.TrimSpace(value)
		if i > 0 && value != agreed {
			return ""
		}
		agreed = value
	}
	return agreed
}
