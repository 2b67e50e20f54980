#!/usr/bin/env bash
# release-check.sh CLI [TARGET...] builds the release of the current commit twice,
# without publishing it, and verifies it: by verify-release.sh, by comparing the two
# builds, and by letting a Terraform or OpenTofu binary install it. It works on
# clones. So it writes nothing into the tree, and builds only what is committed.
# Without targets, such as linux_amd64, it builds all. That of this machine is always
# built, because the CLI installs it.
set -euo pipefail

cli=$1
shift
tools=$(cd "$(dirname "$0")" && pwd)
commit=$(git rev-parse HEAD)
host=$(go env GOOS)_$(go env GOARCH)

all=$(sed -nE 's/^ +- ((darwin|freebsd|linux|windows)_[a-z0-9]+)$/\1/p' .goreleaser.yml)
targets=$all
if [[ $# -gt 0 ]]; then
  targets=$(printf '%s\n' "$@" "$host" | sort -u)
fi
if unknown=$(grep -vxF "$all" <<<"$targets"); then
  echo "release-check.sh: the release has no target $unknown" >&2
  exit 1
fi

# The signature is made with a key that exists only during this run.
temp=$(mktemp -d)
export GNUPGHOME=$temp/gnupg GPG_FINGERPRINT=nobody@example.com
trap 'gpgconf --kill gpg-agent; rm -rf "$temp"' EXIT
mkdir -m 700 "$GNUPGHOME"

# quietly shows the output of a command only if it fails.
quietly() {
  "$@" >"$temp/log" 2>&1 || {
    cat "$temp/log"
    exit 1
  }
}
quietly gpg --batch --passphrase '' --quick-generate-key "$GPG_FINGERPRINT" rsa2048 sign 1d

# With go tool, the build with an empty cache would compile goreleaser again.
go build -modfile=tools/goreleaser/go.mod -o "$temp/goreleaser" github.com/goreleaser/goreleaser/v2

# build builds, signs and packs everything in a new clone. The configuration is
# outside the clone. Inside, it would be an uncommitted change.
build() {
  git clone --quiet --no-checkout . "$temp/$1"
  git -C "$temp/$1" checkout --quiet --detach "$commit"
  awk -v targets="$(tr '\n' ' ' <<<"$targets")" '
    !/^ +- (darwin|freebsd|linux|windows)_/ || index(" " targets, " " $2 " ")' "$temp/$1/.goreleaser.yml" >"$temp/$1.yml"
  (cd "$temp/$1" && quietly "$temp/goreleaser" check --config "$temp/$1.yml")
  (cd "$temp/$1" && quietly "$temp/goreleaser" release --snapshot --skip=publish --config "$temp/$1.yml")
}

build first
echo "ok  goreleaser built commit ${commit:0:12} for $(wc -w <<<"$targets") targets"
# shellcheck disable=SC2086 # a word for each target
"$tools/verify-release.sh" "$temp/first/dist" "$commit" $targets

build second
cmp "$temp"/{first,second}/dist/*_SHA256SUMS
# That build took compiled packages from the build cache, so it proves little about
# the compiler. So the provider of this machine is compiled once more without them.
(cd "$temp/second" && GOCACHE=$temp/cache quietly "$temp/goreleaser" build --snapshot --single-target --clean \
  --id provider --skip post-hooks)
cmp "$temp"/{first,second}/dist/provider_"$host"*/terraform-provider-commercelayer_v*
echo 'ok  a second build, and one with an empty build cache, gave the same bytes'

archive=$(echo "$temp/first/dist/terraform-provider-commercelayer_"*"_$host.zip")
version=${archive#*commercelayer_}
version=${version%_"$host".zip}
for registry in registry.terraform.io registry.opentofu.org; do
  mkdir -p "$temp/mirror/$registry/commercelayer/commercelayer"
  cp "$archive" "$temp/mirror/$registry/commercelayer/commercelayer"
done
echo "provider_installation { filesystem_mirror { path = \"$temp/mirror\" } }" >"$temp/cli.tfrc"
mkdir "$temp/configuration"
cat >"$temp/configuration/main.tf" <<END
terraform {
  required_providers {
    commercelayer = {
      source  = "commercelayer/commercelayer"
      version = "$version"
    }
  }
}
END
export TF_CLI_CONFIG_FILE=$temp/cli.tfrc
quietly "$cli" -chdir="$temp/configuration" init -input=false
"$cli" -chdir="$temp/configuration" providers schema -json | grep -q '"commercelayer_customer":'
echo "ok  ${cli##*/} installs the provider, and loads it"
echo "The release of this commit passed all checks in $SECONDS s."
