import { access } from 'node:fs/promises';
import { connectionsPath } from '../connectors/connections/index.ts';
import { NstackError } from '../core/index.ts';
import type { CliContext, CliOptions } from './command.ts';

/** Absolute path of the connections file that a command uses. One that somebody named must be there; the usual one need not. */
export async function connectionsFile(
  { env, cwd }: Pick<CliContext, 'env' | 'cwd'>,
  flag: CliOptions[string],
): Promise<string> {
  const named = (typeof flag === 'string' ? flag : '') || env.NSTACK_CONNECTIONS;
  const path = connectionsPath(env, named, cwd);
  if (!named) return path;
  await access(path).catch((cause: unknown) => {
    throw new NstackError('file-missing', `there is no connections file ${named}`, { cause });
  });
  return path;
}
