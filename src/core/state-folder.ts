import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { NstackError } from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Absolute path of the folder in which a supervisor keeps what outlives it: `$NSTACK_STATE`, else the user's own. */
export function stateFolder(env: Environment): string {
  if (env.NSTACK_STATE) return resolve(env.NSTACK_STATE);
  const home = env.HOME || homedir();
  return join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'nstack');
}

/** What in a state folder is known to more than its supervisor. */
export const stateFiles = Object.freeze({
  token: 'token',
  log: 'supervisor.log',
});

/** Bytes that the path of a Unix socket may have on Linux (unix(7): 108 with the closing zero). */
const longestSocketPath = 107;

/** The socket that the API of a state folder's supervisor listens on. Throws NstackError where the path would be too long for one. */
export function socketPath(folder: string): string {
  const path = join(folder, 'supervisor.sock');
  const length = Buffer.byteLength(path);
  if (length <= longestSocketPath) return path;
  throw new NstackError(
    'usage',
    `the path of the supervisor's socket has ${length} bytes, and the system takes ${longestSocketPath}: ${path}`,
    { hint: 'Set NSTACK_STATE to a folder with a shorter path.' },
  );
}
