import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NstackError } from '../../core/index.ts';
import { carrierOf, type Target } from '../target.ts';
import { type Fault, nothingToHeal } from './fault.ts';
import { type Connected, connectionsOfProcess } from './tcp-connections.ts';

const run = promisify(execFile);

/** Cuts TCP connections by the kernel's SOCK_DESTROY (ss -K, see ss(8)), which the superuser alone may do. */
export function cutFault(target: Target): Fault {
  return {
    name: 'cut',
    describe: 'the TCP connections of the workflow are cut',
    async check() {
      if (process.getuid?.() !== 0) throw notPermitted('this user is not root');
      await run('ss', ['-V']).catch((cause: unknown) => {
        throw notPermitted('there is no program ss', cause);
      });
    },
    async inject() {
      const carrier = await carrierOf(target);
      if (carrier === undefined) return undefined;
      const before = await connectionsOfProcess(carrier.pid);
      if (before.length === 0) return undefined;
      for (const { local, remote } of before) await run('ss', ['-K', 'src', local, 'dst', remote]);
      const left = new Set((await connectionsOfProcess(carrier.pid)).map(({ inode }) => inode));
      const cut = before.filter(({ inode }) => !left.has(inode));
      if (cut.length === 0)
        throw notPermitted('the kernel does not cut connections (CONFIG_INET_DIAG_DESTROY)');
      return `cut ${cut.length} connections: ${cut.map(shown).join(', ')}`;
    },
    heal: nothingToHeal,
  };
}

function shown({ local, remote }: Connected): string {
  return `${local} to ${remote}`;
}

function notPermitted(why: string, cause?: unknown): NstackError {
  return new NstackError('permission', `connections cannot be cut here: ${why}`, {
    hint: 'Put a proxy between the workflow and its broker, and cut there: --command-fault and --command-heal run its commands.',
    ...(cause === undefined ? {} : { cause }),
  });
}
