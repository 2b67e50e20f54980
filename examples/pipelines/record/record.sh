# Records the customers of a test organization into a folder, for
# commercelayer-emulator -data. This needs curl and jq, and two variables:
# COMMERCELAYER_TOKEN, and COMMERCELAYER_DOMAIN, such as
# https://acme.commercelayer.io.
set -eu
folder=$1
# The token goes over https, or to this machine, and nowhere else.
jq --null-input --exit-status '(env.COMMERCELAYER_DOMAIN // "") |
  test("\\A(https://[a-z0-9.-]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\]))(:[0-9]+)?\\z"; "i")' >/dev/null || {
  echo 'COMMERCELAYER_DOMAIN must be a URL such as https://acme.commercelayer.io, without a path.' >&2
  exit 1
}
case $COMMERCELAYER_DOMAIN in
[Hh][Tt][Tt][Pp]:*) export no_proxy='*' ;;
esac
case ${COMMERCELAYER_TOKEN-} in
'' | *[!A-Za-z0-9._~+/=-]*)
  echo 'COMMERCELAYER_TOKEN must be an access token, without blanks and line ends.' >&2
  exit 1
  ;;
esac
mkdir -p "$folder"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
trap 'exit 130' HUP INT TERM # the answer holds customers, so it must not stay
page=1
pages=1
while [ "$page" -le "$pages" ]; do
  # curl reads the token from stdin, because all users of a machine can see
  # arguments. It ignores ~/.curlrc, which could send the token elsewhere.
  printf 'header = "Authorization: Bearer %s"\n' "$COMMERCELAYER_TOKEN" |
    curl --disable --config - --fail --silent --show-error --globoff --output "$answer" \
      --header 'Accept: application/vnd.api+json' \
      "$COMMERCELAYER_DOMAIN/api/customers?include=customer_group,tags&sort=id&page[size]=25&page[number]=$page"
  [ "$page" -gt 1 ] || rm -f "$folder"/page-[0-9][0-9][0-9][0-9].json # of an earlier recording
  jq --from-file anonymize.jq "$answer" >"$folder/$(printf 'page-%04d' "$page").json"
  pages=$(jq --exit-status .meta.page_count "$answer")
  page=$((page + 1))
  # Test mode allows 100 requests a minute.
  sleep "${PAUSE-1}"
done
