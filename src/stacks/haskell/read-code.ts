import { type Diagnostic, NstackError } from '../../core/index.ts';
import { openParser } from '../code/grammar.ts';
import type { CodeApi, ServiceFolder } from '../stack.ts';
import { type HaskellEntry, haskellEntry } from './entry.ts';
import { nameOf } from './read-code/functions.ts';
import { type OwnModules, readOwnModules } from './read-code/own-modules.ts';
import { listServed, readServedFunctions } from './read-code/served-functions.ts';
import { syntaxFaults } from './read-code/syntax-faults.ts';
import { createTypeReader } from './read-code/types.ts';

/**
 * Reads the code of a Haskell service without compiling it: the functions that its module gives out, with their types, as far as the author's own
 * modules say them. Faults of the file itself are diagnostics. Fails with `file-missing`, `file-unreadable` or `manifest-invalid`.
 */
export async function readHaskellCode(
  service: ServiceFolder,
): Promise<{ readonly api: CodeApi; readonly diagnostics: readonly Diagnostic[] }> {
  try {
    return await withModules(service, (own, { text }) => {
      const diagnostics = syntaxFaults(own.entry, text);
      const broken = diagnostics.some(({ severity }) => severity === 'error');
      const api = broken ? noApi : readServedFunctions(own, createTypeReader(own));
      return { api, diagnostics };
    });
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'build-failed') throw error;
    return { api: noApi, diagnostics: error.diagnostics };
  }
}

/** What the program of a service is told of a function, for its messages. */
export interface ServedFunction {
  readonly name: string;
  /** In the entry module, from 1. */
  readonly line: number;
  readonly column: number;
  /** Names of parameters by position, as far as the first equation has any; else empty. */
  readonly parameters: readonly string[];
}

/**
 * The names of what the entry module gives out and may be a function, in order, with their places in the file; too many rather than too few where
 * the file cannot be read well. Fails as {@link haskellEntry} does.
 */
export async function servedFunctions(service: ServiceFolder): Promise<readonly ServedFunction[]> {
  return withModules(service, (own) =>
    listServed(own).map(({ name, place: { line, column }, definition }) => ({
      name,
      line,
      column,
      parameters: definition?.value.patterns.map((pattern) => nameOf(pattern) ?? '') ?? [],
    })),
  );
}

const noApi: CodeApi = { functions: [], notes: [] };

async function withModules<T>(
  service: ServiceFolder,
  use: (own: OwnModules, entry: HaskellEntry) => T,
): Promise<T> {
  const entry = await haskellEntry(service);
  const parser = await openParser('haskell');
  try {
    const own = await readOwnModules(service, entry, parser);
    try {
      return use(own, entry);
    } finally {
      own.close();
    }
  } finally {
    parser.delete();
  }
}
