package ratelimit

import "time"

// Limits are two sliding windows: within any span of an interval the API
// accepts so many requests.
type Limits struct {
	Burst           int
	BurstInterval   time.Duration
	Average         int
	AverageInterval time.Duration
}

// withAverage returns the limits that an answer tells of. The headers speak of
// the average alone, so the burst is derived from it: it may be half as fast
// again as the average. That holds for every documented pair (25 in 10 s and
// 100 in 60 s, 50 and 200, 125 and 500).
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
