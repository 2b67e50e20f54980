#!/bin/sh
# Plans and applies the example of the README with the CLI in
# TF_ACC_TERRAFORM_PATH and the programs in bin/. The provider asks the emulator,
# or, if COMMERCELAYER_* holds credentials, the organization to which they belong.
# Of an organization it reads the customer with the ID in CUSTOMER_ID, or its first.
set -eu

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
trap 'exit 130' HUP INT TERM # the state holds customers, so it must not stay
export TF_CLI_CONFIG_FILE="$temp/cli.tfrc"
cat >"$TF_CLI_CONFIG_FILE" <<END
provider_installation {
  dev_overrides {
    "commercelayer/commercelayer" = "$PWD/bin"
  }
  direct {}
}
END

example=examples/data-sources/commercelayer_customer
cp "$example"/*.tf "$temp"

run() {
  echo "+ $*" >&2
  "$@"
}

set -- "$TF_ACC_TERRAFORM_PATH" -chdir="$temp"
if [ -z "${COMMERCELAYER_TOKEN:-}${COMMERCELAYER_CLIENT_ID:-}" ]; then
  run bin/commercelayer-emulator exec -log -- "$@" apply -auto-approve -input=false
else
  if [ -n "${CUSTOMER_ID:-}" ]; then
    id="\"$CUSTOMER_ID\""
  else
    id='one(data.commercelayer_customers.first.customers[*].id)'
    printf 'data "commercelayer_customers" "first" {\n  limit = 1\n}\n' >"$temp/first.tf"
  fi
  sed "s/\"xYZkjABcde\"/$id/" "$example/data-source.tf" >"$temp/data-source.tf"
  run "$@" apply -auto-approve -input=false
fi
run "$@" show
