# What callers learn: the addresses of what runs here, or of what they brought along.
# shellcheck shell=bash

# A user's own cluster, registry or database is used instead of ours. The variables may also still hold what an earlier
# `up` printed.
own_cluster() { [ -z "${KUBECONFIG:-}" ] || [ "$KUBECONFIG" = "$admin_config" ]; }
own_registry() { [ "${SCHEMAGATE_TEST_REGISTRY:-$registry}" = "$registry" ]; }
own_database() { [[ "${SCHEMAGATE_TEST_DATABASE:-@127.0.0.1:$postgres_port/}" == *"@127.0.0.1:$postgres_port/"* ]]; }

# The address at which pods reach the host. For a cluster that is not ours it is a guess: the machine's own address.
find_host_address() {
  if own_cluster; then
    node_host_address
  elif [ -n "${SCHEMAGATE_TEST_HOST:-}" ] && [ "$SCHEMAGATE_TEST_HOST" != "$gateway" ]; then
    printf '%s\n' "$SCHEMAGATE_TEST_HOST"
  else
    ip -4 route get 192.0.2.1 | sed -n 's/.* src \([0-9.]*\).*/\1/p'
  fi
}

node_host_address() { printf '%s\n' "$gateway"; }

# Whose process shows that the API server is ours and up.
api_component=apiserver

# print_environment: a component that does not run, and was not brought along, has no variables.
print_environment() {
  export_line SCHEMAGATE_CLUSTER_DIR "$state"
  export_line SCHEMAGATE_TEST_HOST "$host_address"
  if ! own_cluster; then
    export_line KUBECONFIG "$KUBECONFIG"
  elif running "$api_component" > /dev/null; then
    export_line KUBECONFIG "$admin_config"
    if [ "$mode" = packages ]; then export_line KUBEBUILDER_ASSETS "$assets"; fi
  fi
  if ! own_registry; then
    export_line SCHEMAGATE_TEST_REGISTRY "$SCHEMAGATE_TEST_REGISTRY"
  elif running registry > /dev/null; then
    export_line SCHEMAGATE_TEST_REGISTRY "$registry"
    if [ "$mode" = packages ]; then export_line SCHEMAGATE_TEST_REGISTRY_DATA "$registry_data"; fi
  fi
  if ! own_database; then
    export_line SCHEMAGATE_TEST_DATABASE "$SCHEMAGATE_TEST_DATABASE"
  elif running postgres > /dev/null; then
    export_line SCHEMAGATE_TEST_DATABASE \
      "postgresql://postgres:$(cat "$postgres_password")@127.0.0.1:$postgres_port/postgres"
    if [ "$mode" = packages ]; then export_line SCHEMAGATE_TEST_DATABASE_DATA "$postgres_data"; fi
    export_line PG_BIN "$(postgres_bin)"
  fi
}

export_line() { printf 'export %s=%q\n' "$1" "$2"; }
