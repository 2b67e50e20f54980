# Runs a command such as plan or apply, and prints its errors and warnings only.
# The command itself would print values, and everybody who can see the run can
# read its log. This needs jq.
set -eu
command=$1
shift
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
trap 'exit 130' HUP INT TERM # the messages hold values, so they must not stay
status=0
terraform "$command" -input=false -json "$@" >"$messages" || status=$?
jq --raw-input --raw-output '
  # Some errors quote a value. The provider itself shows addresses as j…@e….com.
  def masked: gsub("(?<word>[^\\s\"]*@[^\\s\"]*)"; if .word | contains("…") then .word else "[…]" end);
  fromjson? | select(.type == "diagnostic").diagnostic |
  # Keys of instances can be values, too.
  ((.address // "") | gsub("\\[(\"(\\\\.|[^\"\\\\])*\"|[0-9]+)\\]"; "")) as $address |
  "\(.severity): \(.summary | masked)" + (if $address == "" then "" else " (\($address))" end),
  (.detail // "" | masked), ""
' "$messages" >&2
exit "$status"
