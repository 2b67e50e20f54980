# Lists what a plan changes, without values and without keys of instances. This
# needs jq.
set -eu
plan=$(terraform show -json "$1")
printf '%s\n' "$plan" | jq --raw-output '
  def named: "- `\(.name)`: \(.actions | join(", "))" + (if .count > 1 then ", \(.count) times" else "" end);
  (.resource_changes // [] | map(select(.mode == "managed" and .change.actions != ["no-op"]))) as $resources |
  (.output_changes // {} | to_entries | map(select(.value.actions != ["no-op"]))) as $outputs |
  "### Plan", "",
  "Changes of resources: \($resources | length). Changes of outputs: \($outputs | length).", "",
  ($resources
    | map({name: (.address | gsub("\\[(\"(\\\\.|[^\"\\\\])*\"|[0-9]+)\\]"; "")), actions: .change.actions})
    | group_by(.)[] | .[0] + {count: length} | named),
  ($outputs[] | {name: "output.\(.key)", actions: .value.actions, count: 1} | named)
'
