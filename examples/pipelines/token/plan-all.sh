# Plans several folders at the same time with one token. Needs curl and jq, and
# in the environment COMMERCELAYER_CLIENT_ID and COMMERCELAYER_CLIENT_SECRET.
set -eu
# The secret goes through stdin: arguments are visible to all users of a machine.
COMMERCELAYER_TOKEN=$(
  jq --null-input '{grant_type: "client_credentials", client_id: env.COMMERCELAYER_CLIENT_ID, client_secret: env.COMMERCELAYER_CLIENT_SECRET}' |
    curl --fail --silent --show-error --header 'Content-Type: application/json' --data @- "${COMMERCELAYER_AUTH_ENDPOINT:-https://auth.commercelayer.io/oauth/token}" |
    jq --raw-output .access_token
)
export COMMERCELAYER_TOKEN
# Either a token or a client: both are a contradiction.
unset COMMERCELAYER_CLIENT_ID COMMERCELAYER_CLIENT_SECRET COMMERCELAYER_AUTH_ENDPOINT
# Ends with an error if one of the plans does.
printf '%s\n' "$@" | xargs -P 4 -I folder terraform -chdir=folder plan -input=false
