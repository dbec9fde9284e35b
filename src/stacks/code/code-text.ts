import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { NstackError } from '../../core/index.ts';

const largestFile = 4 * 1024 * 1024;

/**
 * The text of a code file of a service. `file` is its path as the user would type it. Fails with `file-missing`, or with `file-unreadable` where
 * it is larger than 4 MiB or no UTF-8.
 */
export async function readCodeText(path: string, file: string, service: string): Promise<string> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
  if (size === undefined) {
    throw new NstackError('file-missing', `${service} has no code: there is no file ${file}`, {
      hint: `Write the functions of its api there, or say where they are with "entry".`,
    });
  }
  if (size > largestFile) {
    throw new NstackError(
      'file-unreadable',
      `${file} holds ${size} bytes, and code is at most ${largestFile}`,
    );
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new NstackError('file-unreadable', `${file} cannot be read`, { cause });
  });
  if (!isUtf8(bytes)) {
    throw new NstackError('file-unreadable', `${file} is not UTF-8`, { hint: 'Save it as UTF-8.' });
  }
  return new TextDecoder().decode(bytes);
}
