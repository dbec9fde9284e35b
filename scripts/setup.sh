#!/bin/sh
# Installs what a checkout of nstack needs and is missing, and says each step in one line. Quick and silent when nothing is missing.
#
#   scripts/setup.sh [npm] [engine] [bootstrap] [registry] [python] [dist]      all of them by default
#
# npm: npm packages. engine: a container engine that answers. bootstrap: mmdebstrap, which makes the base image where no registry can be
# reached. registry: docker-registry for the tests, its program alone. python: a virtual environment for the shim's tests. dist: the bundles.
# Exit codes: 0 all is there; 75 something could not be installed or started: what to type was printed.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH:/usr/sbin:/sbin"
export PATH
. scripts/setup-packages.sh
. scripts/setup-engine.sh

main() {
  [ $# -gt 0 ] || set -- npm engine bootstrap registry python dist
  mkdir -p .cache
  one_at_a_time
  for part in "$@"; do
    case $part in npm | engine | bootstrap | registry | python | dist) ;; *)
      echo "setup: $part is no part of it" >&2
      exit 1
      ;;
    esac
  done
  # What comes from Debian is asked for together, because an update of its lists takes longer than an installation.
  for part in "$@"; do want_"$part"; done
  install_wanted
  for part in "$@"; do bring_"$part"; done
}

say() {
  echo "setup: $*"
}

# Ends with exit code 75; each argument is a line.
give_up() {
  printf 'setup: %s\n' "$@" >&2
  exit 75
}

# Two runs at once would install into each other's feet. The lock goes with the process; children that outlive it must not inherit it.
one_at_a_time() {
  command -v flock >/dev/null || return 0
  exec 9>.cache/setup.lock
  flock 9
}

want_npm() { :; }
bring_npm() {
  if [ -e node_modules/.package-lock.json ] &&
    [ -z "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
    return
  fi
  command -v npm >/dev/null || give_up 'npm is missing: install Node 22.13 or later from https://nodejs.org, with npm.'
  say 'npm packages: installing those of package-lock.json'
  # Not npm ci: a registry may lack the binaries of other platforms, then the lock file does too, and npm ci refuses it.
  npm install --no-save --include=dev --no-audit --no-fund --loglevel=error </dev/null >/dev/null 9>&- ||
    give_up 'npm could not install the packages: see above.'
}

want_bootstrap() {
  if ! command -v mmdebstrap >/dev/null; then
    if may_install; then
      want_package mmdebstrap 'base image'
    else
      say 'base image: mmdebstrap is missing; without it the image must be pulled from a registry'
    fi
  fi
  # Without root it maps users, which needs newuidmap.
  if [ "$(id -u)" != 0 ] && ! command -v newuidmap >/dev/null && may_install; then
    want_package uidmap 'base image'
  fi
}
bring_bootstrap() { :; }

want_registry() { :; }
bring_registry() {
  if command -v docker-registry >/dev/null || [ -x .cache/docker-registry/usr/bin/docker-registry ]; then return; fi
  # Unpacked and not installed: the package would start a registry on this machine.
  say 'docker-registry: unpacking its program from Debian, for the tests'
  mkdir -p .cache/docker-registry
  unpack_package docker-registry .cache/docker-registry
}

want_python() {
  has_environment || python_with_venv >/dev/null || want_package python3-venv 'Python environment'
}
bring_python() {
  stamp=.cache/python/nstack-setup
  if [ -e "$stamp" ] && [ -z "$(find templates/python/pyproject.toml -newer "$stamp")" ]; then return; fi
  say 'Python environment: installing msgspec, pytest and mypy into .cache/python'
  if ! has_environment; then
    python=$(python_with_venv) || give_up 'Python 3.11 or later with its venv module is missing.'
    "$python" -m venv --clear .cache/python 9>&- || give_up "$python could not make a virtual environment in .cache/python."
  fi
  python_requirements >.cache/python/requirements.txt
  .cache/python/bin/python -m pip install --quiet --disable-pip-version-check --requirement .cache/python/requirements.txt \
    </dev/null 9>&- || give_up 'pip could not install the packages: see above.'
  : >"$stamp"
}

# One that was half made, or whose Python has been upgraded away, counts as none.
has_environment() {
  .cache/python/bin/python -c 'import pip' 2>/dev/null
}

# The first Python that is new enough and can make a virtual environment; Debian keeps that part in a package of its own.
python_with_venv() {
  for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  return 1
}

# What the shim itself declares, so that there is one list.
python_requirements() {
  .cache/python/bin/python - <<'PYTHON'
import tomllib

with open("templates/python/pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
print("\n".join(project["dependencies"] + project["optional-dependencies"]["test"]))
PYTHON
}

want_dist() { :; }
bring_dist() {
  if [ -e dist/nstack.mjs ] &&
    [ -z "$(find src package.json package-lock.json scripts/build.mjs -newer dist/nstack.mjs | head -n 1)" ]; then
    return
  fi
  say 'dist: bundling the programs'
  node scripts/build.mjs </dev/null 9>&-
}

main "$@"
