import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/index.ts';

const least = 'name: Clean\nstack: python\napi: "clean: Text -> Text"\n';

function manifestOf(text: string) {
  const { manifest, diagnostics } = parseManifest(text, 'nstack.yaml');
  expect(diagnostics).toEqual([]);
  if (manifest === undefined) throw new Error('no manifest');
  return manifest;
}

/** `line:column message (hint)` of each finding, in order. */
function faultsOf(text: string): string[] {
  const { manifest, diagnostics } = parseManifest(text, 'nstack.yaml');
  expect(manifest).toBeUndefined();
  const lines = text.split('\n');
  return diagnostics.map(({ place, message, hint, sourceLine }) => {
    expect(sourceLine).toBe(lines[(place?.line ?? 0) - 1]);
    return `${place?.line}:${place?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

/** The faults of the smallest manifest with something put behind it. */
function faultsWith(text: string): string[] {
  return faultsOf(`${least}${text}\n`).map((fault) => fault.replace(/^4:/, ''));
}

describe('a manifest', () => {
  test('that is the smallest has all defaults', () => {
    expect(manifestOf(least)).toMatchObject({
      name: 'Clean',
      version: '0.0.1-SNAPSHOT',
      stack: { language: 'python' },
      apiText: 'clean: Text -> Text',
      packages: [],
      files: [],
      commands: [],
      config: [],
      limits: {
        memory: 512 * 2 ** 20,
        cpu: 1,
        pids: 128,
        timeout: 30_000,
        startTimeout: 60_000,
        message: 16 * 2 ** 20,
      },
      network: 'none',
      env: {},
      secrets: [],
      replicas: 1,
    });
  });

  test('that is the one of the design is read whole', () => {
    const manifest = manifestOf(`name: ClickAnalytics          # or org/ClickAnalytics
version: 1.2.0
stack: {language: python, version: "3.11"}
api: |
  type Click = { user: Text, url: Text, at: Timestamp, ms: Integer }
  analyse: (Text) -> (Text)
  score: Click -> Double
packages: [libsvm, apt:ffmpeg, pip:numpy>=2]
`);
    expect(manifest.api.functions.map(({ name }) => name)).toEqual(['analyse', 'score']);
    expect(manifest.stack).toEqual({ language: 'python', version: '3.11' });
    expect(manifest.packages).toEqual([
      { system: 'os', spec: 'libsvm', line: 8, column: 12 },
      { system: 'apt', spec: 'ffmpeg', line: 8, column: 20 },
      { system: 'pip', spec: 'numpy>=2', line: 8, column: 32 },
    ]);
  });

  test('may have every key', () => {
    const manifest = manifestOf(`name: acme/Demo.NumChars
version: 1.2.0-SNAPSHOT
stack: java
api: |
  type Level = Low () | High { by: Double }
  count: Text -> Integer
entry: src/main/java
parent: acme/Framework:2.0.0
files: [data/model.bin, "words/**/*.txt"]
commands: ["echo $HOME && ls"]
config:
  threshold: { type: Integer, default: 15, description: Minutes }
  level: { type: Level, default: { High: { by: 1.50 } } }
  label: Text
limits: { memory: 1GiB, cpu: 0.5, pids: 10, timeout: 1.5s, startTimeout: 2m, message: 65536 }
network: open
env: { PORT: 8080, VERSION: 3.10, DEBUG: true, TEXT: "a b" }
secrets: [db-password, API_KEY]
replicas: 3
description: Counts
`);
    expect(manifest).toMatchObject({
      name: 'acme/Demo.NumChars',
      entry: 'src/main/java',
      parent: 'acme/Framework:2.0.0',
      files: ['data/model.bin', 'words/**/*.txt'],
      commands: ['echo $HOME && ls'],
      limits: { memory: 2 ** 30, cpu: 0.5, pids: 10, timeout: 1500, startTimeout: 120_000, message: 65_536 },
      network: 'open',
      env: { PORT: '8080', VERSION: '3.10', DEBUG: 'true', TEXT: 'a b' },
      secrets: ['db-password', 'API_KEY'],
      replicas: 3,
      description: 'Counts',
    });
    expect(manifest.config).toMatchObject([
      { name: 'threshold', type: { kind: 'integer' }, default: 15, description: 'Minutes' },
      { name: 'level', type: { kind: 'named', name: 'Level' }, default: { High: { by: 1.5 } } },
      { name: 'label', type: { kind: 'text' } },
    ]);
    expect('default' in (manifest.config[2] ?? {})).toBe(false);
  });

  test('is frozen through and through', () => {
    const manifest = manifestOf(least);
    expect(
      Object.isFrozen(manifest) &&
        Object.isFrozen(manifest.limits) &&
        Object.isFrozen(manifest.api.functions[0]?.input),
    ).toBe(true);
  });

  test('may begin with a byte order mark and have lines that end in CR LF', () => {
    const text = `\ufeff${least}packages: [LIB]\n`.replaceAll('\n', '\r\n');
    expect(manifestOf(text.replace('LIB', 'libsvm')).packages[0]).toMatchObject({ line: 4, column: 12 });
    expect(parseManifest(Buffer.from(text), 'nstack.yaml').diagnostics[0]?.place).toMatchObject({
      line: 4,
      column: 12,
    });
  });
});

describe('faults', () => {
  test('are told all at once, in the order of the text', () => {
    expect(
      faultsOf(`nam: Clean
stack: pyton
api: |
  type T = { a: Txt }

  clean: T -> Intger
limits:
  memory: 512MX
files: [../x]
`),
    ).toEqual([
      '1:1 unknown key "nam" (did you mean "name"?)',
      '2:8 stack must be python, java or haskell, found "pyton" (did you mean "python"?)',
      '4:17 there is no type Txt (did you mean Text?)',
      '6:15 there is no type Intger (did you mean Integer?)',
      '8:11 limits.memory must be a size such as 512MiB, or a number of bytes, found "512MX" (did you mean "512MB"? The units are B, kB, MB, GB, KiB, MiB, GiB)',
      '9:9 files[0]: "../x" leads out of the folder of nstack.yaml',
    ]);
  });

  test.each([
    [
      'version: 1.10',
      '10 version must be a semantic version such as "1.2.0" or "1.2.0-SNAPSHOT", found 1.10 (YAML reads 1.10 as a number; put it in quotation marks: "1.10")',
    ],
    [
      'version: 01.2.0',
      '10 version must be a semantic version such as "1.2.0" or "1.2.0-SNAPSHOT", found "01.2.0"',
    ],
    [
      'version: 1.2.0+b',
      '10 version must be a semantic version such as "1.2.0" or "1.2.0-SNAPSHOT", found "1.2.0+b"',
    ],
    [
      'packages: libsvm',
      '11 packages must be a list of packages, such as [libsvm, apt:ffmpeg, pip:numpy>=2], found "libsvm"',
    ],
    [
      'packages:',
      '1 packages must be a list of packages, such as [libsvm, apt:ffmpeg, pip:numpy>=2], found nothing',
    ],
    [
      'packages: ["a;rm -rf /"]',
      '12 packages[0] must be the name of a package, such as libsvm, apt:ffmpeg or pip:numpy>=2, found "a;rm -rf /"',
    ],
    [
      'packages: ["pip:a b"]',
      '12 packages[0] must be the name of a package, such as libsvm, apt:ffmpeg or pip:numpy>=2, found "pip:a b"',
    ],
    [
      'packages: ["$(id)"]',
      '12 packages[0] must be the name of a package, such as libsvm, apt:ffmpeg or pip:numpy>=2, found "$(id)"',
    ],
    [
      'packages: [--index-url]',
      '12 "--index-url" is no name of a package (options of a tool have no place here)',
    ],
    [
      'packages: ["pip:--index-url=x"]',
      '12 "pip:--index-url=x" is no name of a package (write it like pip:numpy, pip:numpy>=2 or pip:uvicorn[standard]>=0.30,<1)',
    ],
    [
      'packages: ["apt:-oX"]',
      '12 "apt:-oX" is no name of a package (write it like apt:ffmpeg or apt:ffmpeg=7:7.1-3)',
    ],
    [
      'packages: ["pip:a&b|c"]',
      '12 "pip:a&b|c" is no name of a package (write it like pip:numpy, pip:numpy>=2 or pip:uvicorn[standard]>=0.30,<1)',
    ],
    ['packages: [ppi:numpy]', '12 "ppi:" is no prefix of packages (did you mean "pip:numpy"?)'],
    ['packages: [os:x]', '12 "os:" is no prefix of packages (the prefixes are apt:, pip:, maven:, hackage:)'],
    [
      'packages: [numpy>=2]',
      '12 "numpy>=2" is no name of a package (a bare name is an OS package and has no version; did you mean "pip:numpy>=2"?)',
    ],
    ['entry: /etc/passwd', '8 entry: "/etc/passwd" is not relative to the folder of nstack.yaml'],
    ['entry: a\\b', '8 entry: "a\\\\b" holds a backslash; folders are parted by /'],
    ['files: [-rf]', '9 files[0]: "-rf" begins with a hyphen, so that a tool would take it for an option'],
    ['files: [a/../b]', '9 files[0]: "a/../b" leads out of the folder of nstack.yaml'],
    ['files: [~/x]', '9 files[0]: "~/x" is not relative to the folder of nstack.yaml'],
    [
      'env: { A-B: x }',
      '8 a key of env must be a word of letters, digits and _ that does not begin with NSTACK_, found "A-B"',
    ],
    [
      'env: { NSTACK_ENTRY: x }',
      '8 a key of env must be a word of letters, digits and _ that does not begin with NSTACK_, found "NSTACK_ENTRY"',
    ],
    ['env: { A: [x] }', '11 env.A must be text or a number, found a list'],
    [
      'secrets: [../x]',
      '11 secrets[0] must be the name of a secret: letters, digits, and _ - . between them, found "../x"',
    ],
    ['secrets: [a, b, a]', '17 "a" stands in secrets twice'],
    ['replicas: 1.5', '11 replicas must be a whole number from 1 to 1000, found 1.5'],
    ['network: yes', '10 network must be none or open, found "yes"'],
    [
      'limits: { timeout: 30sec }',
      '20 limits.timeout must be a duration such as 30s, or a number of seconds, found "30sec" (did you mean "30s"? The units are ms, s, m, h)',
    ],
    ['limits: { memory: 1B }', '19 limits.memory must be from 16MiB to 1048576GiB, found 1B'],
    ['limits: { memry: 1GiB }', '11 unknown key "memry" in limits (did you mean "memory"?)'],
    ['config: { a-b: Text }', '11 a key of config must be a word of letters, digits and _, found "a-b"'],
    ['config: { a: Intger }', '14 there is no type Intger (did you mean Integer?)'],
    ['config: { a: Void }', '14 a parameter has a value, so that its type cannot be Void'],
    [
      'config: { a: { type: Integer, default: 1.0 } }',
      '40 the default of a does not fit Integer: expected Integer, found 1.0',
    ],
    [
      'config: { a: { type: Integer, default: "12" } }',
      '40 the default of a does not fit Integer: expected Integer, found "12"',
    ],
    [
      'config: { a: { type: Integer, default: 9007199254740993 } }',
      '40 the default of a does not fit Integer: 9007199254740993 is beyond what a parameter can hold (2^53 - 1)',
    ],
    ['config: { a: { type: Double, default: .nan } }', '39 the default of a does not fit Double'],
    [
      'config: { a: { default: 1 } }',
      '11 the key config.a.type is missing (it is a type such as Integer, or a mapping such as { type: Integer, default: 15 })',
    ],
    [
      'config: { a: { type: "{ x: Text }", default: { x: a, y: 1 } } }',
      '46 the default of a does not fit { x: Text }: the field "y" is not declared',
    ],
    ['name: Other', '1 the key name stands here twice'],
    ['"replicas": &a 1', '16 a manifest has no anchors: &a'],
    ['replicas: *a', '11 a manifest has no aliases: *a (write the value out)'],
    ['replicas: !!int 1', '17 a manifest has no tags: tag:yaml.org,2002:int'],
    ['description: !x y', '14 Unresolved tag: !x'],
    ['<<: { replicas: 2 }', '1 a manifest has no merge keys (write the keys out)'],
    ['__proto__: { replicas: 2 }', '1 the key __proto__ may not stand in a manifest'],
    ['? [a]\n: b', '3 a key must be a word'],
    ['5: b', '1 unknown key "5"'],
    ['constructor: b', '1 unknown key "constructor"'],
    ['commands: [""]', '12 commands[0] must be a command for the shell, found ""'],
    [
      'parent: a b',
      '9 parent must be the name of a service, such as Framework or Framework:1.2.0, found "a b"',
    ],
  ])('%s', (text, expected) => {
    expect(faultsWith(text)[0]).toContain(expected);
  });

  test.each([
    'Click Analytics',
    'a/b/c',
    'A..B',
    '.A',
    'A/',
    '5A',
    'A--B',
    'ä',
    'A$',
    '-A',
    'A:1.0.0',
    `A${'b'.repeat(200)}`,
  ])('%s is no name', (name) => {
    expect(faultsOf(`name: "${name}"\nstack: python\napi: "clean: Text -> Text"\n`)[0]).toContain(
      '1:7 name must be a name such as ClickAnalytics',
    );
  });

  test('a name that would be a connector in a workflow is taken', () => {
    expect(faultsOf('name: Sources.Mine\nstack: python\napi: "clean: Text -> Text"\n')[0]).toContain(
      'the name Sources.Mine is taken',
    );
  });

  test('a version of the language that YAML reads as a number is explained', () => {
    expect(faultsOf('name: A\nstack: { language: python, version: 3.10 }\napi: "f: Text -> Text"\n')).toEqual(
      [
        '2:37 stack.version must be a version in quotation marks, such as "3.11", found 3.10 (YAML reads 3.10 as a number; put it in quotation marks: "3.10")',
      ],
    );
  });

  test('an api without functions is told', () => {
    expect(faultsOf('name: A\nstack: python\napi: |\n  type T = Text\n')[0]).toContain(
      'the api has no function',
    );
  });

  test.each([
    ['api: |\n  f: Txt -> Text\n', '3:1:6'],
    ['api: |2\n   f: Txt -> Text\n', '3:1:7'],
    ['api: >-\n\n     f: Txt -> Text\n', '4:1:9'],
    ['api: "f: Txt -> Text"\n', '2:1:10'],
    ["api: 'f: Txt -> Text'\n", '2:1:10'],
    ['api:\n  "f: Txt -> Text"\n', '3:1:7'],
    ['api: |\r\n  g: Text -> Text\r\n  f: Txt -> Text\r\n', '4:1:6'],
  ])('a fault in the api has its place in the file: %j', (api, expected) => {
    const { diagnostics } = parseManifest(`name: A\n${api}stack: python\n`, 'nstack.yaml');
    expect(diagnostics.map(({ place }) => `${place?.line}:${diagnostics.length}:${place?.column}`)).toEqual([
      expected,
    ]);
  });

  test('a file that is no mapping or empty is told', () => {
    expect(faultsOf('')[0]).toContain('nstack.yaml is empty');
    expect(faultsOf('# nothing\n')[0]).toContain('nstack.yaml is empty');
    expect(faultsOf('- a\n')[0]).toContain(
      'a manifest must be a mapping with the keys of nstack.yaml, found a list',
    );
    expect(faultsOf('hello')[0]).toContain('found "hello"');
  });

  test('a tab, a second document and a directive are told', () => {
    expect(faultsOf('limits:\n\tmemory: 1GiB\n')[0]).toBe(
      '2:1 a tab may not indent a line (indent with spaces)',
    );
    expect(faultsWith('---\nname: B')[0]).toContain('a manifest is one document: a second begins here');
    expect(faultsOf(`%YAML 1.1\n---\n${least}`)[0]).toContain('a manifest has no %YAML directive');
  });
});
