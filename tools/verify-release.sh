#!/usr/bin/env bash
# verify-release.sh DIST COMMIT TARGET... verifies what goreleaser built of a commit
# in its directory dist: names, checksums, signature, and for each archive the
# binary, the licence, the notices, and the bill of materials.
set -euo pipefail

cd "$1"
commit=$2
shift 2
fail() {
  echo "verify-release.sh: $*" >&2
  exit 1
}

project=terraform-provider-commercelayer
version=$(sed -nE 's/.*"version": ?"([^"]+)".*/\1/p' metadata.json)
sums=${project}_${version}_SHA256SUMS
manifest=${project}_${version}_manifest.json

# The Registries require this form of name for the provider, and ignore the
# emulator because of its other name.
archives=()
for target in "$@"; do
  [[ $target == windows_* ]] && extension=zip || extension=tar.gz
  archives+=("${project}_${version}_$target.zip" "commercelayer-emulator_${version}_$target.$extension")
done

# goreleaser sums up only what its configuration names, so a file could be missing.
cp ../terraform-registry-manifest.json "$manifest"
diff <(cut -c 67- "$sums" | sort) <({
  printf '%s\n' "$manifest" "${archives[@]}"
  printf '%s\n' "${archives[@]}" | sed -E 's/\.(zip|tar\.gz)$/.cdx.json/'
} | sort) || fail "the files in $sums (<) are not those of the release (>)"
sha256sum --check --strict --quiet "$sums" || fail "a file is not the one in $sums"
echo "ok  $sums lists each file of the release"

gpg --batch --quiet --verify "$sums.sig" "$sums" 2>/dev/null || fail 'gpg refuses the signature of the checksums'
! grep -qa '^-----BEGIN' "$sums.sig" || fail 'the signature is armoured, which the Registry refuses'
echo "ok  $sums has a binary signature"

# Pipelines download the provider in each run, so its size has a limit. They run on
# Linux.
max_bytes=21000000
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
for archive in "${archives[@]}"; do
  # goreleaser only warns when it does not find a file, and then leaves it out.
  directory=$unpacked/$archive
  mkdir "$directory"
  case $archive in
  *.zip) unzip -q "$archive" -d "$directory" ;;
  *) tar -xzf "$archive" -C "$directory" ;;
  esac
  name=${archive%.zip}
  name=${name%.tar.gz}
  target=${name#*_"$version"_}
  program=$directory/commercelayer-emulator
  [[ $archive != "$project"_* ]] || program=$directory/${project}_v$version
  [[ $target != windows_* ]] || program+=.exe
  [[ -x $program ]] || fail "$archive holds no ${program##*/} that can be run"
  [[ -s $directory/LICENSE ]] || fail "$archive holds no LICENSE"
  # The linker writes the version into the bytes. The build information does not
  # have it, because of -trimpath.
  grep -qaF "$version" "$program" || fail "the program in $archive does not know its version"
  [[ $target != linux_* || $(wc -c <"$program") -le $max_bytes ]] || fail "the program in $archive has more than $max_bytes bytes"

  built=$(go version -m "$program")
  for setting in "GOOS=${target%_*}" "GOARCH=${target#*_}" CGO_ENABLED=0 -trimpath=true "vcs.revision=$commit" vcs.modified=false; do
    grep -qxF "	build	$setting" <<<"$built" || fail "the program in $archive was not built with $setting"
  done
  modules=$(awk 'NR == 1 { print "std", $NF } $1 == "dep" { print $2, $3 }' <<<"$built" | sort)
  diff <(echo "$modules") <(sed -nE '/^  [^ ]/s/^  (.*): .*/\1/p' "$directory/THIRD_PARTY_NOTICES.txt" |
    sed 's/^The Go standard library /std go/' | sort) || fail "$archive has no notices of what is linked"
  diff <(echo "$modules") <(sed -nE 's|.*"bom-ref": "pkg:golang/(.*)@(.*)\?type=module.*|\1 \2|p' "$name.cdx.json" |
    grep -v "commercelayer/$project" | sed 's/%2B/+/' | sort) || fail "$name.cdx.json does not list what is linked"
done
echo 'ok  each archive holds its program, licence and notices, and has a bill of materials'
echo "ok  each program is static, of its target and of commit ${commit:0:12}, and knows its version"
