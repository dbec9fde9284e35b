import { type Path, pathText, type Reporter } from '../../manifest/index.ts';
import type { Connector } from '../connector.ts';
import type { ValidateSettings } from './compile-settings.ts';
import { isMapping } from './settings-schema.ts';

/** What is known while one connections file is read. */
export interface Reading {
  readonly file: string;
  readonly folder: string;
  readonly connectors: readonly Connector[];
  /** Names of settings whose values may be shown. */
  readonly open: ReadonlySet<string>;
  readonly reporter: Reporter;
  readonly compiled: Map<object, ValidateSettings>;
}

/** A mapping, or nothing written as one; undefined with a finding for all else. */
export function mappingAt(
  value: unknown,
  path: Path,
  { reporter }: Reading,
): Readonly<Record<string, unknown>> | undefined {
  if (value === null || value === undefined) return {};
  if (isMapping(value)) return value;
  const name = path.length === 0 ? 'a connections file' : pathText(path);
  const found = Array.isArray(value) ? 'a list' : 'a single value';
  reporter.report(path, 'wrong-value', `${name} must be a mapping, found ${found}`, {
    hint: path.length === 0 ? 'it has the keys connections and secrets' : undefined,
  });
  return undefined;
}
