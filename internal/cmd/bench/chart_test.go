package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
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
	fails.Foreign, fails.Failed, fails.Requests, fails.Refused = true, "429", 1_000, 950
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
		">fails, 950 of 1,000 refused<": 1, ">60.8 s<": 1, ">11.3 s<": 1, ">10.0 s<": 1, ">1,000 customers<": 1,
		">1 customer<": 1, ">3.1 s<": 0, ">7.7 s<": 0, ">data &#34;http&#34;<": 1,
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

func TestTheAxisIsLogarithmic(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]float64{0.01: 0, 0.1: 0, 10: plotWidth / 2, 1_000: plotWidth} {
		if got := length(seconds); got != want {
			t.Errorf("%g s are %g long, want %g", seconds, got, want)
		}
	}
}

func TestAChartWithoutFiguresIsAnError(t *testing.T) {
	t.Parallel()
	if err := drawChart(io.Discard, nil); err == nil {
		t.Error("nothing was drawn, and nobody said so")
	}
}

// A phone shows the chart in 328 pixels, and letters of less than 11 pixels are
// hard to read. The letters of DejaVu Sans, a wide font, take eight units on
// average.
func TestTheChartCanBeReadOnAPhone(t *testing.T) {
	t.Parallel()
	const letter, phone = 8, 328
	if size := letterHeight * phone / chartWidth; size < 11 {
		t.Errorf("the letters have %d pixels", size)
	}
	for _, s := range allSeries {
		label := "1000.0 s"
		if s.name == allSeries[0].name {
			label = "fails, 9,999 of 10,000 refused"
		}
		if n := letter * len(s.name+" "+label); n > plotWidth {
			t.Errorf("%q and %q take %d, and there are %d", s.name, label, n, plotWidth)
		}
	}
}

func TestTheChartHasTheColoursOfThePage(t *testing.T) {
	t.Parallel()
	var svg strings.Builder
	if err := drawChart(&svg, []figure{limited(pluralName, 1, 1, 0)}); err != nil {
		t.Fatal(err)
	}
	colour := regexp.MustCompile(`fill="(#\w+)"`)
	for _, found := range colour.FindAllStringSubmatch(svg.String(), -1) {
		if !slices.ContainsFunc(allSeries, func(s series) bool { return s.colour == found[1] }) {
			t.Errorf("%s is the same in the light and in the dark", found[1])
		}
	}
	if !strings.Contains(svg.String(), "@media (prefers-color-scheme: dark)") {
		t.Error("it has no colours for the dark")
	}
}

// The README shows a chart and a table of the same run.
func TestEachBarOfTheREADMEIsInItsTable(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile("../../../.github/bench.svg")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "bench.svg)")
	table, _, _ = strings.Cut(table, "without limits")
	label := regexp.MustCompile(`text-anchor="end">([^<]+)</text>\n<rect`)
	bars := label.FindAllStringSubmatch(string(svg), -1)
	for _, bar := range bars {
		seconds, plan := strings.CutSuffix(bar[1], " s")
		short, _, _ := strings.Cut(bar[1], " refused") // as in "fails, 75 of 100 requests refused"
		n, _ := strconv.ParseFloat(seconds, 64)
		if !strings.Contains(table, " "+short) && (!plan || !strings.Contains(table, fmt.Sprintf(" %.0f s", n))) {
			t.Errorf("the table has no %s", bar[1])
		}
	}
	if len(bars) < 5 {
		t.Errorf("the chart has %d bars", len(bars))
	}
}
