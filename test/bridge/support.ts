import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type BridgePeer,
  createPeer,
  type InitializeParams,
  protocolVersion,
  type ServiceEvent,
} from '../../src/bridge/index.ts';
import { compileValidator, type Type } from '../../src/types/index.ts';

/** A peer beside a real child process from test/fixtures/children. */
export interface Session extends AsyncDisposable {
  readonly peer: BridgePeer;
  readonly events: readonly ServiceEvent[];
  /** Resolves with the exit code, undefined where a signal ended it. */
  readonly exited: Promise<number | undefined>;
  kill(): void;
  signal(name: NodeJS.Signals): void;
}

export interface SessionOptions {
  /** Arguments of the child. */
  readonly args?: readonly string[];
  /** Type of each result. Default: any JSON. */
  readonly output?: Type;
  /** Bytes of one message. Default 1,000,000. */
  readonly messageLimit?: number;
  onEvent?(event: ServiceEvent): void;
}

export function bytes(text: string): Buffer {
  return Buffer.from(text);
}

export function initializeParams(messageLimit = 1_000_000): InitializeParams {
  return {
    protocol: protocolVersion,
    service: { name: 'Child', version: '1.0.0' },
    parameters: {},
    api: {},
    limits: { message: messageLimit, depth: 256 },
  };
}

/** Starts a child and its peer, without the handshake. */
export function startChild(program: string, options: SessionOptions = {}): Session {
  const path = fileURLToPath(new URL(`../fixtures/children/${program}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [path, ...(options.args ?? [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? undefined));
  });
  const events: ServiceEvent[] = [];
  const peer = createPeer({
    input: child.stdout,
    output: child.stdin,
    results: () => compileValidator(options.output ?? { kind: 'json' }, 'result'),
    limits: { message: options.messageLimit ?? 1_000_000, depth: 256 },
    onEvent: options.onEvent ?? ((event) => events.push(event)),
  });
  const kill = () => void child.kill('SIGKILL');
  return {
    peer,
    events,
    exited,
    kill,
    signal: (name) => void child.kill(name),
    async [Symbol.asyncDispose]() {
      peer.close();
      kill();
      await exited;
    },
  };
}

/** Starts a child and makes the handshake. */
export async function openChild(program: string, options: SessionOptions = {}): Promise<Session> {
  const session = startChild(program, options);
  await session.peer.initialize(initializeParams(options.messageLimit), { timeout: 15_000 });
  return session;
}
