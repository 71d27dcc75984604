# Where everything is: directories, addresses and ports. None of the ports is a product's own default, so that a
# packaged etcd, registry or PostgreSQL on the same machine is not in the way.
# shellcheck shell=bash

state="$(realpath -ms -- "${SCHEMAGATE_CLUSTER_DIR:-/var/tmp/schemagate-cluster}")"
cache="${SCHEMAGATE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/schemagate}"

bridge=schemagate0
gateway=10.83.0.1 # the host, as pods see it
pod_subnet=10.83.0.0/16
service_subnet=10.84.0.0/16
first_service=10.84.0.1

node=node
cgroup=schemagate # everything that runs in a pod is below this cgroup

etcd_port=16379
etcd_peer_port=16380
apiserver_port=16443
controller_manager_port=16257
scheduler_port=16259
proxy_health_port=16256
proxy_metrics_port=16249
kubelet_port=16250
kubelet_health_port=16248
registry_port=16500
postgres_port=16432

registry="127.0.0.1:$registry_port"
admin_config="$state/admin.kubeconfig"
assets="$state/assets" # etcd and kube-apiserver, for tests that run their own
containerd_socket="$state/run/containerd.sock"

# In containers.
k3s_image="${SCHEMAGATE_K3S_IMAGE:-rancher/k3s:v1.36.2-k3s1}"
postgres_image="${SCHEMAGATE_POSTGRES_IMAGE:-postgres:17}"
registry_image="${SCHEMAGATE_REGISTRY_IMAGE:-registry:2.8.3}"
busybox_image="${SCHEMAGATE_BUSYBOX_IMAGE:-busybox:1.37-musl}"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

require_root() {
  [ "$(id -u)" = 0 ] || fail "this needs root: it starts a container runtime and writes network rules"
  # A Unix socket's path is limited to 107 bytes, and the kubelet and containerd append to the directory.
  [ "${#state}" -le 60 ] || fail "SCHEMAGATE_CLUSTER_DIR is longer than 60 bytes: $state"
}

# Serialises up, down and service. The lock is beside the directory because down removes the directory, and the lock
# with it; whoever waited for a lock that has been removed meanwhile starts over with the new one.
take_lock() {
  while true; do
    exec 9> "$state.lock"
    if ! flock --nonblock 9; then
      say "waiting for another up, down or service to finish"
      flock 9
    fi
    if [ "$state.lock" -ef /proc/self/fd/9 ]; then return; fi
  done
}
