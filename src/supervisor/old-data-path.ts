import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityJudge, NstackError, ownIdentity } from '../core/index.ts';

const name = 'data-path.owner';
const longestWait = 10_000;

/** Says in a workflow's folder that this process carries it from now on. */
export async function claimFolder(folder: string): Promise<void> {
  await writeFile(join(folder, name), await ownIdentity(), { mode: 0o600 });
}

/**
 * Ends the data path that an earlier supervisor left behind in a workflow's folder, if it still lives: two must never carry one workflow. It lost its
 * supervisor, so it is about to end anyway; it is not waited for longer than that takes.
 */
export async function endOldDataPath(folder: string): Promise<void> {
  const path = join(folder, name);
  const identity = await readFile(path, 'utf8').catch(() => undefined);
  if (identity === undefined) return;
  const judge = await identityJudge();
  const pid = Number(identity.split('.')[2]);
  for (let waited = 0; (await judge(identity)) === 'lives'; waited += 20) {
    if (waited > longestWait) {
      throw new NstackError(
        'supervisor-unavailable',
        `the process ${pid}, which carried this workflow, does not end`,
        {
          hint: 'Look at what holds it, and start the workflow again when it is gone.',
        },
      );
    }
    endNow(pid);
    await delay(20);
  }
  await rm(path, { force: true });
}

/** One that has ended since it was looked at is no fault. */
function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
