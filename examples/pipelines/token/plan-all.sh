# Plans several folders at the same time with one token. This needs curl and jq,
# and the variables COMMERCELAYER_CLIENT_ID and COMMERCELAYER_CLIENT_SECRET.
set -eu
endpoint=${COMMERCELAYER_AUTH_ENDPOINT:-https://auth.commercelayer.io/oauth/token}
# The secret goes over https, or to this machine, and nowhere else.
jq --null-input --exit-status --arg endpoint "$endpoint" '$endpoint |
  test("\\A(https://[a-z0-9.-]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\]))(:[0-9]+)?/[!-~]*\\z"; "i")' >/dev/null || {
  echo 'COMMERCELAYER_AUTH_ENDPOINT must be a URL such as https://auth.commercelayer.io/oauth/token.' >&2
  exit 1
}
# curl reads the secret from stdin, because all users of a machine can see
# arguments. It ignores ~/.curlrc, which could send the secret elsewhere.
COMMERCELAYER_TOKEN=$(
  case $endpoint in
  ([Hh][Tt][Tt][Pp]:*) export no_proxy='*' ;;
  esac
  jq --null-input '{grant_type: "client_credentials", client_id: env.COMMERCELAYER_CLIENT_ID,
    client_secret: env.COMMERCELAYER_CLIENT_SECRET, scope: (env.COMMERCELAYER_SCOPE // "")} | with_entries(select(.value != ""))' |
    curl --disable --fail --silent --show-error --globoff --header 'Content-Type: application/json' --data @- "$endpoint" |
    jq --raw-output '.access_token // empty'
)
test -n "$COMMERCELAYER_TOKEN"
export COMMERCELAYER_TOKEN
# The provider takes a token or client credentials, and refuses both together.
unset COMMERCELAYER_CLIENT_ID COMMERCELAYER_CLIENT_SECRET COMMERCELAYER_AUTH_ENDPOINT
# xargs ends with an error if one of the plans does.
printf '%s\0' "$@" | xargs -0 -P 4 -I folder terraform -chdir=folder plan -input=false
