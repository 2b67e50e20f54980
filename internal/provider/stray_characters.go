package provider

import (
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// strayProblem says which characters have come into a value by accident, and
// how to remove them. It returns "" if there are none. Every text that a user
// sets is checked here, because a server refuses such a value, or finds nothing
// with it, and never says why. The variable is the environment variable that the
// value came from. It is empty for a value of the configuration. In a free text,
// blanks and quotes may belong to the value.
func strayProblem(noun, value, variable string, free bool) string {
	stray := commercelayer.FindStray(value)
	if !stray.Found() || free && !stray.LineEnd && !stray.Hidden {
		return ""
	}
	subject := "The " + noun
	if variable != "" {
		subject += " in the environment variable " + variable
	}
	return subject + " " + stray.String() + ". " + remedy(stray, variable)
}

// remedy says how to remove stray characters. That depends on where the value
// came from.
func remedy(stray commercelayer.Stray, variable string) string {
	var advice []string
	add := func(applies bool, configuration, environment string) {
		switch {
		case !applies:
		case variable == "" && configuration != "":
			advice = append(advice, configuration)
		case variable != "" && environment != "":
			advice = append(advice, strings.ReplaceAll(environment, "NAME", variable))
		}
	}
	add(stray.LineEnd || stray.Blank,
		"If the value is read from a file, write `trimspace(file(\"…\"))`. `trimspace()` removes blanks and line "+
			"ends from other values, too.", "")
	add(stray.LineEnd, "",
		"Set the variable again without the line end. To read it from a file in a shell: `export NAME=\"$(tr -d '\\r\\n' < "+
			"FILE)\"`. In the settings of a pipeline, enter the value again.")
	add(stray.Blank, "",
		"Set the variable again without the blank. In the Windows command prompt, `set NAME=value && …` keeps "+
			"the blank before `&&`.")
	add(stray.Quotes,
		"Remove the quotes where the value is stored, such as in a file or in the value of a variable. In HCL, the "+
			"quotes around a string are not part of its value. This value has further quotes inside the string.",
		"Set the variable again without the quotes. A shell removes quotes. An env file that no shell reads keeps "+
			"its quotes, such as a file for `docker run --env-file`: write `NAME=…` without quotes there.")
	add(stray.Hidden,
		"Copy the value again from its source, or type it. A file that an editor saved as UTF-16 or with a "+
			"byte order mark is a common cause.",
		"Copy the value again from where it was issued, and set the variable again. A file that an editor saved as "+
			"UTF-16 or with a byte order mark is a common cause.")
	return strings.Join(advice, " ")
}
