#!/bin/sh
# Fetches the jars of a Java service: resolve.sh SCOPE FOLDER GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]... Runs in the build stages
# called `maven` of ../Dockerfile and ../Dockerfile.toolchain, beside certificates.pem (the host's own certificate authorities, perhaps empty)
# and, where the author has one, pom.xml. Where there is a lock that fits, `locked` has the jars that have to come of it, which
# tell-installed.sh sees to.
# SCOPE is Maven's: `runtime` (with `compile`), or `provided` alone.
#
# The author's dependencies and the packages of nstack.yaml are one project to Maven, so that conflicts of versions are settled as everywhere.
set -eu
cd "$(dirname "$0")"
scope=$1 folder=$2
shift 2

java -XX:TieredStopAtLevel=1 -cp '/usr/share/maven/lib/*' MavenInputs.java "$@"
export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStore=$PWD/made/authorities -Djavax.net.ssl.trustStorePassword=changeit"
# The author's own settings, such as the passwords of repositories, are a build secret.
mvn --batch-mode ${NSTACK_MAVEN_SETTINGS:+--global-settings "$NSTACK_MAVEN_SETTINGS"} --settings made/settings.xml --file made/pom.xml \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:list \
  -DincludeScope="$scope" -DexcludeTypes=pom -DoutputDirectory="$folder" -Dmdep.prependGroupId=true \
  -DoutputFile="$PWD/made/list" -DoutputAbsoluteArtifactFilename=true

# A line a jar: GROUP:ARTIFACT[:TYPE:CLASSIFIER] VERSION SHA256. The list has GROUP:ARTIFACT:TYPE[:CLASSIFIER]:VERSION:SCOPE:FILE and remarks behind it.
sed -n 's/^ *\([^: ]*:[^: ]*\):\([^ ]*\):\([^: ]*\):[a-z]*:\(\/[^ ]*\).*/\1 \2 \3 \4/p' made/list | LC_ALL=C sort >made/artifacts
while read -r name kind version file; do
  case $kind in *:*) name=$name:$kind ;; esac
  printf '%s %s %s\n' "$name" "$version" "$(sha256sum "$file" | cut -d ' ' -f 1)"
done <made/artifacts >made/jars

sh tell-installed.sh maven made/jars /out/.nstack/packages
mkdir -p "$folder"
# One time for all, so that equal jars make equal layers.
find "$(dirname "$folder")" -exec touch -h -d @315532800 {} +
