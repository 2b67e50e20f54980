#!/bin/sh
# Lists the modules of the released binaries that have a newer version, and fails
# if there are any, or if the module proxy can't tell. Old modules matter even if
# their code does not run: scanners report each one that has a known fault.
set -eu

# A module can be needed for one operating system only.
linked=$(for system in darwin freebsd linux windows; do
  GOOS=$system GOARCH=amd64 CGO_ENABLED=0 go list -deps \
    -f '{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}' . ./internal/cmd/commercelayer-emulator
done)
linked=$(echo "$linked" | sort -u)
newer=$(echo "$linked" | xargs go list -m -u -f '{{with .Update}}{{$.Path}} {{$.Version}}, the newest is {{.Version}}{{end}}')

if [ -n "$newer" ]; then
  echo 'Linked modules have a newer version. Upgrade them with go get -u -t ./... and go mod tidy.'
  echo "$newer"
  exit 1
fi
echo "All $(echo "$linked" | wc -w) linked modules have their newest version."
