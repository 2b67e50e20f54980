// Command chart draws the figures of internal/cmd/bench as an SVG: how long
// plans take under the limits of a test organization, by number of customers.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"image/color"
	"math"
	"os"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// A figure is what the chart needs of internal/cmd/bench's.
type figure struct {
	Workload     string  `json:"workload"`
	Condition    string  `json:"condition"`
	Customers    int     `json:"customers"`
	Foreign      bool    `json:"foreign"`
	Seconds      float64 `json:"seconds"`
	FloorSeconds float64 `json:"floor_seconds"`
	Failed       string  `json:"failed"`
}

// condition is the one that is drawn: without limits there is little to tell.
const condition = "test limits"

// A series is the bars of one colour.
type series struct {
	name   string
	colour color.RGBA
	value  func(figure) (float64, bool)
}

const plural = "`commercelayer_customers`"

var all = []series{
	{`data "http"`, color.RGBA{R: 0xb0, G: 0xb0, B: 0xb0, A: 0xff}, func(f figure) (float64, bool) { return f.Seconds, f.Foreign }},
	{"commercelayer_customer", color.RGBA{R: 0x7b, G: 0x42, B: 0xbc, A: 0xff}, func(f figure) (float64, bool) { return f.Seconds, !f.Foreign && f.Workload != plural }},
	{"commercelayer_customers", color.RGBA{R: 0x2e, G: 0x9e, B: 0x6b, A: 0xff}, func(f figure) (float64, bool) { return f.Seconds, f.Workload == plural }},
	{"floor of the limits", color.RGBA{R: 0xe0, G: 0xa0, B: 0x30, A: 0xff}, func(f figure) (float64, bool) { return f.FloorSeconds, !f.Foreign }},
}

func main() {
	in := flag.String("in", "", "the JSON that internal/cmd/bench wrote")
	out := flag.String("out", "", "the SVG to write")
	flag.Parse()
	if err := draw(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "chart:", err)
		os.Exit(1)
	}
}

func draw(in, out string) error {
	text, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var figures []figure
	if err := json.Unmarshal(text, &figures); err != nil {
		return fmt.Errorf("reading %s: %w", in, err)
	}
	figures = slices.DeleteFunc(figures, func(f figure) bool { return f.Condition != condition })
	if len(figures) == 0 {
		return fmt.Errorf("%s has no figures under %s", in, condition)
	}
	var sizes []int
	for _, f := range figures {
		sizes = append(sizes, f.Customers)
	}
	slices.Sort(sizes)
	sizes = slices.Compact(sizes)

	plot.DefaultFont.Variant = "Sans"
	p := plot.New()
	p.Title.Padding = vg.Points(8)
	p.Title.Text = "terraform plan under the limits of a test organization"
	p.Y.Label.Text = "seconds (logarithmic)"
	p.Y.Scale = logScale{}
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0.1, Label: "0.1"}, {Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 100, Label: "100"}}
	p.X.Label.Text = "customers"
	p.Legend.Top, p.Legend.Left = true, true
	p.Y.Min = 0
	const width = 22 // points
	var labels plotter.XYLabels
	for i, s := range all {
		offset := (float64(i) - float64(len(all)-1)/2) * width
		values := make(plotter.Values, len(sizes))
		for _, f := range figures {
			value, mine := s.value(f)
			if !mine || value == 0 {
				continue
			}
			at := slices.Index(sizes, f.Customers)
			if values[at] != 0 {
				continue // a floor, which two workloads have in common
			}
			label := fmt.Sprintf("%.1f", value)
			if f.Failed != "" {
				label = "fails"
			} else {
				values[at] = value
			}
			labels.XYs = append(labels.XYs, plotter.XY{X: float64(at) + offset/115, Y: values[at]})
			labels.Labels = append(labels.Labels, label)
		}
		bars, err := plotter.NewBarChart(values, vg.Points(width-2))
		if err != nil {
			return err
		}
		bars.Color, bars.LineStyle.Width, bars.Offset = s.colour, 0, vg.Points(offset)
		p.Add(bars)
		p.Legend.Add(s.name, bars)
	}
	names := make([]string, len(sizes))
	for i, size := range sizes {
		names[i] = fmt.Sprint(size)
	}
	p.NominalX(names...)
	texts, err := plotter.NewLabels(labels)
	if err != nil {
		return err
	}
	for i := range texts.TextStyle {
		texts.TextStyle[i].XAlign = -0.5
		texts.TextStyle[i].Font.Size, texts.TextStyle[i].Font.Variant = vg.Points(8), "Sans"
	}
	p.Add(texts)
	p.Y.Max *= 2 // room for the topmost label
	return p.Save(vg.Points(560), vg.Points(300), out)
}

// logScale is a logarithmic scale that has a place for zero, where bars begin.
type logScale struct{}

// Normalize implements [plot.Normalizer].
func (logScale) Normalize(least, most, x float64) float64 {
	const steepness = 20
	return (math.Log1p(steepness*x) - math.Log1p(steepness*least)) / (math.Log1p(steepness*most) - math.Log1p(steepness*least))
}
