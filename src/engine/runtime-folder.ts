import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ProcessState } from '../core/index.ts';
import { NstackError } from '../core/index.ts';

/**
 * Makes a folder for one instance, below one that only this user may enter: `<runtime folder>/<owner>.<random>`. It is 0711, so that the
 * service's user inside the container, to whom it is mounted, can open what it knows by name.
 */
export async function makeInstanceFolder(owner: string): Promise<string> {
  const folder = join(await runtimeFolder(), `${owner}.${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { mode: 0o711 });
  return folder;
}

/** The folders of instances that there are, with the identity of the process that owns each. */
export async function instanceFolders(): Promise<
  readonly { readonly path: string; readonly owner: string }[]
> {
  const runtime = await runtimeFolder();
  return (await readdir(runtime)).flatMap((name) => {
    const owner = /^(.+)\.[0-9a-f]{12}$/.exec(name)?.[1];
    return owner === undefined ? [] : [{ path: join(runtime, name), owner }];
  });
}

/** Removes the folders of instances whose owner is gone. The runtime folder is this machine's own, so that another boot is a past one. */
export async function sweepInstanceFolders(
  judge: (identity: string) => Promise<ProcessState>,
): Promise<void> {
  for (const { path, owner } of await instanceFolders()) {
    if (['gone', 'other-boot'].includes(await judge(owner))) await rm(path, { recursive: true, force: true });
  }
}

/** Made at need, 0700. A folder of that name that is not ours alone is refused: pipes in it could be replaced. */
async function runtimeFolder(): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const { XDG_RUNTIME_DIR } = process.env;
  const candidates = [
    ...(XDG_RUNTIME_DIR && isAbsolute(XDG_RUNTIME_DIR) ? [join(XDG_RUNTIME_DIR, 'nstack')] : []),
    `/run/nstack-${uid}`,
    join(tmpdir(), `nstack-${uid}`),
  ];
  let failure: unknown;
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: false, mode: 0o700 }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      });
    } catch (error) {
      failure = error;
      continue;
    }
    await refuseForeign(folder, uid);
    return folder;
  }
  throw new NstackError('permission', `no runtime folder can be made: tried ${candidates.join(', ')}`, {
    cause: failure,
    hint: 'Set XDG_RUNTIME_DIR to a folder of your own.',
  });
}

async function refuseForeign(folder: string, uid: number): Promise<void> {
  const stat = await lstat(folder);
  if (stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0) return;
  throw new NstackError('permission', `the runtime folder ${folder} is not a folder of this user alone`, {
    hint: `Look at it with \`ls -ld ${folder}\` and remove it.`,
  });
}
