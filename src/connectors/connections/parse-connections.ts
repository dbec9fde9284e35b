import { dirname } from 'node:path';
import { deepFreeze, nearestWord } from '../../core/index.ts';
import {
  decodeSource,
  type Reporter,
  readYaml,
  show,
  type TextKind,
  yamlReporter,
} from '../../manifest/index.ts';
import type { Connector } from '../connector.ts';
import type { ConnectionsFile } from './connections-file.ts';
import { hideValues } from './hide-values.ts';
import { readConnectionList } from './read-connection-list.ts';
import { readSecretList } from './read-secret-list.ts';
import { mappingAt, type Reading } from './reading.ts';
import { openNames } from './settings-schema.ts';

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
