# docker-registry on loopback, without TLS and without accounts.
# shellcheck shell=bash

registry_data="$state/registry"

registry_start() {
  mkdir -p "$registry_data"
  cat > "$state/registry.yml" << END
version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: $registry_data }
  delete: { enabled: true }
  maintenance: { uploadpurging: { enabled: false } }
http: { addr: "$registry", secret: schemagate }
END
  start_process registry docker-registry serve "$state/registry.yml"
}

registry_healthy() { answers "http://$registry/v2/"; }
