# Debian's packages, for setup.sh: what is wanted is gathered first and installed at once.
# shellcheck shell=sh

wanted=''
purposes=''
lists_are_fresh=no

# want_package PACKAGE PURPOSE
want_package() {
  wanted="$wanted $1"
  purposes="${purposes}setup: $2: installing $1 from Debian
"
}

install_wanted() {
  [ -n "$wanted" ] || return 0
  command -v apt-get >/dev/null ||
    give_up 'This system has no apt-get. Install what these packages of Debian hold, then run it again:' " $wanted"
  may_install || give_up 'This user may not install packages. Type' \
    "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends$wanted" 'and run it again.'
  printf %s "$purposes"
  refresh_lists
  # From Debian 13 on the engine's client is a package of its own. nstack needs none, people do.
  case $wanted in *' docker.io'*) if apt-cache show docker-cli >/dev/null 2>&1; then wanted="$wanted docker-cli"; fi ;; esac
  # shellcheck disable=SC2086 # several words
  apt install --yes --no-install-recommends $wanted
}

# unpack_package PACKAGE FOLDER
unpack_package() {
  command -v apt-get >/dev/null || give_up "This system has no apt-get to bring $1; put the program on the PATH."
  if ! (cd "$2" && apt-get -o APT::Sandbox::User=root download "$1" >/dev/null 2>&1); then
    may_install || give_up "The package $1 cannot be found. Type" '  sudo apt-get update' 'and run it again.'
    refresh_lists
    (cd "$2" && apt-get -o APT::Sandbox::User=root -o Acquire::Retries=3 download "$1" >/dev/null) ||
      give_up "The package $1 could not be fetched: see above."
  fi
  dpkg-deb --extract "$2/$1"_*.deb "$2"
}

refresh_lists() {
  [ "$lists_are_fresh" = no ] || return 0
  apt update
  lists_are_fresh=yes
}

# Runs apt-get, waiting for other users of its lock; what it says goes to a file, since it is long and rarely read.
apt() {
  log=.cache/setup-apt.log
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null >"$log" 2>&1 9>&- || {
    tail -n 20 "$log" >&2
    give_up "apt-get $1 failed: its last lines are above, all of them in $log."
  }
}

may_install() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -n "${http_proxy:-}${https_proxy:-}" ]; then
    sudo -n --preserve-env=http_proxy,https_proxy,no_proxy "$@"
  else
    sudo -n "$@"
  fi
}
