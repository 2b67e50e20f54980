#!/usr/bin/env bash
# Runs all fuzz targets of the module, one after the other. The argument is how often
# each target runs, such as 5000x, or how long, such as 1m. With a time, Go 1.26
# sometimes fails at its end with "context deadline exceeded" (golang/go#75804).
set -euo pipefail

program=$(mktemp)
trap 'rm -f "$program"' EXIT
cache=$(go env GOCACHE)/fuzz
packages=$(grep -rl '^func Fuzz' --include='*_test.go' . | xargs dirname | sort -u)

for package in $packages; do
  # By default, Go would link this program again for each target.
  go test -c -fuzz . -o "$program" "$package"
  targets=$(sed -nE 's/^func (Fuzz[A-Za-z0-9]+).*/\1/p' "$package"/*_test.go)
  for target in $targets; do
    echo "$target ($package)"
    # By default, Go spends up to a minute to make each new input smaller. The seeds
    # here are whole documents, so no time would be left to try inputs.
    (cd "$package" && "$program" -test.run '^$' -test.fuzz "^$target\$" -test.fuzztime "$1" \
      -test.fuzzminimizetime 10x -test.fuzzcachedir "$cache/$package")
  done
done
