import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Milliseconds that git may take. */
const patience = 5_000;

/** What git says in a folder, without the line end; undefined outside a repository, where git is not installed, and where it says no. Fails with the signal's reason alone. */
export async function askGit(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!(await isInRepository(folder))) return undefined;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  execFile('git', args, { cwd: folder, timeout: patience, signal }, (error, stdout) =>
    resolve(error === null ? stdout.trim() : undefined),
  );
  const answer = await promise;
  signal.throwIfAborted();
  return answer;
}

/** Starting git to hear that there is no repository takes longer than looking. */
async function isInRepository(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  if (env.GIT_DIR) return true;
  for (let at = folder; ; at = dirname(at)) {
    const found = await access(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (found) return true;
    if (dirname(at) === at) return false;
  }
}
