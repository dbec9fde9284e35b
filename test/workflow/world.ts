import { parseManifest } from '../../src/manifest/index.ts';
import type { RegisteredService } from '../../src/registry/index.ts';
import type { ConnectorInfo, World } from '../../src/workflow/index.ts';

/** A service as the registry would list it. */
export function service(name: string, version: string, api: string, more = ''): RegisteredService {
  const text = `name: ${name}\nversion: ${version}\nstack: python\napi: |\n${api.trim().replaceAll(/^/gm, '  ')}\n${more}`;
  const { manifest, diagnostics } = parseManifest(text, 'nstack.yaml');
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const image = `nstack/${name.toLowerCase()}:${version}`;
  return {
    name,
    version,
    image,
    imageId: `sha256:${name}-${version}`,
    manifest,
    built: '2025-01-01T00:00:00Z',
    size: 1,
  };
}

const none = { type: 'object', properties: {}, additionalProperties: false };
const path = { type: 'string', minLength: 1 };

/** Connectors with the schemas that matter here; the real ones are tested with their own folder. */
export const connectors: readonly ConnectorInfo[] = [
  {
    name: 'file',
    aliases: [],
    source: {
      schema: {
        type: 'object',
        properties: { path, as: { enum: ['ndjson', 'csv', 'parquet'] } },
        required: ['path'],
        additionalProperties: false,
      },
      short: 'path',
    },
    sink: {
      schema: { type: 'object', properties: { path }, required: ['path'], additionalProperties: false },
      short: 'path',
    },
  },
  {
    name: 'rabbitMQ',
    aliases: ['rabbit'],
    sink: { schema: { type: 'object', properties: { queue: path } }, short: 'queue' },
  },
  { name: 'stdin', aliases: [], source: { schema: none, short: '' } },
  { name: 'stdout', aliases: [], sink: { schema: none, short: '' } },
  { name: 'log', aliases: [], sink: { schema: none, short: '' } },
];

const flight = 'type Flight = { id: Text, delay: Integer, from: optional Text }';
const clean = service(
  'Clean',
  '1.0.0',
  `${flight}\nclean: { id: Text, delay: Integer } -> Flight\nupper: Text -> Text`,
);

export const services: readonly RegisteredService[] = [
  clean,
  service(
    'Clean',
    '1.2.0-SNAPSHOT',
    `${flight}\nclean: { id: Text, delay: Integer } -> Flight\nupper: Text -> Text`,
  ),
  service('Clean', '0.9.0', `${flight}\nclean: Text -> Flight`),
  service(
    'Score',
    '1.0.0',
    'type Flight = { id: Text, delay: Double }\nscore: Flight -> { id: Text, score: Double }',
    'config: { threshold: { type: Integer, default: 15 }, label: Text, weights: { type: "[Double]", default: [] } }\n',
  ),
  service('Late', '1.0.0', 'late: { delay: Integer } -> Boolean'),
  service('Demo', '1.0.0', 'numChars: Text -> Integer\nother: Text -> Integer'),
  service('Demo.NumChars', '0.1.0', 'numChars: Text -> Integer'),
  service('acme/Clean', '1.0.0', 'run: Text -> Text'),
  service('Pair', '1.0.0', 'split: Text -> (Text, Integer)\njoin: (Text, Integer) -> Text'),
  service('Blob', '1.0.0', 'pack: Bytes -> Bytes'),
  service('Ends', '1.0.0', 'tick: Void -> Text\ndrop: Text -> Void'),
];

export const world: World = { services, connectors, file: 'w.nst' };
