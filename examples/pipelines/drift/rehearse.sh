# Rehearses that a change is noticed: the first run reads before.json, the second
# one after.json.
terraform apply -auto-approve -input=false
status=0
terraform plan -detailed-exitcode -input=false || status=$?
test "$status" -eq 2
