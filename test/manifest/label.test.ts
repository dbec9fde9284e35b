import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NstackError } from '../../src/core/index.ts';
import { type Manifest, manifestFromJson, manifestToJson, parseManifest } from '../../src/manifest/index.ts';

function manifestOf(text: string): Manifest {
  const { manifest, diagnostics } = parseManifest(text, 'nstack.yaml');
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  return manifest;
}

const withoutPlaces = (manifest: Manifest) => ({
  ...manifest,
  packages: manifest.packages.map(({ system, spec }) => ({ system, spec })),
});

const least = 'name: Clean\nstack: python\napi: "clean: Text -> Text"\n';
const full = `name: acme/Demo.NumChars
version: 1.2.0
stack: { language: python, version: "3.10" }
api: |
  type Level = Low () | High { by: Double }
  count: Text -> Integer
packages: [libsvm, apt:ffmpeg, "pip:numpy>=2,<3"]
entry: code/main.py
parent: Framework:2.0.0
files: [data/*]
commands: [make]
config:
  threshold: { type: Integer, default: 15, description: Minutes }
  nothing: { type: optional Text, default: null }
  level: { type: "[Level]", default: [{ High: { by: 1 } }] }
  label: Text
limits: { memory: 1GiB, cpu: 0.5, pids: 10, timeout: 1ms, startTimeout: 2m, message: 64KiB }
network: open
env: { PORT: 8080 }
secrets: [KEY]
replicas: 3
description: Counts
`;

describe('a label', () => {
  test.each([least, full])('holds the whole manifest', (text) => {
    const manifest = manifestOf(text);
    const read = manifestFromJson(manifestToJson(manifest));
    expect(withoutPlaces(read)).toEqual(withoutPlaces(manifest));
    expect(manifestToJson(read)).toBe(manifestToJson(manifest));
  });

  test('does not change when nstack.yaml is written another way', () => {
    const other =
      'api: "clean: Text -> Text"\nname:   Clean\nversion: 0.0.1-SNAPSHOT\nstack: { language: python }\npackages: []\n';
    expect(manifestToJson(manifestOf(other))).toBe(manifestToJson(manifestOf(least)));
  });

  test.each([
    ['no JSON', 'hello', 'Unexpected token'],
    ['no mapping', '[]', 'a manifest must be a mapping'],
    ['nothing', 'null', 'a manifest must be a mapping'],
    ['a prototype', '{"__proto__": {"name": "x"}}', 'the key __proto__ may not stand in a manifest'],
    [
      'a prototype deep down',
      '{"config": {"a": {"default": {"__proto__": 1}}}}',
      'the key __proto__ may not stand in a manifest',
    ],
    [
      'a path that leads out',
      JSON.stringify({ ...JSON.parse(manifestToJson(manifestOf(least))), entry: '../x' }),
      'leads out of the folder',
    ],
    [
      'an option as a package',
      JSON.stringify({ ...JSON.parse(manifestToJson(manifestOf(least))), packages: ['--x'] }),
      'no name of a package',
    ],
    [
      'a fault in its api',
      JSON.stringify({ ...JSON.parse(manifestToJson(manifestOf(least))), api: 'f: Txt -> Text' }),
      'there is no type Txt',
    ],
    ['too much', JSON.stringify({ description: 'x'.repeat(2 ** 21) }), 'it has 2097170 characters'],
    ['depth', '['.repeat(200_000), ''],
  ])('that holds %s is refused', (_, text, message) => {
    expect(() => manifestFromJson(text)).toThrow(NstackError);
    expect(() => manifestFromJson(text)).toThrow(/the label io\.nstack\.manifest holds no manifest/);
    expect(() => manifestFromJson(text)).toThrow(message);
  });

  test('of any other JSON is refused with an NstackError', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => manifestFromJson(text)).toThrow(NstackError);
      }),
    );
  });
});
