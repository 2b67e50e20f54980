#!/bin/sh
# with-cli.sh [-hermetic] CLI COMMAND [ARGUMENT...] runs a command that needs a
# Terraform or OpenTofu binary, whose path is in TF_ACC_TERRAFORM_PATH. CLI is the
# argument of find-cli.sh. The command does not see variables that change what a
# CLI does. With -hermetic, it sees none that make a test ask an organization, or
# that make a CLI print more.
set -eu

unset='TERRAFORM_CONFIG|TF_CLI_ARGS[A-Za-z0-9_]*|TF_DATA_DIR|TF_PLUGIN_CACHE_DIR|TF_REATTACH_PROVIDERS|TF_VAR_[A-Za-z0-9_]*|TF_WORKSPACE'
if [ "$1" = -hermetic ]; then
  unset="TERRAFORM_CONFIG|(COMMERCELAYER|TF|TOFU)_[A-Za-z0-9_]*"
  shift
fi
cli=$("$(dirname "$0")/find-cli.sh" "$1")
shift

for name in $(env | sed -nE "s/^($unset)=.*/\1/p"); do
  unset "$name"
done

# Without a file, the CLI would read the configuration in the home directory.
export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$cli" TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1
case ${cli##*/} in
*tofu*) export TF_ACC_PROVIDER_HOST=registry.opentofu.org TF_ACC_PROVIDER_NAMESPACE=hashicorp ;;
esac
exec "$@"
