# A bridge for pods, whose gateway address is also where pods find the host's registry and PostgreSQL.
# shellcheck shell=bash

rule_mark=schemagate-cluster

# What Kubernetes and this file change of the kernel's settings; put back by `down`.
kernel_settings=(net.ipv4.ip_forward net.ipv4.conf.all.route_localnet net.bridge.bridge-nf-call-iptables
  net.bridge.bridge-nf-call-ip6tables vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops
  kernel.keys.root_maxkeys kernel.keys.root_maxbytes)

network_up() {
  install_missing ip=iproute2 iptables=iptables
  modprobe -a br_netfilter overlay 2> /dev/null || true # built in, or absent where modprobe is
  save_kernel_settings
  if ! ip link show "$bridge" > /dev/null 2>&1; then
    # A fixed hardware address: a bridge otherwise changes its own as pods come and go.
    ip link add "$bridge" address 02:53:47:00:00:01 type bridge
  fi
  ip address replace "$gateway/${pod_subnet#*/}" dev "$bridge"
  ip link set "$bridge" up
  sysctl -qw net.ipv4.ip_forward=1 "net.ipv4.conf.$bridge.route_localnet=1"
  rule filter INPUT -i "$bridge" -j ACCEPT
  rule filter FORWARD -i "$bridge" -j ACCEPT
  rule filter FORWARD -o "$bridge" -j ACCEPT
  rule nat POSTROUTING -s "$pod_subnet" ! -d "$pod_subnet" -j MASQUERADE
  # The registry has no accounts, and can listen on one address only: it listens on loopback, and is led to from pods.
  rule nat PREROUTING -i "$bridge" -d "$gateway" -p tcp --dport "$registry_port" -j DNAT --to-destination "$registry"
  rule nat OUTPUT -d "$gateway" -p tcp --dport "$registry_port" -j DNAT --to-destination "$registry"
}

# rule TABLE CHAIN RULE...
rule() {
  local table="$1" chain="$2"
  shift 2
  set -- "$chain" "$@" -m comment --comment "$rule_mark"
  iptables --wait --table "$table" --check "$@" 2> /dev/null || iptables --wait --table "$table" --insert "$@"
}

network_down() {
  local link
  if command -v iptables > /dev/null; then
    remove_rules iptables
    remove_rules ip6tables
  fi
  if ip link show "$bridge" > /dev/null 2>&1; then
    for link in $(ip -oneline link show master "$bridge" | awk -F '[:@ ]+' '{ print $2 }'); do
      ip link delete "$link" 2> /dev/null || true # its pod's end may have taken it meanwhile
    done
    ip link delete "$bridge"
  fi
  restore_kernel_settings
}

# Takes away our rules and those of kube-proxy and the kubelet, and leaves everyone else's with their counters.
remove_rules() {
  local saved
  saved="$("$1-save" -c 2> /dev/null)" || return 0
  if grep -qE "KUBE-|$rule_mark" <<< "$saved"; then
    grep -vE "KUBE-|$rule_mark" <<< "$saved" | "$1-restore" --wait --counters
  fi
}

save_kernel_settings() {
  local name value
  [ ! -e "$state/kernel-settings" ] || return 0
  for name in "${kernel_settings[@]}"; do
    value="$(sysctl -n "$name" 2> /dev/null)" || continue
    printf '%s=%s\n' "$name" "$value"
  done > "$state/kernel-settings.part"
  mv "$state/kernel-settings.part" "$state/kernel-settings"
}

restore_kernel_settings() {
  if [ -e "$state/kernel-settings" ]; then sysctl -q -p "$state/kernel-settings" > /dev/null 2>&1 || true; fi
}
