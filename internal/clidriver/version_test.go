package clidriver

import "testing"

func TestTheFirstLineTellsTheTwoCLIsApart(t *testing.T) {
	t.Parallel()
	const terraform = "Terraform v1.11.4\non linux_amd64\n\nYour version of Terraform is out of date!\n"
	for output, want := range map[string]Version{
		terraform:                                {Number: "1.11.4", Major: 1, Minor: 11},
		"OpenTofu v1.12.0-rc1\non linux_amd64\n": {OpenTofu: true, Number: "1.12.0-rc1", Major: 1, Minor: 12},
	} {
		if got, err := parseVersion(output); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	if got, err := parseVersion("something else\n"); err == nil {
		t.Errorf("got %+v, want an error", got)
	}
}

func TestAVersionIsComparedByItsFirstTwoNumbers(t *testing.T) {
	t.Parallel()
	v := Version{Major: 1, Minor: 10}
	for _, test := range []struct {
		major, minor int
		want         bool
	}{{1, 9, false}, {1, 10, false}, {1, 11, true}, {2, 0, true}, {0, 99, false}} {
		if got := v.Before(test.major, test.minor); got != test.want {
			t.Errorf("before %d.%d: %t", test.major, test.minor, got)
		}
	}
}
