import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseReference } from '../../../../src/builder/base/base-image.ts';
import { contextTar } from '../../../../src/builder/packages/build-context.ts';
import { readHostNetwork } from '../../../../src/builder/packages/host-network.ts';
import { removeUnlessUsed } from '../../../../src/builder/packages/leftovers.ts';
import { packageRoot } from '../../../../src/core/index.ts';
import type { ContainerEngine } from '../../../../src/engine/index.ts';
import type { ImageFile } from '../../../../src/stacks/stack.ts';
import { templateFiles } from '../../../../src/stacks/template-files.ts';

const repository = 'nstack-test/java-maven';
const label = 'io.nstack.test.java-maven';

/** Maven with all that two projects need, fetched by one run of each: the shim, and a service's own with unit tests, which needs the shim. */
const dockerfile = `FROM ${baseReference}
USER root
ARG DEBIAN_FRONTEND=noninteractive
RUN mkdir -p /usr/share/man/man1 && apt-get update -q && \\
  apt-get install -y -q --no-install-recommends -- openjdk-21-jdk-headless maven && \\
  rm -rf /var/lib/apt/lists/* /var/cache/apt/* && mkdir -m 777 /home/maven /fetch
ENV HOME=/home/maven MAVEN_OPTS=-XX:TieredStopAtLevel=1 MAVEN_ARGS="--batch-mode --no-transfer-progress"
COPY . /given
USER 65532:65532
RUN cp -r /given/. /fetch && cd /fetch/maven && java -XX:TieredStopAtLevel=1 -cp '/usr/share/maven/lib/*' MavenInputs.java && \\
  export MAVEN_OPTS="$MAVEN_OPTS -Djavax.net.ssl.trustStore=$PWD/made/authorities -Djavax.net.ssl.trustStorePassword=changeit" && \\
  for project in shim service; do mvn --settings made/settings.xml --file ../$project/pom.xml install || exit; done && \\
  rm -r /fetch/* "$HOME/.m2/repository/io/nstack" "$HOME/.m2/repository/com/acme"
`;

/** A unit test for the run that fetches: the part of Surefire that runs JUnit is fetched when there is one. */
const firstTest = 'class FirstTest { @org.junit.jupiter.api.Test void runs() {} }';

/** The image that has Maven, Java and what the projects need, so that they are tested without network. Made once for the same needs. */
export async function mavenImage(engine: ContainerEngine, service: string): Promise<string> {
  const templates = join(packageRoot(), 'templates/java');
  const poms = await Promise.all([templates, service].map((root) => readFile(join(root, 'pom.xml'))));
  const base = await engine.inspectImage(baseReference);
  const digest = createHash('sha256').update(JSON.stringify([base?.id, dockerfile, poms.map(String)]));
  const reference = `${repository}:${digest.digest('hex').slice(0, 32)}`;
  if ((await engine.inspectImage(reference)) !== undefined) return reference;

  for (const { tags } of await engine.listImages(label)) {
    for (const tag of tags) await removeUnlessUsed(engine, tag);
  }
  const { certificates, proxies } = await readHostNetwork();
  const files: ImageFile[] = [
    ...(await templateFiles(join(templates, 'maven'), 'maven')),
    text('maven/certificates.pem', certificates),
    ...['shim', 'service'].flatMap((project, index) => [
      text(`${project}/pom.xml`, String(poms[index])),
      text(`${project}/src/main/java/Main.java`, 'class Main {}'),
      text(`${project}/src/test/java/FirstTest.java`, firstTest),
    ]),
  ];
  const output: string[] = [];
  try {
    await engine.buildImage(contextTar({ dockerfile, files }), {
      tag: reference,
      buildArgs: proxies,
      labels: { [label]: '' },
      network: 'host',
      onProgress: ({ text }) => void output.push(text),
      signal: AbortSignal.timeout(280_000),
    });
  } catch (cause) {
    throw new Error(`the image for Maven cannot be built:\n${output.slice(-60).join('\n')}`, { cause });
  }
  return reference;
}

function text(path: string, content: string): ImageFile {
  return { path, content: Buffer.from(content), mode: 0o644 };
}
