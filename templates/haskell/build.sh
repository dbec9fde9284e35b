#!/bin/sh
# Builds the package nstack and registers it with the compiler, statically for programs and dynamically for Template Haskell:
# build.sh [OUT], by default /nstack/haskell, where `compile` goes as well. Needs GHC and Debian's libraries alone. Runs in ../Dockerfile.toolchain.
set -eu
export LANG=C.UTF-8

out=${1:-/nstack/haskell}
source=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -R "$source/nstack.cabal" "$source/src" "$source/cbits" "$work"
cd "$work"
printf 'import Distribution.Simple\nmain = defaultMain\n' >Setup.hs
ghc -O0 -outputdir setup Setup.hs -o setup.run
./setup.run configure --prefix="$out/package" --libdir="$out/package/lib" --libsubdir=nstack --dynlibdir="$out/package/lib/nstack" \
  --global --enable-library-vanilla --enable-shared --disable-library-profiling \
  --enable-split-sections --disable-tests --disable-library-for-ghci
./setup.run build --ghc-options='-j +RTS -A64m -RTS'
./setup.run copy
./setup.run register --global
install -m 0755 "$source/compile" "$out/compile"

# Debian compiles each module of a library as one section, so that a program with any function of it has them all. Those of these three
# that make Template Haskell of a value (Lift) would bring the whole of template-haskell, a tenth of a program, which calls none of them: in
# these copies they fail instead. The symbols of the others stay, and so does what an author's own modules ask of template-haskell.
mkdir -p "$out/lean"
: >"$work/symbols"
for name in bytestring containers text; do
  archive=$(find "$(ghc-pkg field "$name" library-dirs --simple-output)" -name "libHS$name-*[0-9].a")
  nm -u "$archive" | sed -n 's/^ *U \(templatezmhaskell_.*_\(info\|closure\)\)$/\1 nstack_lean_\1/p' | sort -u >"$work/renamed"
  objcopy --redefine-syms="$work/renamed" "$archive" "$out/lean/${archive##*/}"
  cat "$work/renamed" >>"$work/symbols"
done
# What GHC itself has in the place of a value that is never looked at.
sed 's/.* \(.*_\)\(info\|closure\)$/-Wl,--defsym=\1\2=base_GHCziErr_absentErr_\2/' "$work/symbols" | sort -u >"$out/lean/options"
