import { join } from 'node:path';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import { contextTar } from '../../../src/builder/packages/build-context.ts';
import { readHostNetwork } from '../../../src/builder/packages/host-network.ts';
import { mavenFiles, noProject } from '../../../src/stacks/java/maven-project.ts';
import { readMavenTools } from '../../../src/stacks/java/maven-tools.ts';
import { testEngine } from '../engine.ts';
import { root } from '../nstack.ts';

const version = '4.1.0';
const reference = `nstack-test/kafka:${version}`;

/**
 * An image with a JRE and Kafka's own jars, broker and command line tools, made once a machine. Maven resolves them the way it does for
 * the jars of a Java service, so that the host's certificate authorities and proxies hold here too.
 */
export async function kafkaImage(): Promise<string> {
  const engine = await testEngine();
  if ((await engine.inspectImage(reference)) !== undefined) return reference;
  const { certificates, proxies } = await readHostNetwork();
  const { files } = await readMavenTools(join(root, 'templates/java'));
  const output: string[] = [];
  try {
    await engine.buildImage(
      contextTar({ dockerfile, files: mavenFiles(noProject, files, { certificates }) }),
      {
        tag: reference,
        buildArgs: proxies,
        labels: {},
        network: 'host',
        onProgress: ({ text }) => void output.push(text),
        signal: AbortSignal.timeout(280_000),
      },
    );
  } catch (cause) {
    throw new Error(`the image for Kafka cannot be built:\n${output.slice(-60).join('\n')}`, { cause });
  }
  return reference;
}

const dockerfile = `FROM ${baseReference} AS jre
ARG DEBIAN_FRONTEND=noninteractive
# The installation of a JRE fails where there is no folder for manuals.
RUN mkdir -p /usr/share/man/man1 && apt-get update -q && apt-get install -y -q --no-install-recommends openjdk-21-jre-headless

FROM jre AS jars
RUN apt-get install -y -q --no-install-recommends maven
COPY maven /nstack-maven
RUN sh /nstack-maven/resolve.sh runtime /kafka/lib org.apache.kafka:kafka_2.13:${version} org.apache.kafka:kafka-tools:${version} org.slf4j:slf4j-simple:1.7.36

FROM jre
COPY --from=jars /kafka /kafka
`;
