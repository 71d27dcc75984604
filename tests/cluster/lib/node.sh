# The node: containerd, kube-proxy and the kubelet.
# shellcheck shell=bash

node_requirements=(etcd=etcd-server containerd=containerd runc=runc /usr/lib/cni/bridge=containernetworking-plugins
  conntrack=conntrack kubectl=kubernetes-client openssl=openssl)

pause_image=schemagate.test/pause:1

# Paths that containerd, its network plugins and kubelet 1.20 have built in. Where such a directory does not exist it is
# made a link into the state directory, which `down` removes.
fixed_directories=(/run/containerd /var/lib/cni /var/lib/kubelet /var/log/pods /var/log/containers)

node_directories_up() {
  local directory
  mkdir -p "$state/run" "$state/cni"
  for directory in "${fixed_directories[@]}"; do
    mkdir -p "$state/fixed$directory"
    if [ ! -e "$directory" ]; then ln -sfn "$state/fixed$directory" "$directory"; fi
  done
  for directory in $(cgroup_roots); do mkdir -p "$directory/$cgroup"; done
}

# One where control groups are unified, else one for each controller.
cgroup_roots() {
  if [ -e /sys/fs/cgroup/cgroup.procs ]; then
    echo /sys/fs/cgroup
  else
    dirname /sys/fs/cgroup/*/cgroup.procs
  fi
}

containerd_start() {
  node_directories_up
  cat > "$state/cni/schemagate.conflist" << END
{ "cniVersion": "0.4.0", "name": "schemagate", "plugins": [
  { "type": "bridge", "bridge": "$bridge", "isDefaultGateway": true, "hairpinMode": true,
    "ipam": { "type": "host-local", "dataDir": "$state/cni-addresses",
              "ranges": [[{ "subnet": "$pod_subnet", "gateway": "$gateway" }]] } } ] }
END
  # restrict_oom_score_adj: without CAP_SYS_RESOURCE no sandbox starts otherwise.
  cat > "$state/containerd.toml" << END
version = 2
root = "$state/containerd"
state = "$state/run/containerd"
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$state/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "$state/run/runc"
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."$registry"]
    endpoint = ["http://$registry"]
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."$gateway:$registry_port"]
    endpoint = ["http://$registry"]
END
  if [ "${SCHEMAGATE_TEST_REGISTRY:-$registry}" != "$registry" ]; then
    cat >> "$state/containerd.toml" << END
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."$SCHEMAGATE_TEST_REGISTRY"]
    endpoint = ["http://$SCHEMAGATE_TEST_REGISTRY", "https://$SCHEMAGATE_TEST_REGISTRY"]
END
  fi
  start_process containerd containerd --config "$state/containerd.toml"
}

containerd_healthy() { containers version; }

containers() { ctr --connect-timeout 2s --address "$containerd_socket" --namespace k8s.io "$@"; }

# Every pod has a process that holds its network. Its image is handed to containerd: pods start without a registry.
pause_image_up() {
  [ -z "$(containers images list --quiet name=="$pause_image")" ] || return 0
  say "making the pause image"
  rm -rf "$state/pause"
  busybox_tree "$state/pause/tree"
  make_image "$state/pause/layout" "$pause_image" "$(command_json "$idle")" "$state/pause/tree"
  tar --create --file="$state/pause/image.tar" --directory="$state/pause/layout" .
  containers images import --base-name schemagate.test/pause "$state/pause/image.tar" > /dev/null
  rm -rf "$state/pause"
}

proxy_start() {
  # The kernel's connection tracking is left as it is; without all privileges it cannot be changed.
  start_process proxy "$kubernetes/kube-proxy" \
    --kubeconfig="$state/proxy.kubeconfig" --hostname-override="$node" --bind-address="$gateway" \
    --proxy-mode=iptables --cluster-cidr="$pod_subnet" \
    --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0 \
    --healthz-bind-address="127.0.0.1:$proxy_health_port" --metrics-bind-address="127.0.0.1:$proxy_metrics_port"
}

proxy_healthy() { answers "http://127.0.0.1:$proxy_health_port/healthz"; }

kubelet_start() {
  node_directories_up
  cat > "$state/kubelet.yml" << END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $gateway
port: $kubelet_port
readOnlyPort: 0
healthzBindAddress: 127.0.0.1
healthzPort: $kubelet_health_port
authentication:
  anonymous: { enabled: false }
  webhook: { enabled: true }
  x509: { clientCAFile: $certificates/ca.crt }
authorization: { mode: Webhook }
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
failSwapOn: false
volumePluginDir: $state/kubelet-plugins
# A developer's nearly full disk is no reason to evict the pods of a test, or to remove their images.
evictionHard: { memory.available: 50Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1% }
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
nodeStatusUpdateFrequency: 2s
nodeStatusReportFrequency: 2s
registryPullQPS: 0
eventRecordQPS: 0
kubeAPIQPS: 100
kubeAPIBurst: 200
END
  start_process kubelet "$kubernetes/kubelet" \
    --config="$state/kubelet.yml" --kubeconfig="$state/kubelet.kubeconfig" --root-dir="$state/kubelet" \
    --cert-dir="$state/kubelet-certificates" --hostname-override="$node" --node-ip="$gateway" \
    --container-runtime=remote --container-runtime-endpoint="unix://$containerd_socket" \
    --pod-infra-container-image="$pause_image"
}

kubelet_healthy() { answers "http://127.0.0.1:$kubelet_health_port/healthz"; }

# A new boot has taken the mounts and processes that these directories speak of.
node_forget_last_boot() {
  local boot
  read -r boot < /proc/sys/kernel/random/boot_id
  if [ -e "$state/boot" ] && [ "$(cat "$state/boot")" != "$boot" ]; then
    rm -rf "$state/run" "$state/cni-addresses" "$state/fixed/run"
  fi
  echo "$boot" > "$state/boot"
}

# Ends every pod without asking, and removes what containerd and the kubelet leave behind.
node_down() {
  local path
  end_process kubelet TERM 5
  kill_all pod_processes
  end_process containerd TERM 10
  kill_all marked_shims
  kill_all pod_processes
  unmount_all
  remove_cgroups
  for path in "${fixed_directories[@]}"; do
    if [ -L "$path" ] && [[ "$(readlink "$path")" == "$state/"* ]]; then rm -f "$path"; fi
  done
}

remove_cgroups() {
  local root path
  for root in $(cgroup_roots); do
    [ -d "$root/$cgroup" ] || continue
    find "$root/$cgroup" -depth -type d | while IFS= read -r path; do
      wait_until 5 rmdir "$path" || fail "cannot remove $path"
    done
  done
}

pod_processes() {
  find /sys/fs/cgroup -path "*/$cgroup/*" -name cgroup.procs -exec cat {} + 2> /dev/null | sort -u || true
}

marked_shims() {
  local pid
  for pid in $(marked_processes); do
    if [[ "$(readlink "/proc/$pid/exe")" == *containerd-shim* ]]; then printf '%s\n' "$pid"; fi
  done
}

# The last mounted first; a mount that something still holds is detached.
unmount_all() {
  local path
  awk '{ print $2 }' /proc/self/mounts | tac | while IFS= read -r path; do
    printf -v path '%b' "$path" # spaces are written as \040
    if [[ "$path" == "$state/"* ]]; then umount "$path" 2> /dev/null || umount --lazy "$path" || true; fi
  done
}
