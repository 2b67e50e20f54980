package ratelimit

import "time"

// Limits describe the API's two sliding windows. Within any span of
// BurstInterval it accepts at most Burst requests, and within any span of
// AverageInterval at most Average requests. All four must be positive.
type Limits struct {
	Burst           int
	BurstInterval   time.Duration
	Average         int
	AverageInterval time.Duration
}

// withAverage returns the limits after an answer has told the average window.
// The headers do not tell the burst. Its rate is taken as 1.5 times the average
// rate, which is true of every documented pair: 25 in 10 s and 100 in 60 s, 50
// and 200, 125 and 500.
func (l Limits) withAverage(limit int, interval time.Duration) Limits {
	if limit == l.Average && interval == l.AverageInterval {
		return l
	}
	l.Average, l.AverageInterval = limit, interval
	l.Burst = max(1, int(1.5*float64(limit)*l.BurstInterval.Seconds()/interval.Seconds()))
	return l
}

// longest is the longer of the two intervals.
func (l Limits) longest() time.Duration { return max(l.BurstInterval, l.AverageInterval) }
