# The two ways to a cluster: in containers where an engine answers, of Debian's packages where none does.
# shellcheck shell=bash

engine_problem=""

# What is up stays what it is until `down`, whatever the environment says meanwhile.
choose_mode() {
  if [ -e "$state/mode" ]; then
    mode="$(cat "$state/mode")"
  elif [ -e "$state/pids" ]; then
    mode=packages # of an `up` that knew no other way
  else
    case "${SCHEMAGATE_TEST_CLUSTER:-}" in
      containers | packages) mode="$SCHEMAGATE_TEST_CLUSTER" ;;
      "") if engine_answers; then mode=containers; else mode=packages; fi ;;
      *) fail "SCHEMAGATE_TEST_CLUSTER is $SCHEMAGATE_TEST_CLUSTER; write containers or packages" ;;
    esac
  fi
}

engine_answers() { engine_problem="$(engine_error)"; }

# Prints why no engine can be used, and fails, where none can.
engine_error() {
  local said
  command -v docker > /dev/null || { echo "there is no docker command" && return 1; }
  said="$(timeout 20 docker version --format '{{.Server.Version}}' 2>&1)" || { echo "${said##*$'\n'}" && return 1; }
}

# For `up`: what cannot be done is said before anything is.
settle_mode() {
  if [ "${SCHEMAGATE_TEST_CLUSTER:-$mode}" != "$mode" ]; then
    fail "SCHEMAGATE_TEST_CLUSTER is $SCHEMAGATE_TEST_CLUSTER, but a cluster is up by $mode: run $cluster_scripts/down first"
  fi
  if [ "$mode" = containers ] && ! engine_answers; then
    fail "the cluster is to run in containers, but no container engine answers: $engine_problem"
  fi
  say "cluster: $(describe_mode)"
}

describe_mode() {
  if ! own_cluster; then
    echo "the one that KUBECONFIG names; the rest by $mode"
  elif [ "$mode" = containers ]; then
    echo "$k3s_image in containers, by Testcontainers"
  else
    echo "Kubernetes 1.20 of Debian's packages${engine_problem:+; no container engine answers: $engine_problem}"
  fi
}
