import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../core/index.ts';
import { argumentTypes } from '../../types/index.ts';
import { readCodeText } from '../code/code-text.ts';
import { openParser } from '../code/grammar.ts';
import { syntaxErrors } from '../code/syntax-errors.ts';
import type { CodeApi, ServiceFolder } from '../stack.ts';
import { entryOf } from './entry.ts';
import { createHintReader } from './read-code/hints.ts';
import { parsePython } from './read-code/python-file.ts';
import { readScope } from './read-code/scope.ts';
import { readServedFunctions } from './read-code/served-functions.ts';

/**
 * Reads the code of a Python service without running it: its functions with their types, as far as the file alone says them.
 * Faults of the file itself are diagnostics. Fails with `file-missing` or `file-unreadable`.
 */
export async function readPythonCode(
  service: ServiceFolder,
): Promise<{ readonly api: CodeApi; readonly diagnostics: readonly Diagnostic[] }> {
  const entry = entryOf(service);
  const file = join(dirname(service.manifestFile), entry);
  const text = await readCodeText(join(service.root, entry), file, service.manifest.name);
  const parser = await openParser('python');
  const source = parsePython(parser, file, text);
  try {
    const broken = syntaxErrors(source, 'Python');
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
