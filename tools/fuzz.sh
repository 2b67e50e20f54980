#!/usr/bin/env bash
# Runs all fuzz targets of the module, one after the other, because go test runs
# only one in each call. The argument is how long each target runs, such as 1m, or
# how often, such as 5000x.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# For each package, go test -list prints its targets, and then a line with its path.
targets=$(go test -list '^Fuzz' ./... | awk '
  /^Fuzz/ { names = names " " $1 }
  $1 == "ok" { count = split(names, name); for (i = 1; i <= count; i++) print name[i], $2; names = "" }')
[[ $targets ]] || { echo 'There is no fuzz target.' >&2; exit 1; }

while read -r target package; do
  echo "$target ($package)"
  # By default Go spends up to a minute to make each new input smaller. The seeds
  # here are whole documents, so no time would be left to try inputs.
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 10x "$package" </dev/null 2>&1 | tee "$log" && continue
  # Go 1.26 sometimes reports the end of -fuzztime as a failure (golang/go#75804).
  # A real failure says more.
  [[ $(grep -A 2 '^--- FAIL: ' "$log") == *$')\n    context deadline exceeded\nFAIL' ]] || exit 1
  echo 'No input failed. The time was over while go test was still trying one, and it reports that as a failure.'
done <<<"$targets"
echo "$(wc -l <<<"$targets") fuzz targets ran, $1 each."
