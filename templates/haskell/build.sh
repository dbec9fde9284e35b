#!/bin/sh
# Builds the package nstack and registers it with the compiler, statically for programs and dynamically for Template Haskell:
# build.sh [OUT], by default /nstack/haskell, where `compile` goes as well. Needs GHC and Debian's libraries alone. Runs in ../Dockerfile.toolchain.
set -eu
export LANG=C.UTF-8

out=${1:-/nstack/haskell}
source=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -R "$source/nstack.cabal" "$source/src" "$work"
cd "$work"
printf 'import Distribution.Simple\nmain = defaultMain\n' >Setup.hs
ghc -O0 -outputdir setup Setup.hs -o setup.run
./setup.run configure --prefix="$out/package" --libdir="$out/package/lib" --libsubdir=nstack --dynlibdir="$out/package/lib/nstack" \
  --global --enable-library-vanilla --enable-shared --disable-library-profiling \
  --enable-split-sections --disable-tests --disable-library-for-ghci
./setup.run build
./setup.run copy
./setup.run register --global
install -m 0755 "$source/compile" "$out/compile"
