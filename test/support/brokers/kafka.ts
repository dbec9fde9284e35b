import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { freePort } from '../free-port.ts';
import { docker } from '../nstack.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { kafkaImage } from './kafka-image.ts';
import { createTopic } from './kafka-topic.ts';
import { ownerLabel, removeOrphans } from './orphans.ts';
import './quiet-kafkajs.ts';

const run = promisify(execFile);
const startLimit = 120_000;

export interface KafkaOptions {
  /** Topics to create, with the number of their partitions. */
  readonly topics?: Readonly<Record<string, number>>;
  /** Adds listeners with TLS and SASL (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512) for {@link kafkaUser}. */
  readonly secure?: boolean;
  /** Further lines of server.properties. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Port of the plain listener; by default a free one. */
  readonly port?: number;
  /** Memory of the broker's heap in MiB. */
  readonly heap?: number;
}

/** Who may log in where SASL is asked for. */
export const kafkaUser = { username: 'ali', password: 'open sesame!' };

/** A broker of its own: one node in KRaft mode, in a container on the host's network. What was acknowledged survives `kill` and `restart`. */
export interface TestKafka {
  /** Name of its container, for those who kill it by other means. */
  readonly container: string;
  /** `127.0.0.1:PORT`, without TLS or a login. */
  readonly bootstrap: string;
  readonly secure?: {
    readonly tls: string;
    readonly saslPlaintext: string;
    readonly saslTls: string;
    readonly certificates: Certificates;
  };
  /** A broker that dies at once, as its machine might (SIGKILL). */
  kill(): Promise<void>;
  /** Starts what was killed; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes all traces. */
  stop(): Promise<void>;
  createTopic(name: string, partitions?: number, settings?: Readonly<Record<string, string>>): Promise<void>;
  /** An admin client that is connected; the caller disconnects it. */
  admin(): Promise<Admin>;
  /** A client that is not nstack's, to look at things from outside. */
  readonly outside: Kafka;
  /** Runs one of Kafka's own command line tools by its class, and answers what it printed. */
  tool(mainClass: string, args: readonly string[], input?: string): Promise<string>;
  log(): Promise<string>;
}

export async function startKafka(options: KafkaOptions = {}): Promise<TestKafka> {
  const image = await kafkaImage();
  await removeOrphans();
  const folder = await mkdtemp(join(tmpdir(), 'nstack-kafka-'));
  const name = `nstack-test-kafka-${randomBytes(5).toString('hex')}`;
  const [plain = 0, controller = 0, tls = 0, saslPlaintext = 0, saslTls = 0] = await Promise.all(
    Array.from({ length: 5 }, freePort),
  );
  const ports = { plain: options.port ?? plain, controller, tls, saslPlaintext, saslTls };
  const certificates = options.secure === true ? await makeCertificates('localhost') : undefined;
  if (certificates !== undefined) {
    await writeFile(join(folder, 'ca.pem'), certificates.ca);
    await writeFile(join(folder, 'broker.pem'), certificates.key + certificates.cert);
  }
  await writeFile(join(folder, 'server.properties'), serverProperties(options, ports));
  await writeFile(join(folder, 'start.sh'), startScript(options.secure === true, options.heap ?? 384));
  await docker(
    'run',
    '-d',
    '--name',
    name,
    '--label',
    `${ownerLabel}=${process.pid}`,
    '--network',
    'host',
    '-v',
    `${folder}:/data`,
    image,
    'sh',
    '/data/start.sh',
  );
  const bootstrap = `127.0.0.1:${ports.plain}`;
  // Retries are short: a test waits for the broker by itself.
  const outside = new Kafka({
    brokers: [bootstrap],
    clientId: 'outside',
    logLevel: logLevel.NOTHING,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 },
  });

  async function admin(): Promise<Admin> {
    const connected = outside.admin();
    await connected.connect();
    return connected;
  }

  async function ready(): Promise<void> {
    const deadline = Date.now() + startLimit;
    const probe = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    for (;;) {
      const connected = probe.admin();
      try {
        await connected.connect();
        if ((await connected.describeCluster()).brokers.length > 0) return;
      } catch (error) {
        const state = await docker('inspect', '-f', '{{.State.Running}}', name);
        if (state !== 'true' || Date.now() > deadline)
          throw new Error(`Kafka does not answer:\n${await log()}`, { cause: error });
      } finally {
        await connected.disconnect();
      }
      await pause(100);
    }
  }

  async function log(): Promise<string> {
    const { stdout, stderr } = await run('docker', ['logs', '--tail', '200', name]);
    return stdout + stderr;
  }

  async function stop(): Promise<void> {
    // Files in the folder belong to the container's root.
    await docker('kill', name).catch(() => {});
    await docker('rm', '-f', name).catch(() => {});
    await docker('run', '--rm', '-v', `${folder}:/data`, image, 'find', '/data', '-mindepth', '1', '-delete');
    await run('rm', ['-rf', folder]);
  }

  try {
    await ready();
    for (const [topic, partitions] of Object.entries(options.topics ?? {}))
      await createTopic(outside, topic, partitions);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    container: name,
    bootstrap,
    ...(certificates !== undefined && {
      secure: {
        tls: `localhost:${ports.tls}`,
        saslPlaintext: `localhost:${ports.saslPlaintext}`,
        saslTls: `localhost:${ports.saslTls}`,
        certificates,
      },
    }),
    kill: async () => void (await docker('kill', '-s', 'KILL', name)),
    async restart() {
      await docker('start', name);
      await ready();
    },
    stop,
    createTopic: (name, partitions, settings) => createTopic(outside, name, partitions, settings),
    admin,
    outside,
    tool: (mainClass, args, input = '') =>
      new Promise((resolve, reject) => {
        const child = execFile(
          'docker',
          [
            'exec',
            '-i',
            name,
            'java',
            '-Xmx128m',
            '-XX:TieredStopAtLevel=1',
            '-cp',
            '/kafka/lib/*',
            mainClass,
            ...args,
          ],
          { maxBuffer: 64 * 1024 * 1024 },
          (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
        );
        child.stdin?.end(input);
      }),
    log,
  };
}

interface Ports {
  readonly plain: number;
  readonly controller: number;
  readonly tls: number;
  readonly saslPlaintext: number;
  readonly saslTls: number;
}

function serverProperties({ secure, settings = {} }: KafkaOptions, ports: Ports): string {
  const listeners = [`PLAINTEXT://127.0.0.1:${ports.plain}`];
  if (secure === true)
    listeners.push(
      `SSL://localhost:${ports.tls}`,
      `SASL_PLAINTEXT://localhost:${ports.saslPlaintext}`,
      `SASL_SSL://localhost:${ports.saslTls}`,
    );
  const properties: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${ports.controller}`].join(','),
    'advertised.listeners': listeners.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
    'log.dirs': '/data/log',
    'num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    // Groups form as soon as somebody joins; sessions may be short, so that tests need not wait.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // A broker that was killed may come back as soon as its session is over.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.cleaner.dedupe.buffer.size': 16_000_000,
    'log.cleaner.threads': 1,
    ...(secure === true && securityProperties),
    ...settings,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${kafkaUser.username}="${kafkaUser.password}";`;

const securityProperties = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': '/data/broker.pem',
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': '/data/ca.pem',
  'ssl.client.auth': 'requested',
  ...Object.fromEntries(
    ['sasl_plaintext', 'sasl_ssl'].flatMap((listener) => [
      [`listener.name.${listener}.plain.sasl.jaas.config`, plainLogin],
      [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scram],
      [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, scram],
    ]),
  ),
};

/** Formats the folder of the logs the first time, then becomes the broker. */
function startScript(secure: boolean, heap: number): string {
  // A test's broker does not live long enough for its best code to be worth the compiling; a benchmark's does.
  const compiler = process.env.VITEST === undefined ? '' : '-XX:TieredStopAtLevel=1 ';
  const secret = `name=${kafkaUser.username},password="${kafkaUser.password}"`;
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
    (mechanism) => ` --add-scram '${mechanism}=[${secret}]'`,
  );
  return `set -eu
cp='/kafka/lib/*'
if [ ! -e /data/log/meta.properties ]; then
  java -Xmx128m -XX:TieredStopAtLevel=1 -cp "$cp" kafka.tools.StorageTool format --ignore-formatted -t 4L6g3nShT-eMCtK--X86sw -c /data/server.properties${secure ? users.join('') : ''}
fi
exec java -Xmx${heap}m -Xms${heap}m ${compiler}-XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$cp" kafka.Kafka /data/server.properties
`;
}
