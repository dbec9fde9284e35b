import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Absolute path of the connections file: the one that the flag names (from `cwd`), else `$NSTACK_CONNECTIONS`, else connections.yaml in
 * nstack's config folder. Nothing says that it is there.
 */
export function connectionsPath(
  env: Readonly<Record<string, string | undefined>>,
  flag: string | undefined,
  cwd: string = process.cwd(),
): string {
  const named = flag || env.NSTACK_CONNECTIONS;
  if (named) return resolve(cwd, named);
  const home = env.HOME || homedir();
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'nstack', 'connections.yaml');
}
