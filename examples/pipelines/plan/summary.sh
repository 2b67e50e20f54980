# Lists what a plan changes: addresses and actions, and no values.
terraform show -json "$1" | jq -r '
  (.resource_changes // [] | map(select(.mode == "managed" and .change.actions != ["no-op"]))) as $resources |
  (.output_changes // {} | to_entries | map(select(.value.actions != ["no-op"]))) as $outputs |
  "### Plan", "",
  "\($resources | length) resources and \($outputs | length) outputs change.", "",
  ($resources[] | "- `\(.address)`: \(.change.actions | join(", "))"),
  ($outputs[] | "- output `\(.key)`: \(.value.actions | join(", "))")
'
