import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Diagnostic, NstackError } from '../../core/index.ts';
import { argumentTypes } from '../../types/index.ts';
import type { CodeApi, ServiceFolder } from '../stack.ts';
import { openPythonParser } from './read-code/grammar.ts';
import { createHintReader } from './read-code/hints.ts';
import { parsePython } from './read-code/python-file.ts';
import { readScope } from './read-code/scope.ts';
import { readServedFunctions } from './read-code/served-functions.ts';
import { syntaxErrors } from './read-code/syntax-errors.ts';

const defaultEntry = 'service.py';
const largestFile = 4 * 1024 * 1024;

/**
 * Reads the code of a Python service without running it: its functions with their types, as far as the file alone says them.
 * Faults of the file itself are diagnostics. Fails with `file-missing` or `file-unreadable`.
 */
export async function readPythonCode(
  service: ServiceFolder,
): Promise<{ readonly api: CodeApi; readonly diagnostics: readonly Diagnostic[] }> {
  const entry = service.manifest.entry ?? defaultEntry;
  const file = join(dirname(service.manifestFile), entry);
  const text = await readCodeFile(join(service.root, entry), file, service.manifest.name);
  const parser = await openPythonParser();
  const source = parsePython(parser, file, text);
  try {
    const broken = syntaxErrors(source);
    if (broken.length > 0) return { api: { functions: [], notes: [] }, diagnostics: broken };
    const scope = readScope(source);
    const arities = new Map(
      service.manifest.api.functions.map(({ name, input }) => [name, argumentTypes(input).length]),
    );
    return readServedFunctions({
      source,
      scope,
      reader: createHintReader(source, scope),
      arity: (name) => arities.get(name),
    });
  } finally {
    source.close();
    parser.delete();
  }
}

async function readCodeFile(path: string, file: string, service: string): Promise<string> {
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
