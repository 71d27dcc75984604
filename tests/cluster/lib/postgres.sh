# PostgreSQL on loopback and on the address at which pods reach the host.
# shellcheck shell=bash

postgres_data="$state/postgres"
postgres_password="$state/postgres.password"

# The newest server installed, but for an existing data directory the one that made it.
postgres_bin() {
  local version
  if version="$(cat "$postgres_data/PG_VERSION" 2> /dev/null)" &&
    [ -x "/usr/lib/postgresql/$version/bin/postgres" ]; then
    printf '/usr/lib/postgresql/%s/bin\n' "$version"
  else
    dirname "$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort --version-sort | tail -n 1)"
  fi
}

as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)

postgres_start() {
  [ -d "$postgres_data" ] || postgres_initialize
  postgres_sweep
  # Nothing here has to survive the machine: what is given up is durability, never correctness.
  start_process postgres "${as_postgres[@]}" "$(postgres_bin)/postgres" -D "$postgres_data" -p "$postgres_port" \
    -c listen_addresses="127.0.0.1,$host_address" -c unix_socket_directories= -c max_connections=200 \
    -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c dynamic_shared_memory_type=mmap \
    -c shared_preload_libraries=pg_stat_statements
}

postgres_healthy() { "$(postgres_bin)/pg_isready" -q -t 5 -h 127.0.0.1 -p "$postgres_port"; }

postgres_initialize() {
  say "making a PostgreSQL data directory"
  install -o postgres -m 600 /dev/null "$postgres_password"
  head -c 18 /dev/urandom | base64 | tr '+/' 'ab' > "$postgres_password"
  rm -rf "$postgres_data.part"
  install -d -o postgres -g postgres -m 700 "$postgres_data.part"
  if ! (cd / && "${as_postgres[@]}" "$(postgres_bin)/initdb" -D "$postgres_data.part" --username=postgres --no-sync \
    --auth=scram-sha-256 --pwfile="$postgres_password" --encoding=UTF8 --locale=C.UTF-8) \
    > "$state/initdb.log" 2>&1; then
    cat "$state/initdb.log" >&2
    fail "initdb failed"
  fi
  echo "host all all all scram-sha-256" >> "$postgres_data.part/pg_hba.conf"
  mv "$postgres_data.part" "$postgres_data"
}

# After a killed server: ends its orphans and takes away its lock file, whose process id may now be someone else's, and
# its shared memory.
postgres_sweep() {
  local key lock="$postgres_data/postmaster.pid"
  kill_all postgres_orphans
  if [ -e "$lock" ]; then
    key="$(sed -n '7 { s/^ *\([0-9]*\) .*/\1/p }' "$lock")"
    if [ -n "$key" ]; then ipcrm -M "$key" 2> /dev/null || true; fi
    rm -f "$lock"
  fi
}

postgres_orphans() {
  local directory
  for directory in /proc/[0-9]*; do
    if [ "$directory/cwd" -ef "$postgres_data" ] && [[ "$(readlink "$directory/exe")" == */bin/postgres ]]; then
      printf '%s\n' "${directory#/proc/}"
    fi
  done
}
