# The other way: PostgreSQL, the registry and k3s, each in a container that a program holds by Testcontainers until the
# program is told to end. Loaded last, and only where this way was chosen: what is defined here takes the place of what
# the other files define. Needs neither root nor Debian.
# shellcheck shell=bash
# shellcheck disable=SC2034  # other files read the variables

components=(postgres registry kubernetes)
api_component=kubernetes
declare -A ports=([postgres]="$postgres_port" [registry]="$registry_port" [kubernetes]="$apiserver_port")
declare -A images=([postgres]="$postgres_image" [registry]="$registry_image" [kubernetes]="$k3s_image")

require_root() { :; }

# Where pods, which are in a container, find this machine.
node_host_address() {
  if [ -n "${SCHEMAGATE_TEST_HOST:-}" ] && [ "$SCHEMAGATE_TEST_HOST" != "$gateway" ]; then
    printf '%s\n' "$SCHEMAGATE_TEST_HOST"
  else
    docker network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}' | grep . ||
      fail "the engine's network 'bridge' has no gateway: set SCHEMAGATE_TEST_HOST to this machine's address as containers see it"
  fi
}

# The program, built once for its sources. Not in the checkout's own directories: a build of the solution may run there.
program_up() {
  local hash work root
  root="$(dirname "$(dirname "$cluster_scripts")")"
  command -v dotnet > /dev/null || fail "this needs the .NET 10 SDK"
  hash="$(cd "$root" && find Directory.*.props global.json .editorconfig tests/Directory.Build.props tests/cluster/containers \
    \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort --zero-terminated | xargs --null sha256sum |
    sha256sum | cut -c 1-16)"
  program="$cache/containers-$hash"
  [ ! -x "$program/containers" ] || return 0
  say "building the program that holds the containers"
  mkdir -p "$cache"
  work="$(mktemp -d "$cache/containers.XXXXXX")"
  if ! (cd "$root" && MSBUILDDISABLENODEREUSE=1 dotnet publish tests/cluster/containers --configuration Release --nologo \
    --disable-build-servers --artifacts-path "$work/build" --output "$work/out" > "$work/log" 2>&1 9>&-); then
    cat "$work/log" >&2
    rm -rf "$work"
    fail "the program that holds the containers cannot be built"
  fi
  mv --no-target-directory "$work/out" "$program" 2> /dev/null || [ -x "$program/containers" ] # another run may have been first
  rm -rf "$work"
}

# container NAME: its id, as soon as Testcontainers has seen it ready; it may have been stopped since.
container() { cat "$state/$1.container" 2> /dev/null; }

# Testcontainers speaks version 1.44 of the engine's interface unless it is told another: older engines have theirs.
engine_version() {
  printf '1.44\n%s\n' "$(docker version --format '{{.Server.APIVersion}}')" | sort --version-sort | head --lines 1
}

# start_container NAME ADDRESS...: on these addresses. What the engine's own settings are, the program sees.
start_container() {
  local name="$1" settings
  shift
  rm -f "$state/$name.container"
  mapfile -t settings < <(env | grep -E '^(DOCKER_|TESTCONTAINERS_|DOTNET_ROOT|XDG_|HTTPS?_PROXY|NO_PROXY|PATH=|HOME=)')
  (
    umask 077
    start_process "$name" env DOCKER_API_VERSION="$(engine_version)" "${settings[@]}" TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 \
      IMAGE="${images[$name]}" PORT="${ports[$name]}" ADDRESSES="$*" FOLDER="$state" "$program/containers" "$name"
  )
}

# Also what a killed program has left, where Testcontainers' own sweeper is disabled or not there yet.
remove_containers() {
  local ids
  ids="$(docker ps --all --quiet --filter "label=schemagate.cluster=$state" ${1:+--filter "label=schemagate.part=$1"})"
  # shellcheck disable=SC2086  # one word for each id
  [ -z "$ids" ] || docker rm --force --volumes $ids > /dev/null
}

postgres_start() {
  [ -e "$postgres_password" ] || (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' 'ab' > "$postgres_password")
  start_container postgres 127.0.0.1 "$host_address"
}

postgres_healthy() { docker exec "$(container postgres)" pg_isready --quiet --host 127.0.0.1; }

registry_healthy() { container registry && answers "http://$registry/v2/"; }

registry_start() { start_container registry 127.0.0.1 "$host_address"; }

kubernetes_start() {
  registries > "$state/registries.yaml"
  start_container kubernetes 127.0.0.1
}

# From within a container 127.0.0.1 is the container itself.
registries() {
  local other="${SCHEMAGATE_TEST_REGISTRY:-$registry}"
  cat << END
mirrors:
  "$registry": { endpoint: ["http://$host_address:$registry_port"] }
  "$host_address:$registry_port": { endpoint: ["http://$host_address:$registry_port"] }
END
  [ "$other" = "$registry" ] || echo "  \"$other\": { endpoint: [\"http://$other\", \"https://$other\"] }"
}

kubernetes_healthy() { container kubernetes && admin get --raw /readyz; }

# The images are pulled first, if need be.
containers_up() {
  local name started=()
  program_up
  for name in $postgres_up $registry_up $kubernetes_up; do
    started+=("$name")
    # One that `service` stopped goes on with what it has.
    if running "$name" > /dev/null; then docker start "$(container "$name")" > /dev/null 2>&1 || true; fi
    start "$name"
  done
  await 900 "${started[@]}"
  if wants registry; then app_images_up; fi
  if [ -n "$kubernetes_up" ]; then
    wait_until 180 node_ready || fail "the node does not become ready: docker logs $(container kubernetes)"
    wait_until 60 admin get serviceaccount default || fail "there is no default service account"
  fi
  if [ -n "$postgres_up" ]; then postgres_programs_up; fi
}

node_ready() { [ "$(admin get nodes -o jsonpath='{.items[*].status.conditions[?(@.type=="Ready")].status}')" = True ]; }

# PostgreSQL's programs are in its container, where its address is the same. Files of this machine they do not see.
postgres_bin() { printf '%s\n' "$state/bin"; }

postgres_programs_up() {
  local program
  mkdir -p "$state/bin"
  for program in psql pg_dump pg_restore pg_isready createdb dropdb; do
    printf '#!/bin/sh\nexec docker exec --interactive %s %s "$@"\n' "$(container postgres)" "$program" > "$state/bin/$program.part"
    chmod +x "$state/bin/$program.part"
    mv "$state/bin/$program.part" "$state/bin/$program"
  done
}

# A static one, which runs in an image of nothing else.
busybox_binary() {
  local id
  if [ ! -x "$state/busybox" ]; then
    id="$(docker create "$busybox_image")"
    docker cp "$id:/bin/busybox" "$state/busybox" > /dev/null
    docker rm "$id" > /dev/null
  fi
  printf '%s\n' "$state/busybox"
}

# A killed program's container goes first: the ports are its.
refuse_taken_ports() {
  local port
  remove_containers "$1"
  for port in ${ports[$1]}; do
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then fail "$1 needs port $port, which another process holds"; fi
  done
}

# container_service NAME ACTION: what `service` does here.
container_service() {
  local name="$1" action="$2" id
  case "$name" in
    postgres | registry) ;;
    *) fail "in containers only postgres and registry can be taken away: Kubernetes is one process in k3s, $name with all the others" ;;
  esac
  id="$(container "$name")" || fail "$name has no container: run up first"
  case "$action" in
    stop) docker stop "$id" > /dev/null ;;
    kill) docker kill "$id" > /dev/null ;;
    start)
      docker start "$id" > /dev/null
      await 60 "$name"
      ;;
    *) fail "usage: service $name stop|start|kill" ;;
  esac
}

# The programs take their containers with them.
containers_down() {
  local name
  for name in kubernetes registry postgres; do end_process "$name" TERM 60; done
  remove_containers
}
