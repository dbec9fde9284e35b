import { readFile, readlink } from 'node:fs/promises';

/**
 * A process, named so that it can be told from every other that had or will have its number: `<boot id>.<pid namespace>.<pid>.<start>`
 * (`start` in clock ticks since boot, field 22 of /proc/<pid>/stat, see proc(5)). Without /proc the unknown parts are `0`.
 */
export async function ownIdentity(): Promise<string> {
  const own = await readStat(process.pid);
  return [...(await place()), process.pid, own?.start ?? 0].join('.');
}

/** `gone` and `lives` are certain; `elsewhere`: of another boot, machine or pid namespace, where its number says nothing. */
export type ProcessState = 'lives' | 'gone' | 'elsewhere';

/** Judges identities by what /proc says now. */
export async function identityJudge(): Promise<(identity: string) => Promise<ProcessState>> {
  const here = (await place()).join('.');
  return async (identity) => {
    const parsed = /^(.+\..+)\.(\d+)\.(\d+)$/.exec(identity);
    if (parsed === null || parsed[1] !== here) return 'elsewhere';
    const pid = Number(parsed[2]);
    if (!exists(pid)) return 'gone';
    const stat = await readStat(pid);
    // /proc may hide the processes of other users: one that answers a signal lives.
    if (stat === undefined) return exists(pid) ? 'lives' : 'gone';
    const same = parsed[3] === '0' || stat.start === parsed[3];
    return same && stat.state !== 'Z' && stat.state !== 'X' ? 'lives' : 'gone';
  };
}

async function place(): Promise<readonly [string, string]> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '0');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '0');
  return [boot.trim(), namespace.replace(/\D/g, '') || '0'];
}

async function readStat(
  pid: number,
): Promise<{ readonly state: string; readonly start: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses and may hold anything, parentheses and spaces too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

/** Signal 0 asks whether a process is there without disturbing it; EPERM means that it is, and another user's. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
