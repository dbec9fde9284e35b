#!/bin/sh
# Ends a step of a build that has installed packages: tell-installed.sh SYSTEM LIST FOLDER. LIST has a line a package, NAME VERSION SHA256. Where there is a lock that fits, `locked` beside
# this script has the lines that have to be there, and no other. FOLDER/SYSTEM.json says what was installed (InstalledPackage in src/stacks/stack.ts).
set -eu
system=$1 list=$2 folder=$3
locked=$(dirname "$0")/locked

# Nothing but what is locked goes on from here.
if [ -f "$locked" ] && ! differences=$(diff "$locked" "$list"); then
  printf '%s\n' "$differences" | sed -n "s/^< /nstack: locked $system /p; s/^> /nstack: found $system /p"
  exit 1
fi
mkdir -p "$folder"
awk 'BEGIN { printf "[" } { printf "%s{\"name\":\"%s\",\"version\":\"%s\",\"hashes\":[\"sha256:%s\"]}", comma, $1, $2, $3; comma = "," } END { print "]" }' \
  "$list" >"$folder/$system.json"
