import { type Diagnostic, NstackError, type Place } from '../../core/index.ts';
import type { Connection, Connector } from '../connector.ts';
import { findConnector } from '../connectors.ts';
import type { ConnectionDescription, ReferencedSetting } from './connections-file.ts';
import { referenceWords } from './read-reference.ts';
import { ReferenceFailure, resolveReference } from './resolve-reference.ts';
import { urlPassword } from './url-password.ts';

export interface ResolveOptions {
  /** By default the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** By default those there are. */
  readonly findConnector?: (name: string) => Connector | undefined;
}

/**
 * The connection with the texts that its references lead to. Fails with `connection-invalid`: its message names the connection, each setting at fault, its reference and
 * its place, and never a value.
 */
export async function resolveConnection(
  description: ConnectionDescription,
  signal: AbortSignal,
  options: ResolveOptions = {},
): Promise<Connection> {
  const { name, system, references } = description;
  const { env = process.env, findConnector: find = findConnector } = options;
  const outcomes = await Promise.all(
    references.map(async (setting) => ({ setting, ...(await tryToResolve(setting, env, signal)) })),
  );
  signal.throwIfAborted();
  const faults = outcomes.flatMap(({ setting, fault }) => (fault === undefined ? [] : [{ setting, fault }]));
  if (faults.length > 0) throw unresolved(name, faults);
  const settings = structuredClone(description.settings) as Record<string, unknown>;
  for (const { setting, text } of outcomes) put(settings, setting.path, text);
  const misfits = await misfitsOf(settings, references, find(system)?.connection?.schema);
  if (misfits.length > 0) throw unresolved(name, misfits);
  const secrets = outcomes.flatMap(({ setting, text = '' }) => secretsIn(setting, text));
  return { name, system, settings, secrets };
}

interface Fault {
  readonly setting: ReferencedSetting;
  readonly fault: string;
}

async function tryToResolve(
  { reference }: ReferencedSetting,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ readonly text?: string; readonly fault?: string }> {
  try {
    return { text: await resolveReference(reference, env, signal) };
  } catch (error) {
    if (!(error instanceof ReferenceFailure)) throw error;
    return { fault: error.message };
  }
}

/** A text that is a URL has its password in it, also where its setting is called no secret. */
function secretsIn({ secret }: ReferencedSetting, text: string): readonly string[] {
  const password = urlPassword(text);
  return [...(secret ? [text] : []), ...(password === undefined ? [] : [password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Constraints on texts could not be checked while these were references: patterns, lengths, choices. */
async function misfitsOf(
  settings: unknown,
  references: readonly ReferencedSetting[],
  schema: object | undefined,
): Promise<readonly Fault[]> {
  if (schema === undefined || references.length === 0) return [];
  const { misfitsOfValues } = await import('./check-values.ts');
  const misfits = misfitsOfValues(settings, schema);
  return references.flatMap((setting) => {
    const fault = misfits.get(JSON.stringify(setting.path));
    return fault === undefined ? [] : [{ setting, fault: `its value ${fault}` }];
  });
}

function put(settings: Record<string, unknown>, path: readonly (string | number)[], text: unknown): void {
  const around = path
    .slice(0, -1)
    .reduce<unknown>((value, segment) => Reflect.get(Object(value), segment), settings);
  Reflect.set(Object(around), path.at(-1) ?? '', text);
}

function unresolved(name: string, faults: readonly Fault[]): NstackError {
  const texts = faults.map(
    ({ setting: { path, reference, place }, fault }) =>
      `${path.join('.')} (${referenceWords(reference)}, ${where(place)}): ${fault}`,
  );
  const diagnostics: readonly Diagnostic[] =
    faults.length === 1
      ? []
      : faults.map(({ setting: { path, reference, place }, fault }) => ({
          code: 'unresolved',
          severity: 'error',
          message: `${path.join('.')} of the connection ${name} is ${referenceWords(reference)}: ${fault}`,
          place,
        }));
  const [only] = texts;
  return new NstackError(
    'connection-invalid',
    texts.length === 1
      ? `the connection ${name}: ${only}`
      : `the connection ${name} has ${texts.length} references that lead nowhere`,
    { hint: `Correct it, then try: nstack connections test ${name}`, diagnostics },
  );
}

export function where({ file, line }: Place): string {
  return `${file}:${line}`;
}
