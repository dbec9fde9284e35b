# Fetches the secrets of a build step, before run.sh, which stands behind it in one script: KEY NAMES COMMAND... They come from nstack, which listens on this machine for as long as
# the build takes (src/builder/secrets), and lie in memory, /run/secrets/NAME, until the step ends. KEY changes with their values, so that the builder does not take the outcome of
# others for this one's. bash, for /dev/tcp.
set -eu
umask 077
shift
names=$1
port=${NSTACK_SECRETS%%/*}
token=${NSTACK_SECRETS#*/}
unset NSTACK_SECRETS
folder=/dev/shm/nstack-secrets
fail() {
  printf 'nstack: secrets: %s\n' "$1" >&2
  exit 1
}
forget() {
  for name in $names; do rm -f "/run/secrets/$name"; done
  rmdir /run/secrets 2>/dev/null || true
  rm -rf "$folder"
}
trap forget EXIT
[ "$(stat -f -c %T /dev/shm)" = tmpfs ] || fail 'no memory'
mkdir -p "$folder" /run/secrets
for name in $names; do
  if ! exec 3<>"/dev/tcp/127.0.0.1/$port"; then fail 'out of reach'; fi 2>/dev/null
  printf '%s %s\n' "$token" "$name" >&3
  IFS= read -r size <&3 || fail 'refused'
  cat <&3 >"$folder/$name"
  exec 3>&-
  [ "$(stat -c %s "$folder/$name")" = "$size" ] || fail 'cut short'
  ln -sf "$folder/$name" "/run/secrets/$name"
done
umask 022
