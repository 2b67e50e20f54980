# Runs a command such as plan or apply, and prints its errors and warnings only.
# The command itself would print values, and everybody who can see the run can
# read its log. This needs jq.
set -eu
command=$1
shift
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
status=0
terraform "$command" -input=false -json "$@" >"$messages" || status=$?
jq --raw-input --raw-output '
  fromjson? | select(.type == "diagnostic").diagnostic |
  # Keys of instances can be values, such as e-mail addresses.
  ((.address // "") | gsub("\\[(\"(\\\\.|[^\"\\\\])*\"|[0-9]+)\\]"; "")) as $address |
  "\(.severity): \(.summary)" + (if $address == "" then "" else " (\($address))" end), .detail // "", ""
' "$messages" >&2
exit "$status"
