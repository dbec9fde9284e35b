import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';

export const root = packageRoot();
export const program = join(root, 'bin/nstack.cjs');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds the text; rejects when the program ends before. */
  said(text: string | RegExp): Promise<void>;
}

/** Starts the program as a user would, in a folder of the test's. `input` is its whole stdin; without it stdin stays open. */
export function start(
  args: readonly string[],
  options: { cwd: string; input?: string; env?: NodeJS.ProcessEnv },
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { ...process.env, CI: 'true', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  child.stdin.on('error', () => {});
  if (options.input !== undefined) child.stdin.end(options.input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!(typeof text === 'string' ? stderr.includes(text) : text.test(stderr))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without saying ${text}: ${stderr}`)));
      }),
  };
}

export function nstack(
  args: readonly string[],
  options: { cwd: string; input?: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return start(args, { input: '', ...options }).ended;
}

/** What docker prints for these arguments. */
export function docker(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('docker', args, (error, stdout) => (error === null ? resolve(stdout.trim()) : reject(error)));
  });
}

/** Ids of the containers of a service that exist, running or not. */
export async function containersOf(service: string): Promise<readonly string[]> {
  const out = await docker('ps', '-aq', '--no-trunc', '--filter', `label=io.nstack.service=${service}`);
  return out === '' ? [] : out.split('\n');
}
