import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { OpenContext } from '../../../src/connectors/index.ts';
import { httpContext } from './support.ts';

export interface SourceProgram {
  readonly child: ChildProcess;
  readonly said: string[];
  readonly messages: unknown[];
  /** Resolves when it listens, or with why it does not. */
  readonly started: Promise<string>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts take-messages.ts. */
export function startSource(
  parameters: Record<string, unknown>,
  more: Partial<OpenContext> & { readonly commit: boolean; readonly runtimeFolder: string },
): SourceProgram {
  const { runtimeFolder, commit, ...context } = more;
  const program = new URL('./take-messages.ts', import.meta.url).pathname;
  const argument = JSON.stringify({ ...httpContext(parameters, context), commit });
  const child = spawn(process.execPath, [program, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_RUNTIME_DIR: runtimeFolder },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  const messages: unknown[] = [];
  const started = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as { said?: string; messages?: unknown[]; failed?: string };
    if (event.said !== undefined) said.push(event.said);
    messages.push(...(event.messages ?? []));
    const [, url] = /^messages are taken at (\S+)/.exec(event.said ?? '') ?? [];
    if (url !== undefined || event.failed !== undefined) started.resolve(url ?? event.failed ?? '');
  });
  return {
    child,
    said,
    messages,
    started: started.promise,
    async end(signal) {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill(signal);
      await exited;
    },
  };
}
