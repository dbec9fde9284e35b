#!/bin/sh
# The shim's own tests, where GHC and Debian's libghc-{aeson,vector,unordered-containers,hspec,quickcheck2}-dev are.
set -eu
export LANG=C.UTF-8

source=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -R "$source/nstack.cabal" "$source/src" "$source/test" "$work"
cd "$work"
printf 'import Distribution.Simple\nmain = defaultMain\n' >Setup.hs
ghc -v0 -O0 -outputdir setup Setup.hs -o setup.run
./setup.run configure -v1 -O0 --enable-shared --enable-tests
./setup.run build -v1
./setup.run test --show-details=direct
