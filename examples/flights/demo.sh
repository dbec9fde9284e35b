#!/bin/sh
# Builds the services of this folder, in Python, Java and Haskell, and runs them over three million flights. ROWS=20000 makes it quick.
set -eu
cd "$(dirname "$0")/../.."
PATH="$PWD/node_modules/.bin:$PATH"
nstack="node bin/nstack.cjs"
here=examples/flights

# The data comes with the npm package vega-datasets: real flights within the United States in the first half of 2001.
[ -e $here/flights-3m.parquet ] || ln -s ../../node_modules/vega-datasets/data/flights-3m.parquet $here/flights-3m.parquet

for service in clean score advise; do $nstack build $here/$service; done
exec $nstack run "file/$here/flights-3m.parquet -> Clean -> Score -> Advise -> file/$here/advice.ndjson" ${ROWS:+--rows="$ROWS"}
