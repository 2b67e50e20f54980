package main

import (
	"encoding/xml"
	"fmt"
	"html"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTheLimitsLetTheLastRequestGo(t *testing.T) {
	t.Parallel()
	for customers, want := range map[int]time.Duration{
		1:      0,
		625:    0,                // 25 requests: one burst
		626:    10 * time.Second, // the 26th
		2_500:  30 * time.Second, // 100 requests: one average
		2_501:  60 * time.Second, // the 101st
		10_000: 210 * time.Second,
	} {
		at := schedule(customers)
		if got := at[len(at)-1]; got != want {
			t.Errorf("%d customers: %s, want %s", customers, got, want)
		}
	}
}

func TestTheChartShowsEachFigureUnderTheLimits(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := drawChart(&b, []figure{
		{method: single, customers: 1, seconds: 7.7},
		{method: single, customers: 1, seconds: 0.25, limited: true},
		{method: foreign, customers: 10_000, seconds: 3.1, failed: true, requests: 10_000, refused: 9_950, limited: true},
		{method: fields, customers: 10_000, seconds: 1_000, limited: true},
	}); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for content, want := range map[string]int{
		">fails, 9,950 of 10,000 refused<": 1, ">0.2 s<": 1, ">1,000.0 s<": 1, ">7.7 s<": 0,
		">10,000 customers<": 1, ">1 customer<": 1, ">data &#34;http&#34;<": 1,
		`width="376.0" height="8" fill="#57ab7a"`: 1, "(prefers-color-scheme: dark)": 1,
	} {
		if got := strings.Count(svg, content); got != want {
			t.Errorf("%s stands there %d times, want %d", content, got, want)
		}
	}
	var page struct {
		Width int `xml:"width,attr"`
		Size  int `xml:"font-size,attr"`
	}
	if err := xml.Unmarshal([]byte(svg), &page); err != nil {
		t.Fatal(err)
	}
	// A phone shows the chart in 328 pixels, and letters of less than 11 pixels are
	// hard to read. The letters of DejaVu Sans, a wide font, take eight units on
	// average.
	const letter, phone = 8, 328
	if page.Size*phone/page.Width < 11 {
		t.Errorf("the letters have %d units of %d", page.Size, page.Width)
	}
	for _, row := range bars.FindAllStringSubmatch(svg, -1) {
		if n := letter * len(html.UnescapeString(row[1]+" "+row[2])); n > page.Width-2*12 {
			t.Errorf("%q and %q take %d of %d units", row[1], row[2], n, page.Width)
		}
	}
}

// bars finds the names and the labels of the bars.
var bars = regexp.MustCompile(`>([^<]+)</text>\n<text .* text-anchor="end">([^<]+)</text>\n<rect`)

// The lines of the axis are where bars of their length end.
func TestTheAxisIsLogarithmic(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]float64{0.01: 12, 0.1: 12, 1: 106, 10: 200, 100: 294, 1_000: 388} {
		if got := 12 + length(seconds); got != want {
			t.Errorf("a bar of %g s ends at %g, want %g", seconds, got, want)
		}
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
	shown := bars.FindAllStringSubmatch(string(svg), -1)
	for _, bar := range shown {
		short, _, _ := strings.Cut(bar[2], " refused") // as in "fails, 75 of 100 requests refused"
		seconds, _ := strconv.ParseFloat(strings.TrimSuffix(bar[2], " s"), 64)
		if !strings.Contains(table, " "+short) && !strings.Contains(table, fmt.Sprintf(" %.0f s", seconds)) {
			t.Errorf("the table has no %s", bar[2])
		}
	}
	if len(shown) < 5 {
		t.Errorf("the chart has %d bars", len(shown))
	}
}
