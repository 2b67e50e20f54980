# Records the customers of a test organization into a folder, for
# commercelayer-emulator -data. This needs curl and jq, and two variables:
# COMMERCELAYER_TOKEN, and COMMERCELAYER_DOMAIN, such as
# https://acme.commercelayer.io.
set -eu
folder=$1
mkdir -p "$folder"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
page=1
pages=1
while [ "$page" -le "$pages" ]; do
  # curl reads the token from stdin, because all users of a machine can see
  # arguments.
  printf 'header = "Authorization: Bearer %s"\n' "$COMMERCELAYER_TOKEN" |
    curl --config - --fail --silent --show-error --globoff --output "$answer" \
      --header 'Accept: application/vnd.api+json' \
      "$COMMERCELAYER_DOMAIN/api/customers?include=customer_group,tags&sort=id&page[size]=25&page[number]=$page"
  jq --from-file anonymize.jq "$answer" >"$folder/$(printf 'page-%04d' "$page").json"
  pages=$(jq .meta.page_count "$answer")
  page=$((page + 1))
  # Test mode allows 100 requests a minute.
  sleep "${PAUSE-1}"
done
