# Installs Debian packages, only when something is missing. Elsewhere, and without root, it says what is missing.
# shellcheck shell=bash

policy=/usr/sbin/policy-rc.d
policy_mark="written by tests/cluster: packages do not start services while it installs them"

# install_missing WHAT=PACKAGE...: WHAT is a command's name, or the path of a file (a pattern is allowed).
install_missing() {
  local pair what missing=()
  for pair in "$@"; do
    what="${pair%%=*}"
    if [[ "$what" == */* ]]; then
      compgen -G "$what" > /dev/null && continue
    else
      command -v "$what" > /dev/null && continue
    fi
    missing+=("${pair#*=}")
  done
  if [ "${#missing[@]}" -gt 0 ]; then install_packages "${missing[@]}"; fi
}

install_packages() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    fail "missing, by the names of Debian's packages: $* (installed where this runs as root on Debian)"
  fi
  say "installing $*"
  local log
  log="$(mktemp)"
  deny_service_starts
  if ! {
    apt_get update && apt_get install --yes --no-install-recommends "$@"
  } > "$log" 2>&1; then
    allow_service_starts
    tail -n 20 "$log" >&2
    fail "apt-get could not install: $*"
  fi
  allow_service_starts
  rm -f "$log"
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@" 9>&-
}

# Debian starts a package's service as it installs it. The machine's own policy, where there is one, is respected.
deny_service_starts() {
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\n# %s\nexit 101\n' "$policy_mark" > "$policy"
  chmod +x "$policy"
}

# Also takes away the file that an interrupted run left.
allow_service_starts() {
  if grep -qs "$policy_mark" "$policy"; then rm -f "$policy"; fi
}
