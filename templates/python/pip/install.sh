#!/bin/sh
# Installs Python packages for the image: install.sh REQUIREMENTS_FILE... Runs in the build stage `pip` of ../Dockerfile, beside the
# requirements files, certificates.pem (the host's own certificate authorities, perhaps empty) and nstack-constraints.txt, which holds the versions of an
# older lock. nstack-locked.txt and nstack-sources.txt are of a lock that fits: just these, each file with the hash that it had.
#
# A virtual environment that sees Debian's packages lets pip use those that suit, and put its own beside those that do not. What
# pip has put there ends up in /out/usr/local, where Debian's own Python finds it before /usr/lib/python3/dist-packages.
set -eu
cd "$(dirname "$0")"

bundle=/tmp/certificates.pem
cat /etc/ssl/certs/ca-certificates.crt certificates.pem >"$bundle"
export PIP_CERT="$bundle" SSL_CERT_FILE="$bundle" REQUESTS_CA_BUNDLE="$bundle"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PIP_PROGRESS_BAR=off PIP_ROOT_USER_ACTION=ignore
mkdir /tmp/reports

# Wheels where there are any. stdout and stderr go through one pipe, so the status comes by a file.
install() {
  report=/tmp/reports/$1.json
  shift
  { /venv/bin/python -m pip install --prefer-binary --report "$report" "$@" 2>&1 && echo 0 >/tmp/status || echo 1 >/tmp/status; } | tee /tmp/pip.log
  return "$(cat /tmp/status)"
}

# A package without a wheel for this Python may need a compiler; anything else failed for good.
install_or_compile() {
  if install "$@"; then return; fi
  grep -Eq 'subprocess-exited-with-error|[Ff]ailed to build|failed-wheel-build' /tmp/pip.log || return 1
  echo 'nstack: a package has no wheel for this Python; compiling it'
  apt-get update -q -o Acquire::Languages=none
  apt-get install -y -q --no-install-recommends build-essential python3-dev pkg-config
  install "$@"
}

# Versions of an older lock stay as long as they go with what is asked: those that pip finds in the way are dropped, and at last all.
resolve() {
  until install_or_compile resolved --constraint nstack-constraints.txt "$@"; do
    [ -s nstack-constraints.txt ] || exit 1
    grep -Eq 'ResolutionImpossible|No matching distribution' /tmp/pip.log || exit 1
    if grep -q 'Could not fetch URL' /tmp/pip.log; then exit 1; fi
    sed -n 's/.*(constraint) \([A-Za-z0-9._-]*\)==.*/^\1==/p' /tmp/pip.log >/tmp/unfit
    [ -s /tmp/unfit ] || echo . >/tmp/unfit
    grep -vif /tmp/unfit nstack-constraints.txt >/tmp/left || true
    cp /tmp/left nstack-constraints.txt
  done
}

case $1 in
  nstack-locked.txt | nstack-sources.txt)
    for file in "$@"; do
      hashes=
      if [ "$file" = nstack-locked.txt ]; then hashes=--require-hashes; fi
      install_or_compile "$file" --no-deps $hashes --requirement "$file"
    done
    ;;
  *)
    for file in "$@"; do
      set -- "$@" --requirement "$file"
      shift
    done
    resolve "$@"
    ;;
esac

# /venv/lib/python3.13
library=$(echo /venv/lib/python*)
mkdir -p "/out/usr/local/lib/${library##*/}" /out/usr/local/bin /out/.nstack/packages
python3 -S installed.py /tmp/reports/*.json >/out/.nstack/packages/pip.json
mv "$library/site-packages" "/out/usr/local/lib/${library##*/}/dist-packages"

rm -f /venv/bin/python* /venv/bin/activate* /venv/bin/Activate*
for script in /venv/bin/*; do
  [ -f "$script" ] || continue
  sed -i '1s|^#!/venv/bin/python[0-9.]*|#!/usr/bin/python3|' "$script"
  mv "$script" /out/usr/local/bin/
done
for folder in share etc; do
  if [ -d "/venv/$folder" ]; then mv "/venv/$folder" /out/usr/local/; fi
done
