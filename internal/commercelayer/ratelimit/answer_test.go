package ratelimit

import (
	"net/http"
	"testing"
	"time"
)

// header makes a header of alternating names and values.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func rateHeader(limit, interval, remaining string) http.Header {
	return header("X-Ratelimit-Limit", limit, "X-Ratelimit-Interval", interval, "X-Ratelimit-Remaining", remaining)
}

func TestReadAnswer(t *testing.T) {
	const limit, interval, remaining = "X-Ratelimit-Limit", "X-Ratelimit-Interval", "X-Ratelimit-Remaining"
	tests := map[string]struct {
		header http.Header
		want   Answer
	}{
		"as documented":           {rateHeader("100", "60", "99"), left(99)},
		"nothing left":            {rateHeader("100", "60", "0"), left(0)},
		"without a remainder":     {rateHeader("200", "60", ""), told(200, time.Minute, -1)},
		"more left than there is": {rateHeader("100", "60", "101"), left(-1)},
		"less left than nothing":  {rateHeader("100", "60", "-1"), left(-1)},
		"an hour":                 {rateHeader("1", "3600", "1"), told(1, time.Hour, 1)},
		"an hour and a second":    {rateHeader("1", "3601", "1"), silent},
		"the obsolete form":       {header(limit, "600", "X-Ratelimit-Period", "300"), silent},
		"no number":               {rateHeader("many", "60", "0"), silent},
		"zero":                    {rateHeader("0", "60", "0"), silent},
		"no interval":             {rateHeader("100", "0", "0"), silent},
		"beyond belief":           {rateHeader("1000000001", "60", "0"), silent},
		"none":                    {nil, silent},
		"two limits":              {header(limit, "5", limit, "100", interval, "60"), silent},
		"two limits in one line":  {rateHeader("5, 100", "60", "4"), silent},
		"two remainders":          {header(limit, "100", interval, "60", remaining, "0", remaining, "99"), left(-1)},
		"the same twice":          {header(limit, "100", limit, "100", interval, "60, 60", remaining, "9"), left(9)},
		"two times to wait":       {header("Retry-After", "7", "Retry-After", "60"), silent},
		"retry after": {
			header(limit, "100", interval, "60", "Retry-After", "7"), asking(left(-1), 7*time.Second),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			expectEqual(t, "accepted", ReadAnswer(http.StatusOK, test.header, time.Now()), test.want)
			refused := ReadAnswer(http.StatusTooManyRequests, test.header, time.Now())
			expectEqual(t, "refused", refused, refusing(test.want))
		})
	}
}

func TestRetryAfter(t *testing.T) {
	const date, in20s = "Sat, 01 Jan 2000 00:02:00 GMT", "Sat, 01 Jan 2000 00:02:20 GMT"
	now := time.Date(2000, 1, 1, 0, 2, 0, 500, time.UTC)
	tests := map[string]struct {
		retryAfter, date string
		now              time.Time
		want             time.Duration
		ok               bool
	}{
		"none":                     {"", date, now, 0, false},
		"zero":                     {"0", date, now, 0, true},
		"seconds":                  {"7", date, now, 7 * time.Second, true},
		"a minute and more":        {"3600", date, now, time.Minute, true},
		"beyond integers":          {"99999999999999999999999", date, now, time.Minute, true},
		"signed":                   {"+5", date, now, 0, false},
		"not a number":             {"soon", date, now, 0, false},
		"a date":                   {in20s, date, now, 20 * time.Second, true},
		"clock ten minutes behind": {in20s, date, now.Add(-10 * time.Minute), 20 * time.Second, true},
		"a date, no Date":          {in20s, "", now, 20*time.Second - 500, true},
		"a date, Date is no date":  {in20s, "today", now, 20*time.Second - 500, true},
		"a date long ahead":        {"Sat, 01 Jan 2005 00:02:20 GMT", date, now, time.Minute, true},
		"a date past":              {"Fri, 31 Dec 1999 23:59:59 GMT", date, now, 0, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := RetryAfter(header("Retry-After", test.retryAfter, "Date", test.date), test.now)
			expectEqual(t, "the time", got, test.want)
			expectEqual(t, "there is one", ok, test.ok)
		})
	}
}

// FuzzReadAnswer checks that no header can lead to limits that make no sense.
func FuzzReadAnswer(f *testing.F) {
	f.Add("100", "60", "99", "0", "Sat, 01 Jan 2000 00:02:00 GMT")
	f.Add("100", "60", "0", "Sat, 01 Jan 2000 00:02:20 GMT", "Sat, 01 Jan 2000 00:02:00 GMT")
	f.Add("1", "3600", "-1", "99999999999999999999999", "")
	f.Fuzz(func(t *testing.T, limit, interval, remaining, retryAfter, date string) {
		h := rateHeader(limit, interval, remaining)
		h.Set("Retry-After", retryAfter)
		h.Set("Date", date)
		a := ReadAnswer(http.StatusTooManyRequests, h, time.Unix(1_000_000_000, 0))
		if (a.Limit == 0) != (a.Interval == 0) || a.Limit < 0 || a.Interval < 0 || a.Interval > time.Hour ||
			a.Remaining < -1 || a.Remaining > a.Limit || a.RetryAfter < 0 || a.RetryAfter > time.Minute {
			t.Errorf("the answer is %+v", a)
		}
		l := New(testLimits)
		p, _ := reserve(t, l)
		p.Answered(a)
		if price := l.Price(); l.limits.Burst < 1 || l.limits.Average < 1 || price < 0 || price > time.Hour {
			t.Errorf("the limits are %+v, and the price is %s", l.limits, price)
		}
	})
}
