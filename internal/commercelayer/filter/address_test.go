package filter

import "testing"

func TestAddressesThatAreTheSameInAnotherForm(t *testing.T) {
	for _, pair := range [][2]string{
		{"Jane.Roe@Example.com", "jane.roe@example.com"},
		{"jane@bücher.example", "jane@xn--bcher-kva.example"},
		{"jane@BÜCHER.example", "jane@xn--bcher-kva.example"},
		{"rené@example.com", "rene\u0301@example.com"},
		{"STRASSE@example.com", "straße@example.com"},
	} {
		if !SameAddress(pair[0], pair[1]) {
			t.Errorf("%s and %s are not the same", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"jane@example.com", "joan@example.com"}, {"jane@example.com", "jane@example.org"},
		{"", "jane@example.com"}, {"a@b@c", "a@b"}, {"xn--bcher-kva", "bücher"},
	} {
		if SameAddress(pair[0], pair[1]) {
			t.Errorf("%s and %s are the same", pair[0], pair[1])
		}
	}
}
