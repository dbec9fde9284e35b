import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../../core/index.ts';

/** What was typed at the prompt, also in earlier sessions. */
export interface ShellHistory {
  /** The newest first, as readline wants them. */
  readonly lines: readonly string[];
  /** Never fails: a history that cannot be kept is none. */
  add(line: string): Promise<void>;
}

const most = 1_000;

export async function openHistory(env: Readonly<Record<string, string | undefined>>): Promise<ShellHistory> {
  const folder = stateFolder(env);
  const path = join(folder, 'shell-history');
  const text = await readFile(path, 'utf8').catch(() => '');
  return {
    lines: text.split('\n').filter(Boolean).slice(-most).reverse(),
    async add(line) {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
      await appendFile(path, `${line}\n`, { mode: 0o600 }).catch(() => {});
    },
  };
}
