# One authority, and a certificate for each part of Kubernetes: its name and groups are what RBAC knows it by.
# shellcheck shell=bash

certificates="$state/certificates"

certificates_up() {
  [ ! -d "$certificates" ] || return 0
  install_missing openssl=openssl
  (
    umask 077
    rm -rf "$certificates.part"
    mkdir -p "$certificates.part"
    cd "$certificates.part" || exit
    openssl ecparam -name prime256v1 -genkey -noout -out service-accounts.key
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl req -x509 -new -key ca.key -subj "/CN=schemagate-cluster" -days 3650 -out ca.crt
    issue apiserver "/CN=kube-apiserver" \
      "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:$gateway,IP:$first_service"
    issue apiserver-to-kubelet "/O=system:masters/CN=apiserver-to-kubelet"
    issue admin "/O=system:masters/CN=admin"
    issue controller-manager "/CN=system:kube-controller-manager"
    issue scheduler "/CN=system:kube-scheduler"
    issue proxy "/CN=system:kube-proxy"
    issue kubelet "/O=system:nodes/CN=system:node:$node"
  )
  mv "$certificates.part" "$certificates"
}

# issue NAME SUBJECT [SERVER-NAMES]: for a server where names are given, else for a client.
issue() {
  local name="$1" subject="$2" names="${3:-}" extensions="extendedKeyUsage=clientAuth"
  if [ -n "$names" ]; then extensions=$'extendedKeyUsage=serverAuth\nsubjectAltName='"$names"; fi
  openssl ecparam -name prime256v1 -genkey -noout -out "$name.key"
  openssl req -new -key "$name.key" -subj "$subject" |
    openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile <(printf '%s\n' "$extensions") \
      -out "$name.crt" 2> /dev/null
}

# kubeconfig NAME: prints a configuration that carries its certificates, so that the file can be copied anywhere.
kubeconfig() {
  cat << END
apiVersion: v1
kind: Config
current-context: schemagate
contexts: [{ name: schemagate, context: { cluster: schemagate, user: $1 } }]
clusters:
- name: schemagate
  cluster:
    server: https://$gateway:$apiserver_port
    certificate-authority-data: $(base64 -w 0 "$certificates/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w 0 "$certificates/$1.crt")
    client-key-data: $(base64 -w 0 "$certificates/$1.key")
END
}

# write_kubeconfig NAME FILE
write_kubeconfig() {
  (
    umask 077
    kubeconfig "$1" > "$2.part"
  )
  mv "$2.part" "$2"
}
