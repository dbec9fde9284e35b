#!/bin/sh
# Fetches the jars of a Java service: resolve.sh SCOPE FOLDER GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]... Runs in the build stages
# called `maven` of ../Dockerfile and ../Dockerfile.toolchain, beside certificates.pem (the host's own certificate authorities, perhaps empty)
# and, where the author has one, pom.xml. SCOPE is Maven's: `runtime` (with `compile`), or `provided` alone.
#
# The author's dependencies and the packages of nstack.yaml are one project to Maven, so that conflicts of versions are settled as everywhere.
set -eu
cd "$(dirname "$0")"
scope=$1 folder=$2
shift 2

java -XX:TieredStopAtLevel=1 -cp '/usr/share/maven/lib/*' MavenInputs.java "$@"
export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStore=$PWD/made/authorities -Djavax.net.ssl.trustStorePassword=changeit"
mvn --batch-mode --settings made/settings.xml --file made/pom.xml \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DincludeScope="$scope" -DexcludeTypes=pom -DoutputDirectory="$folder" -Dmdep.prependGroupId=true

mkdir -p "$folder"
# One time for all, so that equal jars make equal layers.
find "$(dirname "$folder")" -exec touch -h -d @315532800 {} +
