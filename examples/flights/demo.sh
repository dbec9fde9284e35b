#!/bin/sh
# Builds the services of this folder and runs them over three million flights. ROWS=20000 makes it quick.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
PATH="$root/node_modules/.bin:$PATH"
nstack="node $root/bin/nstack.cjs"

# The data comes with the npm package vega-datasets: real flights within the United States in the first half of 2001.
[ -e flights-3m.parquet ] || ln -s "$root/node_modules/vega-datasets/data/flights-3m.parquet" flights-3m.parquet

$nstack build clean
$nstack build score
if [ -n "${ROWS:-}" ]; then
  exec $nstack run flights.nstack --rows="$ROWS"
fi
exec $nstack run flights.nstack
