import { readdir, readFile, readlink } from 'node:fs/promises';

/** A TCP connection: its ends as ss(8) writes them, and the number of its socket. */
export interface Connected {
  readonly local: string;
  readonly remote: string;
  readonly inode: string;
}

const established = '01';

/** The established TCP connections of a process (/proc/<pid>/net/tcp, see proc(5)). */
export async function connectionsOfProcess(pid: number): Promise<readonly Connected[]> {
  const sockets = await socketsOf(pid);
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables.flatMap((table) =>
    table
      .split('\n')
      .slice(1)
      .flatMap((line): readonly Connected[] => {
        const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
        if (state !== established || !sockets.has(inode)) return [];
        return [{ local: addressText(local), remote: addressText(remote), inode }];
      }),
  );
}

async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** `0100007F:1F90` as `127.0.0.1:8080`: words of four bytes, each in the order of a little-endian machine. */
function addressText(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const number = Number.parseInt(port, 16);
  if (bytes.length === 4) return `${bytes.join('.')}:${number}`;
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':')}]:${number}`;
}
