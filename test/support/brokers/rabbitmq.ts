import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type ChannelModel, connect } from 'amqplib';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { baseReference, ensureBaseImage } from '../../../src/builder/base/base-image.ts';
import { readHostNetwork } from '../../../src/builder/packages/host-network.ts';
import { connectEngine } from '../../../src/engine/index.ts';
import { freePort } from '../free-port.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { ownerLabel, removeOrphans } from './orphans.ts';

/**
 * A real RabbitMQ, Debian's, in a container of its own. Its ports stay the same for its whole life, and what it has stored survives `kill` and
 * `restart`. Whoever starts it stops it.
 */
export interface Rabbit {
  /** Id of its container, for those who kill it by other means. */
  readonly container: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** With credentials: `amqp://nstack:...@127.0.0.1:34567`. */
  readonly url: string;
  /** Where it listens with TLS, and with which certificates; the server's is for the name `localhost`. */
  readonly tls?: { readonly port: number } & Certificates;
  /** Settings of a connection, as connections.yaml has them, secrets in their places. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A plain client of the broker, to look from outside. What it fails with ends its calls; it needs no listener. */
  connect(): Promise<ChannelModel>;
  /** rabbitmqctl in the container; answers what it printed. */
  control(...words: readonly string[]): Promise<string>;
  /**
   * What the broker knows of its quorum queues is on its disk. It writes their names half a second after it last looked at one (the Raft library's names.dets), so
   * that one that is killed before has the queue without its messages, and without a leader for ever: what a queue holds is safe from `kill` after this alone.
   */
  keepQueues(): Promise<void>;
  /** The broker dies at once (SIGKILL), and stays dead. */
  kill(): Promise<void>;
  /** Starts what was killed, and resolves when it answers. */
  restart(): Promise<void>;
  /** Removes it and all it has stored. */
  stop(): Promise<void>;
}

export interface RabbitOptions {
  readonly tls?: boolean;
  /** Further lines for rabbitmq.conf. */
  readonly config?: readonly string[];
}

const username = 'nstack';
const password = 'open sesame';
const startLimit = 120_000;

export async function startRabbit({ tls = false, config = [] }: RabbitOptions = {}): Promise<Rabbit> {
  const image = await rabbitImage();
  const docker = new Docker();
  await removeOrphans();
  const [port, tlsPort] = await Promise.all([freePort(), freePort()]);
  const certificates = tls ? await makeCertificates('localhost') : undefined;
  const container = await docker.createContainer({
    Image: image,
    Hostname: 'rabbit',
    Labels: { [ownerLabel]: String(process.pid) },
    Cmd: ['rabbitmq-server'],
    HostConfig: {
      PortBindings: {
        '5672/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }],
        ...(tls ? { '5671/tcp': [{ HostIp: '127.0.0.1', HostPort: String(tlsPort) }] } : {}),
      },
    },
    ExposedPorts: { '5672/tcp': {}, '5671/tcp': {} },
  });
  const url = `amqp://${username}:${encodeURIComponent(password)}@127.0.0.1:${port}`;

  async function start(): Promise<void> {
    await container.start();
    await untilItAnswers(container, url);
    if (certificates !== undefined) {
      const secure = url.replace('amqp:', 'amqps:').replace(`:${port}`, `:${tlsPort}`);
      await untilItAnswers(container, secure, { ca: certificates.ca, servername: 'localhost' });
    }
  }

  const control = (...words: readonly string[]) => run(container, ['rabbitmqctl', '--silent', ...words]);

  try {
    await container.putArchive(configuration(config, certificates), { path: '/etc/rabbitmq' });
    await start();
  } catch (error) {
    await container.remove({ force: true, v: true });
    throw error;
  }
  return {
    container: container.id,
    host: '127.0.0.1',
    port,
    username,
    password,
    url,
    ...(certificates === undefined ? {} : { tls: { port: tlsPort, ...certificates } }),
    settings: { url: `amqp://127.0.0.1:${port}`, username, password },
    connect: () => connectTo(url),
    control,
    keepQueues: async () => {
      await control('eval', 'mnesia:sync_log(), [ok = dets:sync(Table) || Table <- dets:all()].');
    },
    kill: async () => {
      await container.kill({ signal: 'SIGKILL' });
      await container.wait();
    },
    restart: start,
    stop: () => container.remove({ force: true, v: true }),
  };
}

const dockerfile = `FROM ${baseReference}
RUN apt-get update \\
 && apt-get install -y --no-install-recommends rabbitmq-server \\
 && rm -rf /var/lib/apt/lists/*
`;

/** The image with the broker in it: made once, and kept for the next run. */
async function rabbitImage(): Promise<string> {
  const engine = await connectEngine();
  const signal = AbortSignal.timeout(280_000);
  const base = await ensureBaseImage(engine, { onProgress: () => {}, signal });
  const digest = createHash('sha256').update(`${base.id}\n${dockerfile}`).digest('hex');
  const tag = `nstack-test/rabbitmq:${digest.slice(0, 16)}`;
  if ((await engine.inspectImage(tag)) !== undefined) return tag;
  const context = pack();
  context.entry({ name: 'Dockerfile' }, dockerfile);
  context.finalize();
  const { proxies } = await readHostNetwork();
  await engine.buildImage(Readable.from(context), {
    tag,
    buildArgs: proxies,
    labels: {},
    network: 'host',
    onProgress: () => {},
    signal,
  });
  return tag;
}

function configuration(more: readonly string[], certificates: Certificates | undefined) {
  const lines = [
    'loopback_users = none',
    `default_user = ${username}`,
    `default_pass = ${password}`,
    'log.console.level = warning',
    'vm_memory_high_watermark.absolute = 512MB',
    'disk_free_limit.absolute = 50MB',
    ...(certificates === undefined
      ? []
      : [
          'listeners.ssl.default = 5671',
          'ssl_options.cacertfile = /etc/rabbitmq/ca.pem',
          'ssl_options.certfile = /etc/rabbitmq/cert.pem',
          'ssl_options.keyfile = /etc/rabbitmq/key.pem',
          'ssl_options.verify = verify_peer',
          'ssl_options.fail_if_no_peer_cert = false',
        ]),
    ...more,
  ];
  const archive = pack();
  const add = (name: string, content: string) => archive.entry({ name, mode: 0o644 }, content);
  add('rabbitmq.conf', `${lines.join('\n')}\n`);
  if (certificates !== undefined) {
    add('ca.pem', certificates.ca);
    add('cert.pem', certificates.cert);
    add('key.pem', certificates.key);
  }
  archive.finalize();
  return Readable.from(archive);
}

/** The one place where a client is made: without a listener, a broker that is killed would end the test run. */
async function connectTo(url: string, options: object = {}): Promise<ChannelModel> {
  const model = await connect(url, options);
  model.on('error', () => {});
  return model;
}

/** There is no event for it: a client is told no until the broker is up. */
async function untilItAnswers(container: Docker.Container, url: string, tls: object = {}): Promise<void> {
  const end = Date.now() + startLimit;
  for (;;) {
    try {
      const model = await connectTo(url, { timeout: 5_000, ...tls });
      return await model.close();
    } catch (error) {
      const { State } = await container.inspect();
      if (State.Running && Date.now() < end) {
        await pause(100);
        continue;
      }
      const log = await container.logs({ stdout: true, stderr: true, tail: 40 });
      throw new Error(`RabbitMQ does not answer: ${error}\n${log.toString('utf8')}`);
    }
  }
}

async function run(container: Docker.Container, Cmd: readonly string[]): Promise<string> {
  const exec = await container.exec({ Cmd: [...Cmd], AttachStdout: true, AttachStderr: true, Tty: true });
  const output = await text(await exec.start({ Tty: true }));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${Cmd.join(' ')} ended with ${ExitCode}: ${output}`);
  return output;
}
