import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import { readHostNetwork } from '../../../src/builder/packages/host-network.ts';
import { testEngine } from '../engine.ts';
import { root } from '../nstack.ts';

const run = promisify(execFile);
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
  const context = await mkdtemp(join(tmpdir(), 'nstack-kafka-image-'));
  try {
    await cp(join(root, 'templates/java/maven'), join(context, 'maven'), { recursive: true });
    await cp(join(root, 'templates/parts/tell-installed.sh'), join(context, 'maven/tell-installed.sh'));
    await writeFile(join(context, 'maven/certificates.pem'), certificates);
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    const args = Object.entries(proxies).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    await run('docker', ['build', '--network', 'host', '-t', reference, ...args, context], {
      env: { ...process.env, DOCKER_BUILDKIT: '0' },
      maxBuffer: 64 * 1024 * 1024,
    });
  } finally {
    await rm(context, { recursive: true, force: true });
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
