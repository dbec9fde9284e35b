import type { Readable } from 'node:stream';
import { type BridgePeer, createPeer, protocolVersion, type ServiceEvent } from '../bridge/index.ts';
import { NstackError } from '../core/index.ts';
import type { ContainerEngine, Instance } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';
import { argumentTypes, compileValidator, toJsonSchema, type Validator } from '../types/index.ts';
import { startFailure } from './start-failure.ts';

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
  const { env, limits, network, secrets } = manifest;
  if (secrets.length > 0) {
    throw new NstackError(
      'service-failed',
      `${manifest.name} needs the secrets ${secrets.join(', ')}, which this version cannot supply`,
      {
        hint: 'Secrets come with connections; until then leave them out of nstack.yaml.',
      },
    );
  }
  const instance = await engine.startInstance(
    { image, service: manifest.name, env, limits, network },
    options.signal,
  );
  const lastLines = keepLastLines(instance.log, options.onLogLine);
  const frameLimits = { message: limits.message, depth: nestingLimit };
  const peer = createPeer({
    input: instance.output,
    output: instance.input,
    results: (name) => resultValidator(manifest, name),
    limits: frameLimits,
    onEvent: (event) => options.onEvent?.(event),
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

/** The last lines that the service printed, kept for the message of a failure. */
function keepLastLines(
  log: Readable,
  onLogLine: ((line: string) => void) | undefined,
): () => readonly string[] {
  const last: string[] = [];
  let rest = '';
  const emit = (line: string) => {
    const text = line.slice(0, longestLine);
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
