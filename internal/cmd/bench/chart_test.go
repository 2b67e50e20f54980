package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// limited makes a figure under the limits.
func limited(workload string, customers int, seconds, floor float64) figure {
	return figure{
		Workload:     workload,
		Condition:    limitedName,
		Customers:    customers,
		Seconds:      seconds,
		FloorSeconds: floor,
	}
}

func TestTheChartShowsEachFigureUnderTheLimits(t *testing.T) {
	t.Parallel()

	fails := limited("`data \"http\"`, `for_each`", 1_000, 3.1, 10)
	fails.Foreign, fails.Failed = true, "429"
	free := limited("`commercelayer_customer`", 1, 7.7, 0)
	free.Condition = "no limits"

	var svg strings.Builder
	if err := drawChart(&svg, []figure{
		free, fails, limited("`commercelayer_customer`", 1, 0.25, 0),
		limited("`commercelayer_customer`, `for_each`", 1_000, 60.84, 10), limited(pluralName, 1_000, 11.3, 10),
	}); err != nil {
		t.Fatal(err)
	}

	for content, want := range map[string]int{
		">fails<": 1, ">60.8<": 1, ">11.3<": 1, ">10.0<": 1, ">1,000<": 1, ">1<": 1, ">3.1<": 0, ">7.7<": 0,
		">data &#34;http&#34;<": 1,
	} {
		if got := strings.Count(svg.String(), content); got != want {
			t.Errorf("%s stands there %d times, want %d", content, got, want)
		}
	}

	for decoder := xml.NewDecoder(strings.NewReader(svg.String())); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the chart is no XML: %v", err)
		}
	}
}

func TestAGroupStandsInTheMiddleOfItsName(t *testing.T) {
	t.Parallel()

	var svg strings.Builder

	drawGroup(&svg, 100, []bar{{seconds: 1}, {seconds: 1}})

	// Each bar is 34 wide, and the gap between them is 4. Together that is 72.
	for _, want := range []string{`<rect x="64.0"`, `<rect x="102.0"`} {
		if !strings.Contains(svg.String(), want) {
			t.Errorf("%s is missing in\n%s", want, svg.String())
		}
	}
}

func TestTheAxisIsLogarithmic(t *testing.T) {
	t.Parallel()

	for seconds, want := range map[float64]float64{0.01: plotBottom, 0.1: plotBottom, 1: 240, 1_000: plotTop} {
		if got := height(seconds); got != want {
			t.Errorf("%g s are at %g, want %g", seconds, got, want)
		}
	}
}

func TestAChartWithoutFiguresIsAnError(t *testing.T) {
	t.Parallel()
	if err := drawChart(io.Discard, nil); err == nil {
		t.Error("nothing was drawn, and nobody said so")
	}
}

func TestTheEntriesOfTheLegendDoNotMeet(t *testing.T) {
	t.Parallel()

	// The letters of DejaVu Sans, a wide font, take eight units on average.
	const letter = 8

	for i, s := range allSeries {
		end := plotLeft + i%legendColumns*legendGap + 18 + letter*len(s.name)
		if next := plotLeft + (i%legendColumns+1)*legendGap; end > min(next, chartWidth) {
			t.Errorf("%q ends at %d, behind %d", s.name, end, min(next, chartWidth))
		}
	}

	if rows := (len(allSeries) + legendColumns - 1) / legendColumns; legendTop+rows*legendRow > plotTop-10 {
		t.Error("the legend reaches into the chart")
	}
}
