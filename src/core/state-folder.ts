import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { NstackError } from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a supervisor keeps what outlives it: `$NSTACK_STATE`, else `$XDG_STATE_HOME/nstack`, else `~/.local/state/nstack`. Absolute; need not be there.
 */
export function stateFolder(env: Environment): string {
  const { NSTACK_STATE: own, XDG_STATE_HOME: xdg } = env;
  if (own) {
    if (isAbsolute(own)) return resolve(own);
    throw new NstackError('usage', `NSTACK_STATE is the relative path ${JSON.stringify(own)}`, {
      hint: 'Give the absolute path: a relative one would be another folder in every working folder.',
    });
  }
  // The XDG Base Directory Specification has relative paths ignored.
  if (xdg && isAbsolute(xdg)) return join(xdg, 'nstack');
  return join(env.HOME || homedir(), '.local', 'state', 'nstack');
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
