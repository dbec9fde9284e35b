import { describe, expect, test } from 'vitest';
import { connectionWords } from '../../../src/connectors/connections/index.ts';
import { parseConnections } from '../../../src/connectors/connections/parse-connections.ts';
import { renderDiagnostic } from '../../../src/core/index.ts';
import { testConnectors } from './support/store.ts';

function parse(text: string) {
  return parseConnections(text, {
    path: '/etc/app/connections.yaml',
    file: 'connections.yaml',
    connectors: testConnectors,
  });
}

/** The faults as they are shown: code, place and message, with the line and the hint. */
function faultsOf(text: string): readonly string[] {
  return parse(text).diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { color: false }));
}

/** Below `store:`. */
function withSettings(...lines: readonly string[]): string {
  return `connections:\n  store:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

describe('a connections file', () => {
  test('describes connections and secrets, and nothing is resolved', () => {
    const { connections, secrets, diagnostics } = parse(`connections:
  store:
    host: localhost
    port: 7000
    tls: { ca: { file: certs/ca.pem } }
    sasl: { mechanism: plain, username: { env: STORE_USER }, password: { file: /run/pw } }
    tokens: [{ env: A }, { command: [pass, show, "b c"] }]
  orders: { system: Shop, host: elsewhere }
secrets:
  API_KEY: { command: [pass, show, api-key] }
  key.pem: { file: ~/key.pem }
`);
    expect(diagnostics).toEqual([]);
    expect(connections.map(({ name, system, place }) => [name, system, place.line])).toEqual([
      ['store', 'store', 2],
      ['orders', 'store', 8],
    ]);
    expect(
      connections[0]?.references.map(({ path, reference, secret }) => [path.join('.'), reference, secret]),
    ).toEqual([
      ['tls.ca', { kind: 'file', path: '/etc/app/certs/ca.pem', written: 'certs/ca.pem' }, false],
      ['sasl.username', { kind: 'env', name: 'STORE_USER' }, false],
      ['sasl.password', { kind: 'file', path: '/run/pw', written: '/run/pw' }, true],
      ['tokens.0', { kind: 'env', name: 'A' }, true],
      ['tokens.1', { kind: 'command', command: ['pass', 'show', 'b c'], folder: '/etc/app' }, true],
    ]);
    expect(secrets.map(({ name, reference }) => [name, reference.kind])).toEqual([
      ['API_KEY', 'command'],
      ['key.pem', 'file'],
    ]);
  });

  test.each(['', '# nothing yet\n', 'connections:\nsecrets:\n', '{}'])('may be empty: %j', (text) => {
    expect(parse(text)).toMatchObject({ connections: [], secrets: [], diagnostics: [] });
  });

  test('is shown with references in words', () => {
    const [connection] = parse(
      withSettings('host: a', 'brokers: [x, { env: B }]', 'password: { command: [pass, p] }'),
    ).connections;
    expect(connection === undefined ? undefined : connectionWords(connection)).toEqual({
      name: 'store',
      system: 'store',
      settings: { host: 'a', brokers: ['x', 'env B'], password: 'command pass p' },
      place: 'connections.yaml:2',
    });
  });

  test('tells all faults at once, in the order of the text', () => {
    const text = `connection:
  x: 1
connections:
  orders: { host: a }
  depot: { system: stroe, host: a }
  pipes: { system: plain }
  shop: { system: store, hots: a, port: 70000 }
secrets:
  A B: { env: A }
  KEY: { envv: A }
`;
    expect(
      parse(text).diagnostics.map(({ code, place, hint }) => [code, place?.line, place?.column, hint]),
    ).toEqual([
      ['unknown-key', 1, 1, 'did you mean "connections"?'],
      ['missing-key', 4, 3, 'add a line such as "system: store"; the systems are store'],
      ['unknown-system', 5, 20, 'did you mean "store"?'],
      ['unknown-system', 6, 20, 'the systems are store'],
      ['unknown-key', 7, 26, 'did you mean "host"?'],
      ['wrong-value', 7, 41, undefined],
      ['wrong-key', 9, 3, 'a name has letters, digits, and _ - . between them'],
      ['unknown-key', 10, 10, 'did you mean "env"?'],
    ]);
  });

  test('shows the line, the value and the way out', () => {
    expect(faultsOf(withSettings('host: 12'))).toEqual([
      `connections.yaml:3:11: error: connections.store.host must be text, found 12
  3 |     host: 12
    |           ^^
  hint: YAML reads 12 as a number; put it in quotation marks: "12"`,
    ]);
    expect(faultsOf(withSettings('port: 1'))).toEqual([
      `connections.yaml:2:3: error: the key connections.store.host is missing
  2 |   store:
    |   ^^^^^
  hint: Name or address of the store.`,
    ]);
    expect(faultsOf(withSettings('host: a', 'brokers: 7'))[0]).toContain(
      'brokers must be text or a list, found 7',
    );
    expect(faultsOf(withSettings('host: a', 'brokers: [7]'))[0]).toContain(
      'brokers[0] must be text, found 7',
    );
    expect(faultsOf(withSettings('host: a', 'sasl: { mechanism: md5, password: { env: A } }'))[0]).toContain(
      'mechanism must be one of plain, scram-sha-512, found "md5"',
    );
    expect(faultsOf(withSettings('host: a', 'port: { env: PORT }'))[0]).toContain(
      'port must be a whole number, found a mapping',
    );
  });

  test('refuses names that could be confused', () => {
    const text =
      'connections:\n  plain: { system: store, host: a }\n  store: { host: a }\n  Store: { host: b }\n';
    expect(faultsOf(text).map((fault) => fault.split('\n')[0])).toEqual([
      'connections.yaml:2:3: error: the connection plain is to store, yet plain means plain in a workflow',
      'connections.yaml:4:3: error: the names of connections ignore case: store and Store are one',
    ]);
  });
});

describe('a secret in plain text', () => {
  test('is an error whose hint shows the three forms, and its line is shown without it', () => {
    expect(faultsOf(withSettings('host: a', 'password: hunter2'))).toEqual([
      `connections.yaml:4:15: error: connections.store.password must be a reference to a secret, not the secret itself
  4 |     password: *******
    |               ^^^^^^^
  hint: write where it is: {env: PASSWORD}, {file: path/to/password} or {command: [program, argument]}`,
    ]);
  });

  test.each([
    ['in a flow mapping with another fault', 'connections: { store: { hots: a, password: hunter2 } }'],
    ['below a misspelt name', withSettings('host: a', 'pasword: hunter2')],
    ['as a wrong type', withSettings('host: a', 'password: [hunter2]')],
    ['in a list', withSettings('host: a', 'tokens: [hunter2]')],
    ['under a wrong kind of reference', withSettings('host: a', 'password: { value: hunter2 }')],
    [
      'as a reference to nothing',
      withSettings('host: a', 'password: { env: "hunter2!" }').replace('env', 'evn'),
    ],
    ['in a URL', withSettings('host: a', 'url: "amqp://app:hunter2@host"')],
    ['in a URL in the place of a host', withSettings('host: "http://app:hunter2@host"')],
    ['as a secret of services', 'secrets:\n  KEY: hunter2\n'],
    ['as an anchor', withSettings('host: a', 'password: &hunter2 x')],
    ['as an alias', withSettings('host: a', 'password: *hunter2')],
    ['as a tag', withSettings('host: a', 'password: !hunter2 x')],
    ['twice', withSettings('host: a', 'password: hunter2', 'password: hunter2')],
    [
      'in a text over several lines',
      withSettings('host: a', 'password: |', '  hunter2', '  hunter2', 'prot: 5'),
    ],
    ['where quotation marks are missing', withSettings('host: a', 'password: "hunter2')],
    ['where it begins with a sign', withSettings('host: a', 'password: @hunter2')],
    ['where it has a colon', withSettings('host: a', 'password: hunter2: x')],
    ['where it has an escape', withSettings('host: a', 'password: "\\hunter2"')],
    ['after a comment sign', withSettings('host: 5 # hunter2', 'password: { env: A }')],
    ['in the place of a mapping', 'connections:\n  store: hunter2\n'],
    ['in the place of the file', 'hunter2'],
  ])('%s is in no message', (_, text) => {
    const faults = faultsOf(text);
    expect(faults).not.toEqual([]);
    expect(faults.join('\n')).not.toContain('hunter2');
  });
});

describe('a reference', () => {
  test.each([
    ['{}', 'must have one of env, file and command, found none'],
    ['{ env: A, file: b }', 'must have one of env, file and command, found env and file'],
    ['{ env: 1A }', 'env must be the name of an environment variable'],
    ['{ file: "" }', 'file must be the path of a file'],
    ['{ command: pass show }', 'command must be a list of texts'],
    ['{ command: [] }', 'command must be a list of texts'],
    ['{ command: [pass, 5] }', 'command must be a list of texts'],
    ['', 'must be a reference to a secret'],
  ])('%s is none', (text, message) => {
    expect(faultsOf(withSettings('host: a', `password: ${text}`))[0]).toContain(message);
    expect(parse(withSettings('host: a', `password: ${text}`)).connections).toEqual([]);
  });
});
