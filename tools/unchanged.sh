#!/bin/sh
# Runs a command, and fails with the difference if it changes files of the tree.
# Changes that were there before are not a part of the difference.
set -eu

index=$(mktemp)
trap 'rm -f "$index"' EXIT
trap 'exit 130' HUP INT TERM # without it, dash removes nothing on a signal
cp "$(git rev-parse --git-path index)" "$index"

# tree prints the name of a tree object of all files as they are now.
tree() {
  GIT_INDEX_FILE=$index git add --all .
  GIT_INDEX_FILE=$index git write-tree
}

before=$(tree)
"$@"
after=$(tree)
git --no-pager diff --exit-code "$before" "$after"
