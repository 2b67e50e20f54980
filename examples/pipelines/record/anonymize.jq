# Gives each customer an e-mail address that is made of the ID, so that look-ups by
# e-mail address still work. Removes who requested an anonymization.
def anonymous($id):
  if .email then .email = "\($id)@example.com" else . end
  | if .anonymization_info then .anonymization_info |= del(.requester, .cancellation_requester) else . end;

(.data | if type == "array" then .[] else . end | select(.type == "customers"))
  |= (.id as $id | .attributes |= anonymous($id))
| (.included[]? | select(.type == "customers")) |= (.id as $id | .attributes |= anonymous($id))
# Replaces e-mail addresses in other places, such as in metadata.
| walk(
    if type == "string"
    then gsub("(?<address>[^\\s@<>\"]+@[^\\s@<>\",;!?()]*[^\\s@<>\",;.!?()])";
      if .address | endswith("@example.com") then .address else "removed@example.com" end)
    else . end
  )
