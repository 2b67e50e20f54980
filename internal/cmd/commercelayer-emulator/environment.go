package main

import (
	"runtime"
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// ours begins the names of the variables that the provider and the probe read.
const ours = "COMMERCELAYER_"

// childEnvironment returns the environment in which the provider asks the
// emulator. It also returns the names of the caller's variables that it left
// out, so that the caller can be told. All variables of ours are left out, and
// not only the known ones: the command must not get a credential by any name.
//
// COMMERCELAYER_MODE stays when it names the mode of the emulator. The provider
// checks the mode, and a rehearsal includes that check.
func childEnvironment(environ []string, url, mode string) (env, dropped []string) {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		known := name
		if runtime.GOOS == "windows" { // where the case of a name does not matter
			known = strings.ToUpper(name)
		}
		switch {
		case !strings.HasPrefix(known, ours), known == ours+"MODE" && value == mode:
			env = append(env, variable)
		case value != "":
			dropped = append(dropped, name)
		}
	}
	slices.Sort(dropped)
	return append(env,
		ours+"DOMAIN="+url,
		ours+"CLIENT_ID="+emulator.DefaultClientID,
		ours+"CLIENT_SECRET="+emulator.DefaultClientSecret,
	), dropped
}
