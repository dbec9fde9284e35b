#!/bin/sh
# Does the steps of a stage (steps.sh), and puts what they changed of the file system into a folder: layer.sh OUTCOME STEP... What there is before and after is listed with the number and the time of
# change of every inode, which no program can set. OUTCOME gets `layer.tar`, what is new or another; `removed`, the paths that are gone, each ended by a zero byte; and `status`, what dpkg said before.
set -eu
outcome=$1
shift
here=$(dirname "$0")

# Sorted in the order of bytes; other file systems, and what belongs to the build, are none of it.
everything() {
  (cd / && find . -xdev -mindepth 1 \( -path ./.nstack -o -path ./proc -o -path ./sys -o -path ./dev \) -prune -o -printf '%y %i %C@ %p\0') | LC_ALL=C sort -z
}

paths() {
  LC_ALL=C sed -z 's/^[^ ]* [^ ]* [^ ]* //'
}

mkdir -p "$outcome"
everything >"$here/before"
cat /var/lib/dpkg/status >"$outcome/status" 2>/dev/null || true

/bin/sh "$here/steps.sh" "$@"

everything >"$here/after"
paths <"$here/before" | LC_ALL=C sort -z >"$here/paths-before"
paths <"$here/after" | LC_ALL=C sort -z >"$here/paths-after"
LC_ALL=C comm -z -23 "$here/paths-before" "$here/paths-after" >"$outcome/removed"
LC_ALL=C comm -z -13 "$here/before" "$here/after" | paths >"$here/changed"
# 1: a file changed meanwhile, which a daemon that a package has started may do.
tar --create --file="$outcome/layer.tar" --directory=/ --no-recursion --null --files-from="$here/changed" --format=posix \
  --pax-option=delete=atime,delete=ctime --mtime=@0 --numeric-owner --xattrs --xattrs-include=security.capability || [ $? -eq 1 ]
