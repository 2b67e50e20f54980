# Plans several folders at the same time with one token. This needs curl and jq,
# and the variables COMMERCELAYER_CLIENT_ID and COMMERCELAYER_CLIENT_SECRET.
set -eu
# curl reads the secret from stdin, because all users of a machine can see
# arguments.
COMMERCELAYER_TOKEN=$(
  jq --null-input '{grant_type: "client_credentials", client_id: env.COMMERCELAYER_CLIENT_ID, client_secret: env.COMMERCELAYER_CLIENT_SECRET}' |
    curl --fail --silent --show-error --header 'Content-Type: application/json' --data @- "${COMMERCELAYER_AUTH_ENDPOINT:-https://auth.commercelayer.io/oauth/token}" |
    jq --raw-output .access_token
)
export COMMERCELAYER_TOKEN
# The provider takes a token or client credentials, and refuses both together.
unset COMMERCELAYER_CLIENT_ID COMMERCELAYER_CLIENT_SECRET COMMERCELAYER_AUTH_ENDPOINT
# xargs ends with an error if one of the plans does.
printf '%s\n' "$@" | xargs -P 4 -I folder terraform -chdir=folder plan -input=false
