# Shows that a change is noticed. The first run reads before.json, and the second
# run reads after.json. The exit code 2 means that there is a change.
set -eu
terraform apply -auto-approve -input=false
status=0
terraform plan -detailed-exitcode -input=false || status=$?
test "$status" -eq 2
