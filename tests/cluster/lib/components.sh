# The components by name. Each has, with dashes as underscores: NAME_start, NAME_healthy, and in `ports` what it
# listens on.
# shellcheck shell=bash

components=(postgres registry etcd containerd apiserver controller-manager scheduler proxy kubelet)

declare -A ports=(
  [postgres]="$postgres_port"
  [registry]="$registry_port"
  [etcd]="$etcd_port $etcd_peer_port"
  [containerd]=""
  [apiserver]="$apiserver_port"
  [controller-manager]="$controller_manager_port"
  [scheduler]="$scheduler_port"
  [proxy]="$proxy_health_port $proxy_metrics_port"
  [kubelet]="$kubelet_port $kubelet_health_port"
)

healthy() { running "$1" > /dev/null && "${1//-/_}_healthy" > /dev/null 2>&1; }

# Starts what does not run. What runs but does not answer may still be coming up from an `up` that was killed, so it
# gets some time before it is started afresh.
start() {
  local name="$1"
  if healthy "$name"; then return; fi
  if running "$name" > /dev/null; then
    if wait_until 20 healthy "$name"; then return; fi
    say "$name runs but does not answer: starting it afresh"
    stop "$name"
  fi
  refuse_taken_ports "$name"
  say "starting $name"
  "${name//-/_}_start"
}

# await SECONDS NAME...
await() {
  local seconds="$1" name
  shift
  for name in "$@"; do
    if ! wait_until "$seconds" healthy_or_gone "$name" || ! healthy "$name"; then
      tail -n 25 "$state/logs/$name.log" >&2
      fail "$name did not come up; its log is $state/logs/$name.log"
    fi
  done
}

healthy_or_gone() { healthy "$1" || not running "$1"; }

stop() {
  case "$1" in
    postgres) end_process postgres INT 10 ;; # fast shutdown: does not wait for its clients
    apiserver) end_process apiserver TERM 5 ;; # lingers for a minute while anyone watches
    *) end_process "$1" TERM 10 ;;
  esac
}

refuse_taken_ports() {
  local port holder
  for port in ${ports[$1]}; do
    holder="$(ss --no-header --listening --tcp --numeric --processes "sport = :$port")"
    if [ -n "$holder" ]; then
      say "$holder"
      fail "$1 needs port $port, which another process holds"
    fi
  done
}

answers() { curl --silent --fail --insecure --max-time 5 --noproxy '*' --output /dev/null "$@"; }
