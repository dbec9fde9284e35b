import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { NstackError } from '../core/index.ts';

/** The token in the file, made where there is none. Throws NstackError where others can read it. */
export async function readToken(path: string): Promise<string> {
  try {
    await writeFile(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new NstackError('permission', `the token in ${path} can be read by other users`, {
      hint: 'Remove the file: a new token is made at the next start.',
    });
  }
  const token = (await readFile(path, 'utf8').catch((error) => Promise.reject(unusable(path, error)))).trim();
  if (token.length < 32) {
    throw new NstackError('usage', `the token in ${path} is too short to be safe`, {
      hint: 'Remove the file: a new token is made at the next start.',
    });
  }
  return token;
}

function unusable(path: string, cause: unknown): NstackError {
  return new NstackError('file-unwritable', `the token file ${path} cannot be used: ${String(cause)}`, {
    cause,
  });
}

/** Whether an `authorization` header holds the token, found out in a time that tells nothing about it. */
export function createTokenCheck(token: string): (header: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(`Bearer ${token}`);
  return (header) => timingSafeEqual(digest((header ?? '').replace(/^bearer +/i, 'Bearer ')), wanted);
}
