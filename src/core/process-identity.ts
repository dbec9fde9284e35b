import { readFile, readlink } from 'node:fs/promises';

/**
 * A process, named so that it can be told from every other that had or will have its number: `<boot id>.<pid namespace>.<pid>.<start>`
 * (`start` in clock ticks since boot, field 22 of /proc/<pid>/stat, see proc(5)). Without /proc the unknown parts are `0`.
 */
export async function ownIdentity(): Promise<string> {
  const own = await readStat(process.pid);
  return [...(await place()), process.pid, own?.start ?? 0].join('.');
}

/**
 * `lives` and `gone` are certain. `other-boot`: this machine's own before its last start, or another machine's. `other-namespace`: in or
 * around a container, where its number says nothing here.
 */
export type ProcessState = 'lives' | 'gone' | 'other-boot' | 'other-namespace';

/** Judges identities by what /proc says now. */
export async function identityJudge(): Promise<(identity: string) => Promise<ProcessState>> {
  const [boot, namespace] = await place();
  return async (identity) => {
    const [ownBoot, ownNamespace, number, start] = identity.split('.');
    if (ownBoot !== boot) return 'other-boot';
    if (ownNamespace !== namespace || !/^\d+$/.test(number ?? '')) return 'other-namespace';
    const pid = Number(number);
    if (!exists(pid)) return 'gone';
    const stat = await readStat(pid);
    // /proc may hide the processes of other users: one that answers a signal lives.
    if (stat === undefined) return exists(pid) ? 'lives' : 'gone';
    const same = start === '0' || stat.start === start;
    return same && stat.state !== 'Z' && stat.state !== 'X' ? 'lives' : 'gone';
  };
}

/** Whether a process with this number runs now; one that has ended and was not waited for does not. */
export async function isProcessRunning(pid: number): Promise<boolean> {
  if (!exists(pid)) return false;
  const state = (await readStat(pid))?.state;
  return state !== 'Z' && state !== 'X';
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
