#!/bin/sh
# Puts into FOLDER the part of Maven's repository that resolve.sh needs whatever is asked for: prepare.sh FOLDER. Runs in the build stage `plugin` of ../Dockerfile.maven, beside
# certificates.pem (the host's own certificate authorities, perhaps empty).
set -eu
cd "$(dirname "$0")"
mkdir "$1"

java -XX:TieredStopAtLevel=1 -cp '/usr/share/maven/lib/*' MavenInputs.java
export MAVEN_OPTS="-XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStore=$PWD/made/authorities -Djavax.net.ssl.trustStorePassword=changeit"
# Where only the author's own mirror can be reached, resolve.sh fetches it from there each time.
if timeout 300 mvn --batch-mode --settings made/settings.xml --file made/pom.xml -Dmaven.repo.local="$1/repository" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:list; then exit; fi
echo 'nstack: the plugin of Maven cannot be fetched now; each build will try'
rm -rf "$1/repository"
