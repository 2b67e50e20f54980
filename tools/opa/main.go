// Command opa tests the example policies, as `opa test` does with a folder. It
// is used instead of OPA's own command, which takes minutes to build.
//
//	go -C tools/opa run . ../../examples/pipelines/policy
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/open-policy-agent/opa/v1/tester"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "opa:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return errors.New("give at least one folder with policies")
	}
	results, err := tester.Run(ctx, paths...)
	if err != nil {
		return fmt.Errorf("compiling the policies: %w", err)
	}
	passed := 0
	for _, result := range results {
		if !result.Pass() {
			return fmt.Errorf("%s: %v", result.Name, result)
		}
		fmt.Print(result)
		passed++
	}
	if passed == 0 {
		return errors.New("there is no test in " + fmt.Sprint(paths))
	}
	return nil
}
