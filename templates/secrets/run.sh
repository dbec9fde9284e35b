# Runs a step of a build with secrets, which lie in /run/secrets: NAMES COMMAND...
set -eu
names=$1
shift
for name in $names; do
  case $name in
    pip.conf) export PIP_CONFIG_FILE="/run/secrets/$name" ;;
    netrc) export NETRC="/run/secrets/$name" ;;
    settings.xml) export NSTACK_MAVEN_SETTINGS="/run/secrets/$name" ;;
    cabal.config) export CABAL_CONFIG="/run/secrets/$name" ;;
    *[!A-Z0-9_]*) ;;
    *) export "$name=$(cat "/run/secrets/$name")" ;;
  esac
done
status=0
"$@" || status=$?
exit "$status"
