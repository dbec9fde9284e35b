import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the policy is. One that somebody named must be there; the usual one need not. */
export interface PolicyFile {
  /** Absolute. */
  readonly path: string;
  readonly named: boolean;
}

/** The file that the flag names (from `cwd`), else `$NSTACK_POLICY`, else policy.yaml in nstack's config folder. */
export function policyFile(
  env: Readonly<Record<string, string | undefined>>,
  flag: string | undefined,
  cwd: string = process.cwd(),
): PolicyFile {
  const named = flag || env.NSTACK_POLICY;
  if (named) return { path: resolve(cwd, named), named: true };
  const home = env.HOME || homedir();
  return { path: join(env.XDG_CONFIG_HOME || join(home, '.config'), 'nstack', 'policy.yaml'), named: false };
}
