#!/bin/sh
# Prints the section of a tag in CHANGELOG.md, for the text of the release. Fails
# if there is none, if it is empty, or if it still calls the version unreleased. A
# pre-release such as v1.2.3-rc1 may use the section of 1.2.3, also an unreleased one.
set -eu

version=${1#v}
final=${version%%-*}
if [ "$version" != "$final" ] && ! grep -qF "## $version (" CHANGELOG.md; then
  version=$final
  unreleased=allowed
fi

awk -v version="$version" -v unreleased="${unreleased:-}" '
  /^## / { inside = $2 == version; if (inside) title = $0; next }
  inside { text = text $0 "\n" }
  END {
    gsub(/^\n+|\n+$/, "", text)
    if (title == "") problem = "has no section \"## " version " (date)\""
    else if (text == "") problem = "has nothing in the section of " version
    else if (tolower(title) ~ /\(unreleased\)/ && !unreleased) problem = "calls " version " unreleased: write the date there"
    if (problem) { print "CHANGELOG.md " problem >"/dev/stderr"; exit 1 }
    print text
  }' CHANGELOG.md
