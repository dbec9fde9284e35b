#!/bin/sh
# Builds the services of this folder, in Python, Java and Haskell, and runs them over reviews of hotels in English and in German.
set -eu
cd "$(dirname "$0")"
root=$PWD/../..
PATH="$root/node_modules/.bin:$PATH"

for service in prepare sentiment topics; do node "$root/bin/nstack.cjs" build $service; done
for workflow in english german; do node "$root/bin/nstack.cjs" run $workflow.nstack; done
