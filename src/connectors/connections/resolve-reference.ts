import { isUtf8 } from 'node:buffer';
import { readSmallFile, systemCode } from '../../core/read-small-file.ts';
import type { Reference } from './connections-file.ts';

/** Why a reference leads to no text: completes a sentence that begins with the setting. Holds nothing of what was found. */
export class ReferenceFailure extends Error {}

/** Bytes that a secret may have. */
const largestSecret = 1024 * 1024;

/**
 * The text that a reference leads to: an environment variable, a file or what a command prints, the last line break of these two cut off. Fails
 * with {@link ReferenceFailure}; with the signal's reason where that is aborted.
 */
export async function resolveReference(
  reference: Reference,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string> {
  const text = await textOf(reference, env, signal);
  if (text === '') throw new ReferenceFailure('it is empty');
  return text;
}

async function textOf(
  reference: Reference,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string> {
  switch (reference.kind) {
    case 'env': {
      const value = env[reference.name];
      if (value === undefined)
        throw new ReferenceFailure(`the environment variable ${reference.name} is not set`);
      return value;
    }
    case 'file':
      return withoutLineBreak(await bytesOfFile(reference.path));
    case 'command':
      return withoutLineBreak(await printedBy(reference, signal));
  }
}

async function bytesOfFile(path: string): Promise<Buffer> {
  const read = await readSmallFile(path, largestSecret).catch((error: unknown) => {
    const code = systemCode(error);
    const words: Readonly<Partial<Record<string, string>>> = {
      ENOENT: `there is no file ${path}`,
      EACCES: `this user may not read the file ${path}`,
    };
    throw new ReferenceFailure(
      words[code ?? ''] ??
        (code === undefined ? `${path} is no ordinary file` : `${path} cannot be read (${code})`),
      { cause: error },
    );
  });
  if (typeof read === 'number')
    throw new ReferenceFailure(
      `the file ${path} has more than the ${largestSecret} bytes that a secret may have`,
    );
  return read.bytes;
}

async function printedBy(
  { command, folder }: Extract<Reference, { kind: 'command' }>,
  signal: AbortSignal,
): Promise<Buffer> {
  const { CommandFailure, runSecretCommand } = await import('./run-secret-command.ts');
  try {
    return await runSecretCommand(command, folder, largestSecret, signal);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new ReferenceFailure(`the command ${command[0]} ${error.message}`, { cause: error });
  }
}

function withoutLineBreak(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new ReferenceFailure('it is no UTF-8 text');
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}
