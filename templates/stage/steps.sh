#!/bin/sh
# Does the steps of one stage of a build, one after the other: steps.sh STEP... A step is `copy SOURCE TARGET`, a folder of the build context beside this script and where its files belong, or
# `run N WORD...`, a command of N words.
set -eu
here=$(dirname "$0")
context=$here/context
# An apt-get that has its lists.
if [ -d "$here/bin" ]; then export PATH="$here/bin:$PATH"; fi

# The first of some words, as a command.
run_first() {
  count=$1
  shift
  others=$(($# - count))
  while [ "$count" -gt 0 ]; do
    set -- "$@" "$1"
    shift
    count=$((count - 1))
  done
  shift "$others"
  exec "$@"
}

step=0
while [ $# -gt 0 ]; do
  step=$((step + 1))
  case $1 in
    copy)
      # As COPY does it, a folder that is there keeps its owner and mode.
      mkdir -p -- "$3"
      tar --create --file=- --directory="$context/$2" . | tar --extract --file=- --directory="$3" --preserve-permissions --no-overwrite-dir
      shift 3
      ;;
    run)
      count=$2
      shift 2
      (run_first "$count" "$@") || {
        code=$?
        echo "nstack: step $step failed"
        exit "$code"
      }
      shift "$count"
      # Nothing that a step has started goes on into the next.
      kill -9 -1 2>/dev/null || true
      ;;
    *)
      echo "nstack: no step: $1"
      exit 1
      ;;
  esac
done
