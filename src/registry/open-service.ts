import type { Readable } from 'node:stream';
import { type BridgePeer, createPeer, protocolVersion, type ServiceEvent } from '../bridge/index.ts';
import { createRedactor, NstackError } from '../core/index.ts';
import type { ContainerEngine, Instance } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';
import { argumentTypes, compileValidator, toJsonSchema, type Validator } from '../types/index.ts';
import { startFailure } from './start-failure.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A running service that has answered `initialize`. The opener owns it and must call `close`, whatever happened. */
export interface OpenedService {
  readonly peer: BridgePeer;
  readonly instance: Instance;
  /** Asks for an orderly end, waits for it up to 5 seconds, and removes the instance. May be called twice. */
  close(): Promise<void>;
}

export interface OpenServiceOptions {
  /** Values of the service's config parameters; those left out take their defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Values of the secrets that the manifest asks for. They are starred out in whatever the service logs or prints, and where it does not start. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: ServiceEvent) => void;
  /** One line of what the service prints, without its line break. */
  readonly onLogLine?: (line: string) => void;
}

const shutdownTimeout = 5_000;
const nestingLimit = 256;
const longestLine = 8_192;
const lastLinesKept = 20;

/**
 * Starts an instance of a built service in its sandbox, connects the bridge and makes the handshake under the manifest's start timeout.
 * Fails with `service-failed` where the service does not come up, with its stack trace and its last lines; nothing is left running then.
 */
export async function openService(
  engine: ContainerEngine,
  image: string,
  manifest: Manifest,
  options: OpenServiceOptions,
): Promise<OpenedService> {
  const { env, limits, network } = manifest;
  const secrets = secretsFor(manifest, options.secrets ?? {});
  const redact = createRedactor(Object.values(secrets));
  const instance = await engine.startInstance(
    { image, service: manifest.name, env, limits, network, secrets },
    options.signal,
  );
  const lastLines = keepLastLines(instance.log, redact, options.onLogLine);
  const frameLimits = { message: limits.message, depth: nestingLimit };
  const peer = createPeer({
    input: instance.output,
    output: instance.input,
    results: (name) => resultValidator(manifest, name),
    limits: frameLimits,
    onEvent: (event) => options.onEvent?.(withoutSecrets(event, redact)),
  });
  try {
    await peer.initialize(
      {
        protocol: protocolVersion,
        service: { name: manifest.name, version: manifest.version },
        parameters: { ...defaultsOf(manifest), ...options.parameters },
        api: schemasOf(manifest),
        limits: frameLimits,
      },
      { timeout: limits.startTimeout, signal: options.signal },
    );
    instance.settled();
  } catch (error) {
    const failure = await startFailure(error, {
      manifest,
      instance,
      lastLines,
      redact,
      signal: options.signal,
    });
    peer.close();
    await instance.remove();
    throw failure;
  }
  let closing: Promise<void> | undefined;
  const close = async () => {
    await peer.shutdown({ timeout: shutdownTimeout }).catch(() => {});
    peer.close();
    await instance.remove();
  };
  return {
    peer,
    instance,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** The secrets that a service asks for, and no others. */
function secretsFor(
  { name, secrets }: Manifest,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const missing = secrets.filter((secret) => !Object.hasOwn(given, secret));
  if (missing.length === 0) return Object.fromEntries(secrets.map((secret) => [secret, given[secret] ?? '']));
  throw new NstackError(
    'connection-invalid',
    `${name} needs the secret${missing.length === 1 ? '' : 's'} ${missing.join(', ')}, and got none of that name`,
    { hint: `Name it below "secrets:" in the connections file: ${missing[0]}: { env: NAME }.` },
  );
}

/** The last lines that the service printed, kept for the message of a failure. */
function keepLastLines(
  log: Readable,
  redact: (text: string) => string,
  onLogLine: ((line: string) => void) | undefined,
): () => readonly string[] {
  const last: string[] = [];
  let rest = '';
  const emit = (line: string) => {
    // Before it is cut: half a secret would not be known for one.
    const text = redact(line).slice(0, longestLine);
    last.push(text);
    if (last.length > lastLinesKept) last.shift();
    onLogLine?.(text);
  };
  log.setEncoding('utf8');
  log.on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(line.trimEnd());
    if (rest.length > longestLine) {
      emit(rest);
      rest = '';
    }
  });
  log.on('end', () => {
    if (rest !== '') emit(rest);
  });
  // The end of the instance is seen on its output; a broken log alone ends nothing.
  log.on('error', () => {});
  return () => last;
}

/** The peer asks once a function. */
function resultValidator({ api }: Manifest, name: string): Validator {
  const output = api.functions.find((fn) => fn.name === name)?.output ?? { kind: 'json' };
  return compileValidator(output.kind === 'void' ? { kind: 'unit' } : output, 'result');
}

function defaultsOf({ config }: Manifest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    config.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
  );
}

function schemasOf({ api }: Manifest) {
  return Object.fromEntries(
    api.functions.map(({ name, input, output }) => [
      name,
      { input: toJsonSchema(input), output: toJsonSchema(output), arity: argumentTypes(input).length },
    ]),
  );
}
