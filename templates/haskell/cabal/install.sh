#!/bin/sh
# Builds libraries of Hackage for the compiler: install.sh CONSTRAINT..., each such as `split >=0.2 && <0.3`. Runs in the build stage
# `hackage` of ../Dockerfile.toolchain, beside certificates.pem (the host's own certificate authorities, perhaps empty), and leaves
# them in /nstack/haskell/store. Of a lock that fits, `locked` has the libraries that have to come of it, NAME VERSION SHA256 a line; of an older one,
# `preferred` has those that stay as long as they go with what is asked.
set -eu

bundle=/tmp/certificates.pem
cat /etc/ssl/certs/ca-certificates.crt "$(dirname "$0")/certificates.pem" >"$bundle"
export SSL_CERT_FILE="$bundle" CURL_CA_BUNDLE="$bundle" LANG=C.UTF-8

names=$(printf '%s\n' "$@" | sed 's/[^A-Za-z0-9-].*//' | sort -u)
# shellcheck disable=SC2086 # several words
echo "nstack: asks Hackage for" $names
cabal update

# A program has one version of a library: those that nstack and Debian's libraries are compiled with stay as they are.
constraints=/tmp/constraints
ghc-pkg list --global --simple-output | tr ' ' '\n' | sed 's/-[0-9.]*$/ installed/' >"$constraints"
printf '%s\n' "$@" >>"$constraints"
here=$(dirname "$0")
if [ -f "$here/locked" ]; then sed 's/^\([^ ]*\) \([^ ]*\) .*/\1 ==\2/' "$here/locked" >>"$constraints"; fi

set --
while IFS= read -r constraint; do
  set -- "$@" --constraint "$constraint"
done <"$constraints"
if [ -f "$here/preferred" ]; then
  while read -r name version _; do set -- "$@" --preference "$name ==$version"; done <"$here/preferred"
fi

# Names of packages hold letters, digits and hyphens alone.
# shellcheck disable=SC2086 # several words
cabal --store-dir=/nstack/haskell/store v2-install --lib --package-env /tmp/environment \
  --enable-shared --disable-documentation --disable-tests --minimize-conflict-set "$@" $names

# Each library of the store says of which source it was made, by the digest of its archive.
for library in /nstack/haskell/store/*/*/cabal-hash.txt; do
  sed -n 's/^pkgid: \(.*\)-\([0-9.]*\)$/\1 \2/p; s/^src: *//p' "$library" | tr '\n' ' ' | sed 's/ $//'
  echo
done | LC_ALL=C sort -u >/tmp/libraries

sh "$here/tell-installed.sh" hackage /tmp/libraries /.nstack/packages
