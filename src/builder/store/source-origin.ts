import { askGit } from '../ask-git.ts';
import type { SourceOrigin } from './image-records.ts';

/** The commit that last touched a folder and where its repository comes from; undefined outside a repository, and where the folder differs from that commit. */
export async function sourceOrigin(folder: string, signal: AbortSignal): Promise<SourceOrigin | undefined> {
  const git = (...args: readonly string[]) => askGit(folder, args, signal);
  const [revision, changes, remote] = await Promise.all([
    git('log', '-1', '--format=%H', '--', '.'),
    git('status', '--porcelain', '--', '.'),
    git('config', '--get', 'remote.origin.url'),
  ]);
  if (!revision || changes === undefined || changesIn(changes).length > 0) return undefined;
  const source = remote === undefined ? undefined : withoutCredentials(remote);
  return { revision, ...(source === undefined ? {} : { source }) };
}

/** What differs from the commit. A lock that is not under version control is what the build has made of the commit, not a change to it. */
function changesIn(status: string): readonly string[] {
  return status.split('\n').filter((line) => line !== '' && !/^\?\? (?:.*\/)?nstack\.lock$/.test(line));
}

/** A remote's address as anyone may see it; undefined where it is a folder of this machine. */
export function withoutCredentials(remote: string): string | undefined {
  const scp = /^(?:[^@/:]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(remote);
  const text = scp === null ? remote : `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return undefined;
  Object.assign(url, { username: '', password: '', search: '', hash: '' });
  return url.href;
}
