import { dirname } from 'node:path';
import { deepFreeze, nearestWord } from '../../core/index.ts';
import {
  decodeSource,
  type Path,
  pathText,
  type Reporter,
  readYaml,
  show,
  type TextKind,
  yamlReporter,
} from '../../manifest/index.ts';
import type { Connector } from '../connector.ts';
import { checkSettings, compileSettings, type ValidateSettings } from './check-settings.ts';
import type { ConnectionDescription, ConnectionsFile, SecretDescription } from './connections-file.ts';
import { hideValues } from './hide-values.ts';
import { readReference } from './read-reference.ts';
import { isMapping, openNames } from './settings-schema.ts';
import { urlPassword } from './url-password.ts';

export const connectionsText: TextKind = {
  noun: 'a connections file',
  quotable: false,
  hints: {
    tooLarge: 'it holds settings alone; certificates and the like stay in files of their own: {file: path}',
    severalDocuments: 'an environment has one file, with all its connections',
  },
};

/** What a file's text is read with. */
export interface ConnectionsText {
  /** Absolute path of the file; what it refers to is looked for from its folder. */
  readonly path: string;
  /** Path as the user would type it. */
  readonly file: string;
  readonly connectors: readonly Connector[];
}

/** The text of a connections file, checked. Never throws, and ends in bounded time and memory whatever the bytes are. */
export function parseConnections(
  bytes: Uint8Array | string,
  { path, file, connectors }: ConnectionsText,
): ConnectionsFile {
  const empty = { file, connections: [], secrets: [] };
  const open = openNames(connectors);
  const source = decodeSource(bytes, file, connectionsText);
  if (!('text' in source)) return { ...empty, diagnostics: hideValues(source, '', undefined, open) };
  const yaml = readYaml(source);
  if (yaml === undefined) {
    return { ...empty, diagnostics: hideValues(source.findings.diagnostics, source.text, undefined, open) };
  }
  const reporter = yamlReporter(source, yaml);
  const reading: Reading = { file, folder: dirname(path), connectors, open, reporter, compiled: new Map() };
  const top = mappingAt(yaml.value, [], reading) ?? {};
  reportUnknown(top, ['connections', 'secrets'], reporter);
  const connections = readConnectionList(top.connections, reading);
  const secrets = readSecretList(top.secrets, reading);
  const diagnostics = hideValues(reporter.diagnostics, source.text, yaml, open);
  return deepFreeze({ file, connections, secrets, diagnostics });
}

interface Reading {
  readonly file: string;
  readonly folder: string;
  readonly connectors: readonly Connector[];
  /** Names of settings whose values may be shown. */
  readonly open: ReadonlySet<string>;
  readonly reporter: Reporter;
  readonly compiled: Map<object, ValidateSettings>;
}

function readConnectionList(value: unknown, reading: Reading): readonly ConnectionDescription[] {
  const { reporter } = reading;
  const entries = mappingAt(value, ['connections'], reading) ?? {};
  const seen = new Map<string, string>();
  return Object.entries(entries).flatMap(([name, entry]) => {
    const path = ['connections', name];
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin !== undefined) {
      reporter.report(
        path,
        'duplicate-key',
        `the names of connections ignore case: ${twin} and ${name} are one`,
        {
          at: 'key',
        },
      );
    }
    if (!/^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$/.test(name) || name.length > 64) {
      reporter.report(path, 'wrong-key', `${show(name)} can be no connection's name`, {
        hint: 'a name has letters and digits, with - or _ between them, and begins with a letter',
        at: 'key',
      });
      return [];
    }
    const settings = mappingAt(entry, path, reading);
    const connection = settings === undefined ? undefined : readConnection(name, settings, reading);
    return connection === undefined ? [] : [connection];
  });
}

function readConnection(
  name: string,
  entry: Readonly<Record<string, unknown>>,
  reading: Reading,
): ConnectionDescription | undefined {
  const { file, folder, open, reporter, compiled } = reading;
  const path = ['connections', name];
  const { system, ...settings } = entry;
  const connector = systemOf(name, system, reading);
  const plain = reportUrlPasswords(settings, path, reporter);
  if (connector?.connection === undefined) return undefined;
  const { schema } = connector.connection;
  const validate = compiled.get(schema) ?? compileSettings(schema);
  compiled.set(schema, validate);
  const check = { schema, validate, path, folder, mayShow: (setting: string) => open.has(setting) };
  const references = checkSettings(settings, check, reporter);
  if (references === undefined || plain) return undefined;
  return {
    name,
    system: connector.name,
    settings,
    references: references.map((reference) => ({ ...reference, place: { ...reference.place, file } })),
    place: { file, ...reporter.position(path, 'key') },
  };
}

/** The system that a connection is to: the one that it says, else the one whose name it bears. */
function systemOf(name: string, system: unknown, { connectors, reporter }: Reading): Connector | undefined {
  const path = ['connections', name];
  const known = connectors.filter(({ connection }) => connection !== undefined);
  const names = known.map((connector) => connector.name);
  const systems =
    names.length === 0 ? 'no system here has connections' : `the systems are ${names.join(', ')}`;
  const own = called(name, connectors);
  if (system === undefined) {
    if (own?.connection !== undefined) return own;
    const hint = nearestWord(name, names);
    reporter.report(path, 'missing-key', `the connection ${name} does not say which system it is to`, {
      hint: `add a line such as "system: ${hint ?? names[0] ?? 'kafka'}"; ${systems}`,
      at: 'key',
    });
    return undefined;
  }
  const found = typeof system === 'string' ? called(system, connectors) : undefined;
  if (found?.connection === undefined) {
    const nearest = typeof system === 'string' ? nearestWord(system, names) : undefined;
    const message =
      found === undefined ? `there is no system ${show(system)}` : `${found.name} takes no connection`;
    reporter.report([...path, 'system'], 'unknown-system', message, {
      hint: nearest === undefined ? systems : `did you mean "${nearest}"?`,
    });
    return undefined;
  }
  if (own !== undefined && own !== found) {
    reporter.report(
      path,
      'wrong-key',
      `the connection ${name} is to ${found.name}, yet ${name} means ${own.name} in a workflow`,
      { hint: 'give it another name', at: 'key' },
    );
    return undefined;
  }
  return found;
}

function called(name: string, connectors: readonly Connector[]): Connector | undefined {
  const wanted = name.toLowerCase();
  return connectors.find((connector) =>
    [connector.name, ...connector.aliases].some((known) => known.toLowerCase() === wanted),
  );
}

function readSecretList(value: unknown, reading: Reading): readonly SecretDescription[] {
  const { file, folder, reporter } = reading;
  const entries = mappingAt(value, ['secrets'], reading) ?? {};
  return Object.entries(entries).flatMap(([name, entry]) => {
    const path = ['secrets', name];
    if (!/^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$/.test(name) || name.length > 64) {
      reporter.report(path, 'wrong-key', `${show(name)} can be no secret's name`, {
        hint: 'a name has letters, digits, and _ - . between them',
        at: 'key',
      });
      return [];
    }
    const reference = readReference(entry, path, folder, reporter);
    return reference === undefined
      ? []
      : [{ name, reference, place: { file, ...reporter.position(path, 'key') } }];
  });
}

/** A mapping, or nothing written as one; undefined with a finding for all else. */
function mappingAt(
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

function reportUnknown(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  reporter: Reporter,
): void {
  for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
    const nearest = nearestWord(key, known);
    const hint =
      nearest === undefined
        ? `the keys are ${known.join(', ')}; a connection stands below "connections:"`
        : `did you mean "${nearest}"?`;
    reporter.report([key], 'unknown-key', `unknown key ${show(key)}`, { hint, at: 'key' });
  }
}

/** A URL with a password in it is a secret in plain text, whatever the setting is called. Answers whether there is one. */
function reportUrlPasswords(value: unknown, path: Path, reporter: Reporter): boolean {
  if (typeof value === 'string' && urlPassword(value) !== undefined) {
    reporter.report(path, 'plain-secret', `${pathText(path)} is a URL with a password in it`, {
      hint: 'give the password in a setting of its own, or the whole URL as a reference: {env: NAME}, {file: path} or {command: [program, argument]}',
    });
    return true;
  }
  const parts: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isMapping(value)
      ? Object.entries(value)
      : [];
  return parts.map(([key, item]) => reportUrlPasswords(item, [...path, key], reporter)).includes(true);
}
