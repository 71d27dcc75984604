# Sourced by every command.
# shellcheck shell=bash

cluster_scripts="$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")"
. "$cluster_scripts/lib/settings.sh"
. "$cluster_scripts/lib/mode.sh"
. "$cluster_scripts/lib/packages.sh"
. "$cluster_scripts/lib/processes.sh"
. "$cluster_scripts/lib/components.sh"
. "$cluster_scripts/lib/network.sh"
. "$cluster_scripts/lib/certificates.sh"
. "$cluster_scripts/lib/images.sh"
. "$cluster_scripts/lib/registry.sh"
. "$cluster_scripts/lib/postgres.sh"
. "$cluster_scripts/lib/kubernetes.sh"
. "$cluster_scripts/lib/node.sh"
. "$cluster_scripts/lib/environment.sh"
choose_mode
if [ "$mode" = containers ]; then . "$cluster_scripts/lib/containers.sh"; fi
