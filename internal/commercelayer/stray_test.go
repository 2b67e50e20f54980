package commercelayer

import "testing"

func TestStrayCharactersAreFoundAndNamed(t *testing.T) {
	for value, want := range map[string]string{
		"":                  "",
		"secret":            "",
		`with"quote'inside`: "",
		`"begins`:           "",
		`ends"`:             "",
		"a+b/c=%&ä":         "",

		" a":              "begins with a blank",
		"a\t":             "ends with a blank",
		"a\u00a0":         "ends with a blank",
		"a\n":             "ends with a line end",
		"a \n":            "ends with a line end",
		"a\u2028":         "ends with a line end",
		`"a"`:             "has quotes around it",
		"`a`":             "has quotes around it",
		"„a“":             "has quotes around it",
		"’a":              "has quotes around it",
		"a”":              "has quotes around it",
		"\"a\"\n":         "ends with a line end and has quotes around it",
		" 'a' ":           "begins with a blank, ends with a blank and has quotes around it",
		"a\nb":            "contains a line end",
		"a\x00b":          "contains a NUL character",
		"a\x1bb":          "contains a control character (U+001B)",
		"a\x7fb":          "contains a control character (U+007F)",
		"a\u200bb":        "contains an invisible character (U+200B)",
		"\ufeffa":         "begins with an invisible character (U+FEFF)",
		"\ufeff\"a\"\r\n": "begins with an invisible character (U+FEFF), ends with a line end and has quotes around it",
		"\xff\xfea\x00":   "is not text in UTF-8",
	} {
		s := FindStray(value)
		expectEqual(t, value, s.String(), want)
		expectEqual(t, value, s.Found(), want != "")
	}
}

func TestStrayCharactersHaveKinds(t *testing.T) {
	for value, want := range map[string][4]bool{
		"a":         {},
		"a\n":       {0: true},
		" a":        {1: true},
		"'a'":       {2: true},
		"a\x00b":    {3: true},
		" “a\x00\n": {true, true, true, false},
		"\xff":      {3: true},
	} {
		s := FindStray(value)
		expectEqual(t, value, [4]bool{s.LineEnd, s.Blank, s.Quotes, s.Hidden}, want)
	}
}
