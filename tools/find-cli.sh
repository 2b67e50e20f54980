#!/bin/sh
# Prints the path of a Terraform or OpenTofu binary. The argument is auto (the
# default), terraform, opentofu, opentofu-1.10, or the name or path of a binary.
# A missing CLI is installed once, into the user's cache directory.
set -eu

# The version of Terraform that is installed when PATH has none.
terraform_version=1.11.4

tools=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-commercelayer

say() { echo "find-cli.sh: $*" >&2; }

find_terraform() {
  command -v terraform && return
  dir=$cache/terraform-$terraform_version
  binary=$dir/terraform$(go env GOEXE)
  if [ ! -x "$binary" ]; then
    say "there is no Terraform on PATH, so version $terraform_version is installed"
    mkdir -p "$dir" &&
      go -C "$tools" tool hc-install install -version "$terraform_version" -path "$dir" terraform >&2 || return
  fi
  echo "$binary"
}

# OpenTofu has the version that tools/<name>/go.mod requires. One on PATH is good
# enough if it has the same minor version.
find_opentofu() {
  module=github.com/opentofu/opentofu
  version=$(sed -n "s|.*$module v\([^ ]*\).*|\1|p" "$tools/$1/go.mod")
  if found=$(command -v tofu) && [ "$(minor "$found")" = "${version%.*}" ]; then
    echo "$found"
    return
  fi
  binary=$cache/opentofu-$version/tofu$(go env GOEXE)
  if [ ! -x "$binary" ]; then
    say "building OpenTofu $version, which takes some minutes and is needed only once"
    # The binary gets its name only after a complete build. So one that was
    # interrupted is never used.
    go -C "$tools/$1" build -buildvcs=false -o "$binary.partial" \
      -ldflags "-s -w -X $module/version.dev=no" "$module/cmd/tofu" >&2 &&
      mv "$binary.partial" "$binary" || return
  fi
  echo "$binary"
}

minor() {
  TF_CLI_CONFIG_FILE=/dev/null "$1" version -json | sed -n 's/.*"terraform_version": *"\([0-9]*\.[0-9]*\).*/\1/p'
}

# Without a CLI on PATH, Terraform is downloaded, because building OpenTofu takes
# minutes. OpenTofu needs only the Go module proxy, so it is the way out.
find_auto() {
  command -v terraform || command -v tofu || find_terraform || {
    say 'Terraform could not be installed, so OpenTofu is built'
    find_opentofu opentofu
  }
}

find_given() {
  found=$(command -v "$1") || {
    say "there is no $1: give terraform, opentofu, opentofu-1.10, auto, or a binary's path"
    return 1
  }
  case $found in
  /*) echo "$found" ;;
  *) echo "$PWD/$found" ;;
  esac
}

case ${1:-auto} in
auto) find_auto ;;
terraform) find_terraform ;;
opentofu | opentofu-1.10) find_opentofu "$1" ;;
*) find_given "$1" ;;
esac
