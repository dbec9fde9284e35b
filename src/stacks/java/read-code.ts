import { dirname, join, posix } from 'node:path';
import type { Diagnostic } from '../../core/index.ts';
import { argumentTypes, type FunctionType } from '../../types/index.ts';
import { readCodeText } from '../code/code-text.ts';
import { openParser } from '../code/grammar.ts';
import type { CodeApi, CodeFunction, ServiceFolder } from '../stack.ts';
import { javaEntry } from './entry.ts';
import { parseJava } from './read-code/java-file.ts';
import { createNames } from './read-code/names.ts';
import { servedClass } from './read-code/served-class.ts';
import { readServedMethods } from './read-code/served-methods.ts';
import { createSourceTree } from './read-code/source-tree.ts';
import { javaSyntaxErrors } from './read-code/syntax.ts';
import { withTuples } from './read-code/tuples.ts';
import { createTypeReader } from './read-code/type-reader.ts';

/**
 * Reads the code of a Java service without compiling it: the public methods of its class with their types, as far as the author's own files say
 * them. Faults of the file itself are diagnostics. Fails with `file-missing`, `file-unreadable` or `manifest-invalid`.
 */
export async function readJavaCode(
  service: ServiceFolder,
): Promise<{ readonly api: CodeApi; readonly diagnostics: readonly Diagnostic[] }> {
  const { path, sourceRoot } = await javaEntry(service);
  const shownRoot = dirname(service.manifestFile);
  const file = join(shownRoot, path);
  const text = await readCodeText(join(service.root, path), file, service.manifest.name);
  const parser = await openParser('java');
  const entry = parseJava(parser, file, text);
  const tree = createSourceTree(parser, {
    root: join(service.root, sourceRoot),
    shown: join(shownRoot, sourceRoot),
    entry,
    entryPath: posix.relative(sourceRoot, path),
  });
  try {
    const broken = javaSyntaxErrors(entry);
    if (broken.length > 0) return { api: nothing, diagnostics: broken };
    const { declaration, diagnostics } = servedClass(entry, posix.basename(path, '.java'));
    if (declaration === undefined || diagnostics.length > 0) return { api: nothing, diagnostics };
    const names = createNames(tree);
    const declared = new Map(service.manifest.api.functions.map((fn) => [fn.name, fn]));
    const arity = (name: string) => {
      const input = declared.get(name)?.input;
      return input === undefined ? undefined : argumentTypes(input).length;
    };
    const api = readServedMethods(declaration, names, createTypeReader(names), arity);
    const functions = api.functions.map((found) =>
      asSource(withTuples(found, declared.get(found.name)), declared.get(found.name)),
    );
    // What is told of a source that is confirmed is no function.
    const hooks = new Set(functions.flatMap(({ name, source }) => (source === true ? [`${name}Ack`] : [])));
    return {
      api: { ...api, functions: functions.filter(({ name }) => !hooks.has(name)) },
      diagnostics,
    };
  } finally {
    tree.close();
    entry.close();
    parser.delete();
  }
}

/** A list is gone through where a source is declared. */
function asSource(found: CodeFunction, declared: FunctionType | undefined): CodeFunction {
  if (declared?.input.kind !== 'void' || found.result.kind !== 'list') return found;
  return { ...found, source: true, result: found.result.item };
}

const nothing: CodeApi = { functions: [], notes: [] };
