# Counts the changes of a plan, for the report that GitLab shows in a merge request.
# This needs jq.
set -eu
plan=$(terraform show -json "$1")
printf '%s\n' "$plan" | jq '[.resource_changes[]?.change.actions[]] |
  {create: map(select(. == "create")) | length, update: map(select(. == "update")) | length, delete: map(select(. == "delete")) | length}'
