# The control plane: etcd, kube-apiserver, kube-controller-manager, kube-scheduler.
# shellcheck shell=bash

etcd_start() {
  start_process etcd etcd --name=node --data-dir="$state/etcd" --logger=zap --log-level=warn \
    --listen-client-urls="http://127.0.0.1:$etcd_port" --advertise-client-urls="http://127.0.0.1:$etcd_port" \
    --listen-peer-urls="http://127.0.0.1:$etcd_peer_port" \
    --initial-advertise-peer-urls="http://127.0.0.1:$etcd_peer_port" \
    --initial-cluster="node=http://127.0.0.1:$etcd_peer_port"
}

etcd_healthy() { answers "http://127.0.0.1:$etcd_port/health"; }

apiserver_start() {
  start_process apiserver "$kubernetes/kube-apiserver" \
    --etcd-servers="http://127.0.0.1:$etcd_port" \
    --bind-address="$gateway" --advertise-address="$gateway" --secure-port="$apiserver_port" \
    --tls-cert-file="$certificates/apiserver.crt" --tls-private-key-file="$certificates/apiserver.key" \
    --client-ca-file="$certificates/ca.crt" \
    --kubelet-client-certificate="$certificates/apiserver-to-kubelet.crt" \
    --kubelet-client-key="$certificates/apiserver-to-kubelet.key" \
    --kubelet-preferred-address-types=InternalIP \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$certificates/service-accounts.key" \
    --service-account-signing-key-file="$certificates/service-accounts.key" \
    --service-cluster-ip-range="$service_subnet" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --allow-privileged=true
}

apiserver_healthy() { answers "https://$gateway:$apiserver_port/readyz"; }

controller_manager_start() {
  start_process controller-manager "$kubernetes/kube-controller-manager" \
    --kubeconfig="$state/controller-manager.kubeconfig" --leader-elect=false \
    --port=0 --bind-address=127.0.0.1 --secure-port="$controller_manager_port" \
    --cert-dir="$state/run/controller-manager" \
    --service-account-private-key-file="$certificates/service-accounts.key" --root-ca-file="$certificates/ca.crt" \
    --cluster-signing-cert-file="$certificates/ca.crt" --cluster-signing-key-file="$certificates/ca.key" \
    --use-service-account-credentials=true --kube-api-qps=200 --kube-api-burst=400
}

controller_manager_healthy() { answers "https://127.0.0.1:$controller_manager_port/healthz"; }

scheduler_start() {
  start_process scheduler "$kubernetes/kube-scheduler" \
    --kubeconfig="$state/scheduler.kubeconfig" --leader-elect=false \
    --port=0 --bind-address=127.0.0.1 --secure-port="$scheduler_port" --cert-dir="$state/run/scheduler"
}

scheduler_healthy() { answers "https://127.0.0.1:$scheduler_port/healthz"; }

kubernetes_up() {
  local started name
  certificates_up
  for name in controller-manager scheduler proxy kubelet admin; do
    [ -e "$state/$name.kubeconfig" ] || write_kubeconfig "$name" "$state/$name.kubeconfig"
  done
  mkdir -p "$assets"
  ln -sfn "$(command -v etcd)" "$kubernetes/kube-apiserver" "$assets/"
  start etcd
  start containerd
  await 30 etcd
  start apiserver
  await 60 apiserver
  started="$(date --utc +%Y-%m-%dT%H:%M:%SZ)"
  healthy kubelet && started=""
  start controller-manager
  start scheduler
  await 30 containerd
  pause_image_up
  start proxy
  start kubelet
  await 60 controller-manager scheduler proxy kubelet
  wait_until 60 node_ready "$started" || {
    tail -n 25 "$state/logs/kubelet.log" >&2
    fail "the node does not become ready"
  }
  wait_until 30 admin get serviceaccount default || fail "there is no default service account"
}

admin() { kubectl --kubeconfig="$admin_config" --request-timeout=10s "$@"; }

# node_ready SINCE: the Ready condition alone may be a remnant from before the kubelet was started.
node_ready() {
  local ready heartbeat
  read -r ready heartbeat < <(admin get node "$node" \
    -o jsonpath='{range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{end}')
  [ "$ready" = True ] && [[ "$heartbeat" > "$1" ]]
}
