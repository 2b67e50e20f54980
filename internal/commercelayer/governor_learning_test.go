package commercelayer

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

const quick = 50 * time.Millisecond

// fill sends requests one after the other until one has to wait, and returns
// how many went without.
func fill(t *testing.T, g *Governor) int {
	t.Helper()
	for n := 0; ; n++ {
		if waited := answered(t, g, quick, http.StatusOK, nil); waited > 0 {
			return n
		}
		if n > 1000 {
			t.Fatal("nothing ever waits")
		}
	}
}

func TestGovernorLeavesRoomForOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		// Ours is one of eleven.
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 89))
		if n := fill(t, g); n != 10 {
			t.Errorf("%d more went at once, want 10: 25, less 11 used, less 4 kept free", n)
		}
	})
}

func TestGovernorWaitsForOthersWhoUsedTheWholeMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 0))
		_, waited := reserve(t, g)
		closeTo(t, "the wait", waited, time.Minute, 100*time.Millisecond)
	})
}

func TestGovernorNoticesThatOthersUseLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 5))
		time.Sleep(10 * time.Second) // the burst window is not what this is about
		// What the others sent was older than it could have been: it has left.
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 98))
		if n := fill(t, g); n != 24 {
			t.Errorf("%d more went at once, want 24: the burst limit less the last", n)
		}
	})
}

func TestGovernorForgetsOthersAfterTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 10))
		time.Sleep(time.Minute + windowSlack)
		if n := fill(t, g); n != testLimits.Burst {
			t.Errorf("%d went at once, want %d", n, testLimits.Burst)
		}
	})
}

// Answers overtake each other: the one that was counted first may come last, and
// says nothing of those counted after it.
func TestGovernorIsNotMisledByLateAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		answered(t, g, quick, http.StatusOK, nil) // the scout
		var places []*place
		for range 5 {
			p, _ := reserve(t, g)
			places = append(places, p)
		}
		time.Sleep(quick)
		for i, p := range places[1:] {
			p.settle(http.StatusOK, rateHeaders(100, 60, 100-(1+10+2+i)))
		}
		places[0].settle(http.StatusOK, rateHeaders(100, 60, 100-(1+10+1)))
		if n := len(g.foreign); n != 10 {
			t.Errorf("%d requests of others are known, want 10", n)
		}
	})
}

// Whether the API counts what it refuses is not documented: own refusals must not
// be taken for part of what others are known to have used.
func TestGovernorDoesNotForgetOthersOverOwnRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 89))
		for range 3 {
			answered(t, g, quick, http.StatusTooManyRequests, rateHeaders(100, 60, 89))
		}
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 88))
		if n := len(g.foreign); n != 10 {
			t.Errorf("%d requests of others are known, want 10", n)
		}
	})
}

func TestGovernorTakesOwnRequestsForItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		api := &slidingWindows{limits: testLimits}
		for range 300 {
			p, _ := reserve(t, g)
			time.Sleep(3 * quick)
			status, header := api.ask()
			time.Sleep(quick)
			p.settle(status, header)
			if len(g.foreign) > 0 {
				t.Fatalf("%d requests are taken for others'", len(g.foreign))
			}
		}
	})
}

func TestGovernorAdoptsTheLimitsOfTheHeaders(t *testing.T) {
	tests := map[string]struct {
		header http.Header
		want   Limits
	}{
		"documented for test":     {rateHeaders(100, 60, 99), testLimits},
		"documented for live":     {rateHeaders(200, 60, 199), liveLimits},
		"documented, cacheable":   {rateHeaders(500, 60, 499), Limits{125, 10 * time.Second, 500, time.Minute}},
		"less":                    {rateHeaders(30, 60, 29), Limits{7, 10 * time.Second, 30, time.Minute}},
		"another interval":        {rateHeaders(600, 300, 599), Limits{30, 10 * time.Second, 600, 5 * time.Minute}},
		"a second":                {rateHeaders(10, 1, 9), Limits{150, 10 * time.Second, 10, time.Second}},
		"one an hour":             {rateHeaders(1, 3600, 0), Limits{1, 10 * time.Second, 1, time.Hour}},
		"without a remainder":     {http.Header{"X-Ratelimit-Limit": {"200"}, "X-Ratelimit-Interval": {"60"}}, liveLimits},
		"the obsolete form":       {http.Header{"X-Ratelimit-Limit": {"600"}, "X-Ratelimit-Count": {"1"}, "X-Ratelimit-Period": {"300"}}, testLimits},
		"no number":               {http.Header{"X-Ratelimit-Limit": {"many"}, "X-Ratelimit-Interval": {"60"}}, testLimits},
		"zero":                    {rateHeaders(0, 60, 0), testLimits},
		"negative":                {rateHeaders(-5, 60, 0), testLimits},
		"no interval":             {rateHeaders(100, 0, 0), testLimits},
		"an interval of days":     {rateHeaders(200, 1_000_000, 0), testLimits},
		"beyond an integer":       {http.Header{"X-Ratelimit-Limit": {"99999999999999999999"}, "X-Ratelimit-Interval": {"60"}}, testLimits},
		"more left than there is": {rateHeaders(100, 60, 101), testLimits},
		"none":                    {nil, testLimits},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := steadyGovernor(testLimits)
				answered(t, g, quick, http.StatusOK, test.header)
				if g.limits != test.want {
					t.Errorf("the limits are %+v, want %+v", g.limits, test.want)
				}
				if test.want == testLimits && len(g.foreign) > 0 {
					t.Errorf("%d requests are taken for others'", len(g.foreign))
				}
			})
		})
	}
}

func TestGovernorBelievesAnswersMoreThanTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		g.SetLimits(liveLimits)
		if g.limits != liveLimits {
			t.Errorf("the token's limits were not taken: %+v", g.limits)
		}
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 99))
		g.SetLimits(liveLimits)
		if g.limits != testLimits {
			t.Errorf("the token's limits beat the answer's: %+v", g.limits)
		}
	})
}

func TestGovernorWakesWhenLimitsGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(Limits{Burst: 1, BurstInterval: time.Minute, Average: 1, AverageInterval: time.Minute})
		answered(t, g, quick, http.StatusOK, nil)
		go func() {
			time.Sleep(time.Second)
			g.SetLimits(testLimits)
		}()
		_, waited := reserve(t, g)
		closeTo(t, "the wait", waited, time.Second, 0)
	})
}

// While others use the window too, no more is in flight than a quarter of what
// is left.
func TestGovernorHoldsBackWhileOthersAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := steadyGovernor(testLimits)
		answered(t, g, quick, http.StatusOK, rateHeaders(100, 60, 89))
		var places []*place
		for range 3 {
			p, waited := reserve(t, g)
			if waited > 0 {
				t.Fatalf("request %d waited %s", len(places)+1, waited)
			}
			places = append(places, p)
		}
		go func() {
			for _, p := range places[:2] {
				time.Sleep(time.Second)
				p.settle(http.StatusOK, rateHeaders(100, 60, 86))
			}
		}()
		// 11 are left: two may be in flight.
		if _, waited := reserve(t, g); waited != 2*time.Second {
			t.Errorf("the fourth waited %s, want until two of the three are answered", waited)
		}
	})
}
