package ratelimit

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// What is believed of the headers. A number beyond these is taken for a
// mistake, since it would let everything pass or nothing.
const (
	maxLimit    = 1_000_000_000
	maxInterval = time.Hour
	// maxHold bounds how long one refusal holds the readers: the API's longer
	// window is a minute, so after that there is room again.
	maxHold = time.Minute
)

// An Answer is what an answer of the API says of its rate limit.
type Answer struct {
	// Refused is set if the request was refused because of the limit.
	Refused bool
	// Limit and Interval are the average window; 0 if the answer is silent.
	Limit    int
	Interval time.Duration
	// Remaining is how many requests the average window still has room for; -1
	// if it is not known.
	Remaining int
	// RetryAfter is how long the API asks to wait; 0 if it does not.
	RetryAfter time.Duration
}

// ReadAnswer reads an answer's status and headers. Only numbers that make sense
// together are taken over.
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

// RetryAfter reads the Retry-After header in both of its forms: seconds or a
// date (RFC 9110). A date is measured with the answer's own Date, since the
// clock of this machine may be minutes off; without one, with now. The result
// is never more than a minute.
func RetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if isDigits(value) {
		seconds, err := strconv.Atoi(value)
		if err != nil {
			seconds = math.MaxInt // more digits than a number has
		}
		return time.Duration(min(seconds, int(maxHold/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, at.Sub(now)), maxHold), true
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

func number(header http.Header, name string, least, most int) (int, bool) {
	n, err := strconv.Atoi(header.Get(name))
	return n, err == nil && n >= least && n <= most
}
