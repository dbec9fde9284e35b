import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fromErrorMessage, NstackError, stateFiles, stateFolder } from '../core/index.ts';
import type { SupervisorGreeting, SupervisorInfo } from '../workflow/index.ts';
import { supervisorAddress } from './supervisor-address.ts';
import { createClient } from './supervisor-client.ts';

export interface StartSupervisorOptions {
  /** The supervisor inherits it: secrets that connections take from the environment are those of whoever starts it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of nstack's package.json. */
  readonly packageRoot: string;
  /** Arguments of the supervisor's program. */
  readonly args?: readonly string[];
  /** The program; by default that of the package. */
  readonly program?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds in which it must be ready. */
  readonly deadline?: number;
}

export interface StartedSupervisor {
  readonly info: SupervisorInfo;
  /** False where another start was faster, and its supervisor is the one that runs. */
  readonly own: boolean;
}

/**
 * Starts a supervisor that outlives this process, in a session of its own with its log in the state folder, and resolves when it answers. Of two
 * starts at once one supervisor comes out, and both resolve. Rejects with the NstackError that the supervisor says, or with the last lines of its log.
 */
export async function startSupervisor(options: StartSupervisorOptions): Promise<StartedSupervisor> {
  const { deadline = 30_000 } = options;
  const signals = [AbortSignal.timeout(deadline), ...(options.signal === undefined ? [] : [options.signal])];
  const late = AbortSignal.any(signals);
  const folder = stateFolder(options.env);
  const log = openLog(folder);
  try {
    const child = launch(folder, log.descriptor, options);
    const greeting = await greetingOf(child, late).catch((error: unknown) => {
      child.kill('SIGTERM');
      throw failure(error, log, options.signal, deadline);
    });
    if (greeting.kind === 'ready') return { info: greeting.info, own: true };
    const error = fromErrorMessage(greeting.error);
    if (error.code !== 'supervisor-unavailable') throw error;
    return { info: await infoOfOther(options.env, late, error), own: false };
  } finally {
    closeSync(log.descriptor);
  }
}

function launch(
  folder: string,
  log: number,
  {
    env,
    packageRoot,
    args = [],
    program = join(packageRoot, 'dist', 'supervisor.mjs'),
  }: StartSupervisorOptions,
): ChildProcess {
  return spawn(process.execPath, ['--max-semi-space-size=1', program, ...args], {
    // No folder of the user's is kept from being removed, and no terminal's end is the supervisor's.
    cwd: folder,
    detached: true,
    // It makes little that lives long: a small young generation and one arena of malloc save 7 MB of 37.
    env: { ...env, NSTACK_STATE: folder, MALLOC_ARENA_MAX: '1' },
    stdio: ['ignore', log, log, 'ipc'],
  });
}

/** What the program says first; rejects where it ends, or time does, before that. The child is let go of. */
async function greetingOf(child: ChildProcess, late: AbortSignal): Promise<SupervisorGreeting> {
  const abort = Promise.withResolvers<never>();
  const onAbort = () => abort.reject(late.reason);
  late.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([
      abort.promise,
      new Promise<SupervisorGreeting>((resolve, reject) => {
        child.once('message', (greeting) => resolve(greeting as SupervisorGreeting));
        child.once('error', reject);
        child.once('exit', (code, signal) =>
          reject(new Error(`it ended (${signal ?? `exit code ${code}`})`)),
        );
      }),
    ]);
  } finally {
    late.removeEventListener('abort', onAbort);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The other start has the state folder, and its supervisor answers soon. */
async function infoOfOther(
  env: StartSupervisorOptions['env'],
  late: AbortSignal,
  taken: NstackError,
): Promise<SupervisorInfo> {
  const client = createClient(supervisorAddress({ ...env, NSTACK_SUPERVISOR: undefined }));
  try {
    while (!late.aborted) {
      const info = await client.info().catch(() => undefined);
      if (info !== undefined) return info;
      await delay(50);
    }
    throw taken;
  } finally {
    client.close();
  }
}

interface Log {
  readonly path: string;
  readonly descriptor: number;
  /** Where the lines of this start begin. */
  readonly start: number;
}

function openLog(folder: string): Log {
  const path = join(folder, stateFiles.log);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(path, 'a+', 0o600);
    return { path, descriptor, start: fstatSync(descriptor).size };
  } catch (cause) {
    throw new NstackError(
      'file-unwritable',
      `the supervisor's log ${path} cannot be written: ${(cause as Error).message}`,
      {
        hint: 'Name a folder that you may write in NSTACK_STATE.',
        cause,
      },
    );
  }
}

function failure(error: unknown, log: Log, signal: AbortSignal | undefined, deadline: number): unknown {
  if (signal?.aborted === true) return signal.reason;
  const timedOut = error instanceof DOMException;
  const what = timedOut ? `it was not ready within ${deadline / 1000} seconds` : (error as Error).message;
  const lines = lastLines(log);
  return new NstackError('supervisor-unavailable', `the supervisor could not be started: ${what}`, {
    hint: `${lines === '' ? '' : `It said last:\n${lines}\n`}Its log is ${log.path}.`,
    cause: error,
  });
}

/** The last of what was written to the log since this start. */
function lastLines({ descriptor, start }: Log): string {
  const { size } = fstatSync(descriptor);
  const from = Math.max(start <= size ? start : 0, size - 4_096);
  const bytes = Buffer.alloc(size - from);
  readSync(descriptor, bytes, 0, bytes.length, from);
  return bytes.toString('utf8').trimEnd().split('\n').slice(-15).join('\n');
}
