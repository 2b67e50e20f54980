#!/usr/bin/env bash
# release-check.sh CLI [TARGET...] builds the release of the current commit twice,
# without publishing it, and verifies it: by a test in internal/tools, by comparing
# the two builds, and by letting a Terraform or OpenTofu binary install it. It works
# on clones. So it writes nothing into the tree, and builds only what is committed.
# Without targets, such as linux_amd64, it builds all. That of this machine is always
# built, because the CLI installs it.
set -euo pipefail

cli=$1
shift
host=$(go env GOOS)_$(go env GOARCH)
all=$(sed -nE 's/^ +- ((darwin|freebsd|linux|windows)_[a-z0-9]+)$/\1/p' .goreleaser.yml | tr '\n' ' ')
targets=" $host ${*:-$all} "

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
go build -modfile=tools/goreleaser/go.mod -o "$temp/goreleaser" github.com/goreleaser/goreleaser/v2

git clone --quiet . "$temp/commit"

# build builds, signs and packs everything in a new clone. The configuration is
# outside the clone. Inside, it would be an uncommitted change.
build() {
  git clone --quiet "$temp/commit" "$temp/$1"
  awk -v targets="$targets" '!/^ +- (darwin|freebsd|linux|windows)_/ || index(targets, " " $2 " ")' \
    "$temp/$1/.goreleaser.yml" >"$temp/config.yml"
  (cd "$temp/$1" && quietly "$temp/goreleaser" check --config "$temp/config.yml")
  (cd "$temp/$1" && quietly "$temp/goreleaser" release --snapshot --skip=publish --config "$temp/config.yml")
}

build first
sums=$(echo "$temp/first/dist/"*_SHA256SUMS)
quietly gpg --batch --verify "$sums.sig" "$sums"
RELEASE_DIST=${sums%/*} RELEASE_TARGETS=$targets quietly go test -count=1 -run TestAReleaseIsWhole ./internal/tools
echo 'ok  the release is whole and signed'

build second
cmp "$temp"/{first,second}/dist/*_SHA256SUMS
echo 'ok  a second build gave the same bytes'

archive=$(echo "$temp/first/dist/terraform-provider-commercelayer_"*"_$host.zip")
version=${archive#*commercelayer_}
version=${version%_"$host".zip}
for registry in registry.terraform.io registry.opentofu.org; do
  mkdir -p "$temp/mirror/$registry/commercelayer/commercelayer"
  cp "$archive" "$temp/mirror/$registry/commercelayer/commercelayer"
done
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
export TF_CLI_CONFIG_FILE=/dev/null
quietly "$cli" -chdir="$temp/configuration" init -input=false -plugin-dir="$temp/mirror"
"$cli" -chdir="$temp/configuration" providers schema -json | grep -q '"commercelayer_customer":'
echo "ok  ${cli##*/} installs the provider, and loads it"
echo "The release of this commit passed all checks in $SECONDS s."
