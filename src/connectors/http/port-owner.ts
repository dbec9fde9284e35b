import { readdir, readFile, readlink } from 'node:fs/promises';

const listening = '0A';

/** The program that listens on a TCP port of this machine, by /proc; undefined where that is not to be seen, such as another user's. */
export async function portOwner(
  port: number,
): Promise<{ readonly pid: number; readonly name: string } | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const sockets = new Set(
    tables.flatMap((table) => table.split('\n').slice(1)).flatMap((line) => inodeOf(line, port)),
  );
  if (sockets.size === 0) return undefined;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    const links = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const link of links) {
      const target = await readlink(`/proc/${pid}/fd/${link}`).catch(() => '');
      if (!sockets.has(target)) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program');
      return { pid: Number(pid), name: name.trim() };
    }
  }
  return undefined;
}

/** The socket of a line of /proc/net/tcp, see proc_net_tcp in the kernel's documentation, if it listens on this port. */
function inodeOf(line: string, port: number): string[] {
  const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
  const isIt = state === listening && Number.parseInt(local.split(':')[1] ?? '', 16) === port;
  return isIt ? [`socket:[${inode}]`] : [];
}
