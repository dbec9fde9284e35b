import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BridgePeer, createPeer, protocolVersion, type ServiceEvent } from '../../src/bridge/index.ts';
import { packageRoot } from '../../src/core/index.ts';
import { type Manifest, readManifest } from '../../src/manifest/index.ts';
import {
  argumentTypes,
  compileValidator,
  type Type,
  toJsonSchema,
  type Validator,
} from '../../src/types/index.ts';
import type { FixtureService, LanguageAdapter, RunningShim } from './language-adapter.ts';

/** What the fixtures' `config` declares. */
export const defaultParameters = { greeting: 'hello' } as const;

export const limits = { message: 1024 * 1024, depth: 256 } as const;

/** What goes in `initialize` for a fixture service. */
export function initializeParams(
  manifest: Manifest,
  parameters: Readonly<Record<string, unknown>> = defaultParameters,
) {
  const api = Object.fromEntries(
    manifest.api.functions.map(({ name, input, output }) => [
      name,
      { input: toJsonSchema(input), output: toJsonSchema(output), arity: argumentTypes(input).length },
    ]),
  );
  const service = { name: manifest.name, version: manifest.version };
  return { protocol: protocolVersion, service, parameters, api, limits };
}

export async function manifestOf(language: LanguageAdapter, service: FixtureService): Promise<Manifest> {
  const folder = join(packageRoot(), `test/fixtures/services/${language.name}-${service}`);
  return (await readManifest(folder)).manifest;
}

/** A shim behind the hub's own end of the bridge, as the supervisor has it. */
export interface PeerSession extends AsyncDisposable {
  readonly shim: RunningShim;
  readonly peer: BridgePeer;
  readonly manifest: Manifest;
  readonly events: readonly ServiceEvent[];
  readonly printed: Lines;
}

export async function openPeer(
  language: LanguageAdapter,
  service: FixtureService,
  parameters?: Readonly<Record<string, unknown>>,
): Promise<PeerSession> {
  const manifest = await manifestOf(language, service);
  const shim = await language.start(service);
  const events: ServiceEvent[] = [];
  const peer = createPeer({
    input: shim.output,
    output: shim.input,
    results: (name) => resultValidator(functionOf(manifest, name).output),
    limits,
    onEvent: (event) => events.push(event),
  });
  const session: PeerSession = {
    shim,
    peer,
    manifest,
    events,
    printed: readLines(shim.log),
    async [Symbol.asyncDispose]() {
      peer.close();
      shim.kill();
      await shim.exited;
    },
  };
  try {
    await peer.initialize(initializeParams(manifest, parameters), { timeout: 10_000 });
    shim.settled();
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return session;
}

/** A sink gives null. */
function resultValidator(output: Type): Validator {
  return compileValidator(output.kind === 'void' ? { kind: 'unit' } : output, 'result');
}

export function functionOf(
  manifest: Manifest,
  name: string,
): { readonly input: Type; readonly output: Type } {
  const found = manifest.api.functions.find((fn) => fn.name === name);
  if (found === undefined) throw new Error(`${manifest.name} declares no function ${name}`);
  return found;
}

/** A shim spoken to in raw frames. */
export interface RawSession extends AsyncDisposable {
  readonly shim: RunningShim;
  readonly printed: Lines;
  /** The next frame from the shim, without its line feed. */
  receive(): Promise<Buffer>;
  /** Sends bytes as they stand; a frame needs its line feed. */
  send(bytes: Uint8Array | string): void;
  /** Sends a request and reads the next frame. */
  request(id: number, method: string, params: Uint8Array | string): Promise<Answer>;
}

export interface Answer {
  readonly id: number | null;
  readonly result?: unknown;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: { readonly stack?: string; readonly path?: string };
  };
  /** The frame as it came. */
  readonly frame: Buffer;
}

/** A shim in raw frames that has answered `initialize`. */
export async function openStarted(language: LanguageAdapter, service: FixtureService): Promise<RawSession> {
  const session = await openRaw(language, service);
  const params = JSON.stringify(initializeParams(await manifestOf(language, service), defaultParameters));
  const { error } = await session.request(0, 'initialize', params);
  if (error !== undefined) throw new Error(`the shim did not start: ${JSON.stringify(error)}`);
  session.shim.settled();
  return session;
}

export async function openRaw(language: LanguageAdapter, service: FixtureService): Promise<RawSession> {
  const shim = await language.start(service);
  const frames = readFrames(shim.output);
  const receive = async () => {
    const { value, done } = await frames.next();
    if (done === true) throw new Error('the shim closed its output');
    return value;
  };
  return {
    shim,
    printed: readLines(shim.log),
    receive,
    send: (bytes) => void shim.input.write(bytes),
    async request(id, method, params) {
      const head = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":`;
      shim.input.write(Buffer.concat([Buffer.from(head), Buffer.from(params), Buffer.from('}\n')]));
      return readAnswer(await receive());
    },
    async [Symbol.asyncDispose]() {
      shim.kill();
      await shim.exited;
    },
  };
}

export function readAnswer(frame: Buffer): Answer {
  return { ...(JSON.parse(frame.toString('utf8')) as Omit<Answer, 'frame'>), frame };
}

async function* readFrames(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of output) {
    rest = Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      yield rest.subarray(0, at);
      rest = rest.subarray(at + 1);
    }
  }
  if (rest.length > 0) throw new Error(`the shim's output ended inside a frame: ${rest.subarray(0, 80)}`);
  return undefined;
}

/** Lines as they come, all of them kept. */
export interface Lines {
  readonly all: readonly string[];
  /** Resolves once a line is there. */
  has(line: string): Promise<void>;
  /** Resolves when no more can come. */
  readonly ended: Promise<void>;
}

function readLines(stream: NodeJS.ReadableStream): Lines {
  const all: string[] = [];
  const waiting = new Set<() => void>();
  const reader = createInterface({ input: stream });
  reader.on('line', (line) => {
    all.push(line);
    for (const look of waiting) look();
  });
  return {
    all,
    has: (line) =>
      new Promise((resolve) => {
        const look = () => {
          if (!all.includes(line)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ended: new Promise((resolve) => reader.once('close', () => resolve())),
  };
}
