#!/bin/sh
# build.sh OUT: compiles the shim and the compile step into OUT/nstack.jar and OUT/nstack-build.jar, with javac and jar alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
mkdir -p "$out"
find "$here/src/main/java" -name '*.java' | sort >"$classes/sources"
# Texts are put together without method handles, whose machinery would cost each start of a service 20 ms.
javac -XDstringConcat=inline -nowarn -XDignore.symbol.file -parameters -g -encoding UTF-8 -d "$classes/all" "@$classes/sources"
mkdir -p "$classes/build/io/nstack"
mv "$classes/all/io/nstack/build" "$classes/build/io/nstack/build"
# The same sources make the same jars.
jar --create --file "$out/nstack.jar" --date 1980-01-01T00:00:02Z -C "$classes/all" .
jar --create --file "$out/nstack-build.jar" --date 1980-01-01T00:00:02Z -C "$classes/build" .
