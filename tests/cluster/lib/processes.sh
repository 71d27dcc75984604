# Starts, finds and ends the components' processes. A process is known by its id, its start time and the boot: a
# record that outlived its process never points to the process that got the id later.
# shellcheck shell=bash

# Prints "pid start-time boot" of a living process, or fails.
process_identity() {
  local pid="$1" stat fields boot
  { read -r stat < "/proc/$pid/stat"; } 2> /dev/null || return 1
  read -r -a fields <<< "${stat##*) }" # the name before it may hold spaces and brackets
  [ "${fields[0]}" != Z ] || return 1
  read -r boot < /proc/sys/kernel/random/boot_id
  printf '%s %s %s\n' "$pid" "${fields[19]}" "$boot"
}

# Prints the id of a component's process when it runs.
running() {
  local record pid
  record="$(cat "$state/pids/$1" 2> /dev/null)" || return 1
  pid="${record%% *}"
  [ -n "$pid" ] && [ "$(process_identity "$pid")" = "$record" ] || return 1
  printf '%s\n' "$pid"
}

# start_process NAME COMMAND...: the process records itself before it becomes the component, so there is no moment in
# which a killed `up` leaves an unrecorded one. Its environment is clean but for a mark that its children inherit.
start_process() {
  local name="$1"
  shift
  mkdir -p "$state/pids" "$state/logs"
  rm -f "$state/pids/$name"
  (
    exec 9>&- < /dev/null >> "$state/logs/$name.log" 2>&1
    cd "$state" || exit
    process_identity "$BASHPID" > "$state/pids/$name.part"
    mv "$state/pids/$name.part" "$state/pids/$name"
    # Bash starts background commands with interrupts ignored, which pods would inherit.
    exec setsid env -i --default-signal=INT,QUIT PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      HOME=/root LANG=C.UTF-8 SCHEMAGATE_CLUSTER_PROCESS="$state" "$@"
  ) &
  disown
  wait_until 10 test -e "$state/pids/$name"
}

# end_process NAME SIGNAL SECONDS: waits until it is gone, and kills it after that time.
end_process() {
  local name="$1" signal="$2" seconds="$3" pid
  if pid="$(running "$name")"; then
    kill -s "$signal" "$pid" 2> /dev/null || true
    if ! wait_until "$seconds" not running "$name"; then
      kill -s KILL "$pid" 2> /dev/null || true
      wait_until 10 not running "$name" || fail "$name (process $pid) does not end"
    fi
  fi
  rm -f "$state/pids/$name"
}

# Prints the ids of all processes that carry this cluster's mark: components, and containerd's shims.
marked_processes() {
  local file pid
  { grep -lszxF "SCHEMAGATE_CLUSTER_PROCESS=$state" /proc/[0-9]*/environ || true; } | while IFS= read -r file; do
    pid="${file#/proc/}"
    printf '%s\n' "${pid%/environ}"
  done
}

# kill_all COMMAND...: kills the processes whose ids COMMAND prints until it prints none.
kill_all() {
  local attempt pids
  for ((attempt = 0; attempt < 100; attempt++)); do
    pids="$("$@")"
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086  # one word for each id
    kill -s KILL $pids 2> /dev/null || true
    sleep 0.1
  done
  fail "processes that do not end: ${pids//$'\n'/ }"
}

not() { ! "$@" > /dev/null; }

# wait_until SECONDS COMMAND...
wait_until() {
  local deadline=$((SECONDS + $1 + 1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}
