# Keeps at most one open issue with a title. This needs gh and jq.
#   sh issue.sh TITLE STATUS <text.md
# STATUS is the exit code of terraform plan -detailed-exitcode.
set -eu
title=$1
status=$2
issues=$(gh issue list --limit 10000 --json number,title)
number=$(printf '%s\n' "$issues" | jq --arg title "$title" 'map(select(.title == $title))[0].number // empty')
case $status,$number in
2,) gh issue create --title "$title" --body-file - ;;
2,*) gh issue comment "$number" --edit-last --create-if-none --body-file - ;;
0,?*) gh issue close "$number" --comment 'Nothing differs from the state any more.' ;;
esac
