import { NstackError } from '../../core/index.ts';
import { askGit } from '../ask-git.ts';
import { fixedTime } from './tar-entries.ts';

/**
 * The time an image says it was created at, ISO 8601, so that building the same source again makes the same image: SOURCE_DATE_EPOCH (seconds), else the
 * time of the last commit that touched the folder, else a constant.
 */
export async function createdTime(
  folder: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const stated = env.SOURCE_DATE_EPOCH;
  if (stated) {
    if (/^\d{1,11}$/.test(stated)) return isoTime(stated);
    throw new NstackError('usage', `SOURCE_DATE_EPOCH is "${stated}", not a number of seconds since 1970`);
  }
  const seconds = await askGit(folder, ['log', '-1', '--format=%ct', '--', '.'], signal);
  return seconds !== undefined && /^\d+$/.test(seconds) ? isoTime(seconds) : fixedTime.toISOString();
}

function isoTime(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
