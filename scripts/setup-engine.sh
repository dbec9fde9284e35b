# The container engine, for setup.sh: used where one answers, otherwise Docker Engine from Debian, started here.
# shellcheck shell=sh

engine_log=/var/log/nstack-dockerd.log
# What the shell of the daemon writes after its end.
engine_end='dockerd ended with exit code'

want_engine() {
  # The question is nstack's own, so the npm packages come first.
  bring_npm
  if engine_answers; then return; fi
  command -v dockerd >/dev/null || want_package docker.io 'Docker Engine'
  # A kernel with AppArmor refuses every container until someone can load the engine's profile.
  if grep -qs Y /sys/module/apparmor/parameters/enabled; then
    command -v apparmor_parser >/dev/null || want_package apparmor 'Docker Engine'
  fi
  cgroups_are_mounted || command -v cgroupfs-mount >/dev/null || want_package cgroupfs-mount 'Docker Engine'
}

bring_engine() {
  if engine_answers; then return; fi
  start_engine
  tries=0
  until engine_answers; do
    tries=$((tries + 1))
    if [ "$tries" -ge 100 ] || engine_ended; then
      tail -n 20 "$engine_log" >&2 || true
      give_up "Docker Engine does not answer: the last lines of $engine_log are above."
    fi
    sleep 0.3
  done
}

# Another one may run all the same: the package's own script may have started it.
engine_ended() {
  grep -qs "$engine_end" "$engine_log" && ! pidof dockerd >/dev/null 2>&1
}

# DOCKER_HOST's engine is not ours to start, and one that refuses this user is not ours to open: both end here.
engine_answers() {
  status=0
  reason=$(node scripts/engine-answers.ts 2>&1 9>&-) || status=$?
  case $status in
    0) return 0 ;;
    75) [ -z "${DOCKER_HOST:-}" ] || give_up "$reason" ;;
    *) give_up "$reason" ;;
  esac
  return 1
}

start_engine() {
  may_install || give_up 'Docker Engine does not run, and this user may not start it. Type' \
    '  sudo systemctl start docker' 'and run it again.'
  if [ -d /run/systemd/system ]; then
    say 'Docker Engine: starting it'
    as_root systemctl start docker 9>&- || give_up 'systemd could not start Docker Engine: see above.'
    return
  fi
  say "Docker Engine: starting dockerd in the background, its log is $engine_log"
  cgroups_are_mounted || as_root cgroupfs-mount
  forget_stale_pid /run/docker.pid dockerd
  forget_stale_pid /run/docker/containerd/containerd.pid containerd
  # In a session of its own, so that Ctrl-C here does not end it.
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_root setsid sh -c '(dockerd >"$1" 2>&1; echo "$2 $?" >>"$1") </dev/null >/dev/null 2>&1 9>&- &' \
    sh "$engine_log" "$engine_end" 9>&-
}

# forget_stale_pid FILE PROGRAM: where /run outlives a reboot, the number may be another program's by now, and the daemon would wait for its end.
forget_stale_pid() {
  pid=$(as_root cat "$1" 2>/dev/null) || return 0
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || as_root rm -f "$1"
}

cgroups_are_mounted() {
  grep -qs '^[^ ]* /sys/fs/cgroup[^ ]* cgroup' /proc/mounts
}
