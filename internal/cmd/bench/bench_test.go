package main

import (
	"testing"
	"time"
)

func TestTheFloorIsWhenTheLimitsLetTheLastRequestGo(t *testing.T) {
	for customers, want := range map[int]time.Duration{
		1:      0,
		625:    0,                // 25 requests: one burst
		626:    10 * time.Second, // the 26th
		1_000:  10 * time.Second,
		2_500:  30 * time.Second, // 100 requests: one average
		2_501:  60 * time.Second, // the 101st
		10_000: 210 * time.Second,
	} {
		if got := (workload{customers: customers}).floor(); got != want {
			t.Errorf("%d customers: %s, want %s", customers, got, want)
		}
	}
}

func TestTheCLIsErrorIsCutToItsFirstLine(t *testing.T) {
	got := firstError("plan: exit status 1\n╷\n│ Error: Rate limit exhausted\n│\n│ Error: other\n")
	if got != "Rate limit exhausted" {
		t.Errorf("got %q", got)
	}
}
