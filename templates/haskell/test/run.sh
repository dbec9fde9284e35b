#!/bin/sh
# The shim's own tests, where GHC and Debian's libghc-{aeson,vector,unordered-containers,hspec,quickcheck2}-dev are: run.sh [PACKAGE...]
# runs those of packages that use the shim as well.
set -eu
export LANG=C.UTF-8

source=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/nstack"
cp -R "$source/nstack.cabal" "$source/src" "$source/cbits" "$source/test" "$work/nstack"
printf 'import Distribution.Simple\nmain = defaultMain\n' >"$work/Setup.hs"
ghc -v0 -O0 -outputdir "$work/setup" "$work/Setup.hs" -o "$work/setup.run"

# Tests a package in its folder below $work.
run() {
  cd "$1"
  "$work/setup.run" configure -v1 -O0 --enable-shared --enable-tests --package-db="$work/nstack/dist/package.conf.inplace"
  "$work/setup.run" build -v1 --ghc-options='-j +RTS -A64m -RTS'
  "$work/setup.run" test --show-details=direct
}

mkdir -p "$work/nstack/dist/package.conf.inplace"
run "$work/nstack"
number=0
for package in "$@"; do
  number=$((number + 1))
  cp -R "$package" "$work/package$number"
  run "$work/package$number"
done
