import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ConnectionsFile,
  loadConnections,
  readConnections,
  resolveConnection,
  resolveSecrets,
} from '../../../src/connectors/connections/index.ts';
import { isProcessRunning, NstackError } from '../../../src/core/index.ts';
import { anyLetter } from '../../support/any-letter.ts';
import { store, testConnectors } from './support/store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-connections-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function load(text: string): Promise<ConnectionsFile> {
  return await loadConnections(await write('connections.yaml', text), testConnectors);
}

const patience = () => AbortSignal.timeout(30_000);
const findConnector = (name: string) => (name === 'store' ? store : undefined);

/** The connection `store` with these settings. */
async function resolve(settings: string, env: Record<string, string> = {}, signal = patience()) {
  const { connections } = await load(`connections:\n  store: { host: a, ${settings} }\n`);
  const [description] = connections;
  if (description === undefined) throw new Error('no connection');
  return await resolveConnection(description, signal, { env, findConnector });
}

/** The text of everything that an error says. */
async function failureOf(attempt: Promise<unknown>): Promise<NstackError> {
  const error = await attempt.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof NstackError)) throw new Error(`no NstackError: ${error}`);
  return error;
}

describe('a connection', () => {
  test('gets the texts of variables, files and commands in their places', async () => {
    await mkdir(join(folder, 'secrets'));
    await write('secrets/token', 'from file\n');
    const { name, system, settings, secrets } = await resolve(
      `username: { env: NAME }, password: { env: PASSWORD }, tokens: [{ file: secrets/token }, { command: [printf, "%s\\r\\n", "from command"] }]`,
      { NAME: 'app', PASSWORD: ' kept as it is\n' },
    );
    expect({ name, system, settings }).toEqual({
      name: 'store',
      system: 'store',
      settings: {
        host: 'a',
        username: 'app',
        password: ' kept as it is\n',
        tokens: ['from file', 'from command'],
      },
    });
    expect(secrets).toEqual([' kept as it is\n', 'from file', 'from command']);
  });

  test('counts the password of a URL among its secrets', async () => {
    const { secrets } = await resolve('url: { env: URL }', { URL: 'amqp://app:p%2Fw@host/v' });
    expect(secrets).toEqual(['p%2Fw', 'p/w']);
  });

  test('runs a command in the folder of the file, with its arguments as they are, without a shell', async () => {
    await write('tell', '#!/bin/sh\npwd; printf "%s\\n" "$@"; cat\n');
    await chmod(join(folder, 'tell'), 0o755);
    const { settings } = await resolve(`password: { command: [./tell, "$HOME; exit 1", "a b"] }`);
    expect(settings.password).toBe(`${folder}\n$HOME; exit 1\na b`);
  });

  test('says which setting, reference and place lead nowhere', async () => {
    const error = await failureOf(resolve('password: { env: NOWHERE }'));
    expect(error.code).toBe('connection-invalid');
    expect(error.message).toMatch(
      /^the connection store: password \(env NOWHERE, .*connections\.yaml:2\): the environment variable NOWHERE is not set$/,
    );
    expect(error.hint).toContain('nstack connections test store');
    const both = await failureOf(resolve('username: { file: nix }, password: { env: NOWHERE }'));
    expect(both.diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('username of the connection store is file nix: there is no file'),
      expect.stringContaining('password of the connection store is env NOWHERE'),
    ]);
  });

  test.each([
    ['an empty variable', '{ env: EMPTY }', 'it is empty'],
    ['a folder', '{ file: . }', 'is no ordinary file'],
    ['a pipe that nobody writes to', '{ file: pipe }', 'is no ordinary file'],
    ['bytes that are no text', '{ file: bytes }', 'it is no UTF-8 text'],
    ['a file of gigabytes', '{ file: huge }', 'more than the 1048576 bytes'],
    [
      'a command that is not there',
      '{ command: [nstack-no-such-program] }',
      'nstack-no-such-program was not found',
    ],
    ['a command that may not run', '{ command: [./bytes] }', 'may not be run'],
    ['a command that fails', '{ command: [sh, -c, "echo locked >&2; exit 3"] }', 'exit code 3: locked'],
    ['a command that is killed', '{ command: [sh, -c, "kill -9 $$"] }', 'SIGKILL'],
    [
      'a command without an end to its text',
      '{ command: [cat, /dev/zero] }',
      'prints more than 1048576 bytes',
    ],
    ['a command that prints nothing', '{ command: ["true"] }', 'it is empty'],
  ])('fails by %s', async (_, reference, message) => {
    await write('bytes', Buffer.from([0xff, 0xfe]));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    execFileSync('truncate', ['-s', '8G', join(folder, 'huge')]);
    const error = await failureOf(resolve(`password: ${reference}`, { EMPTY: '' }));
    expect(error.message).toContain(message);
    expect(error.code).toBe('connection-invalid');
  });

  test('ends a command, and what it started, when nobody waits any more', async () => {
    const abort = new AbortController();
    const pidFile = join(folder, 'pid');
    const script = `sleep 1000 & echo $! >${pidFile}.new; mv ${pidFile}.new ${pidFile}; wait`;
    const reason = new NstackError('interrupted', 'enough');
    const attempt = failureOf(resolve(`password: { command: [sh, -c, "${script}"] }`, {}, abort.signal));
    const readPid = () => readFile(pidFile, 'utf8').catch(() => '');
    await expect.poll(readPid, { timeout: 10_000 }).not.toBe('');
    const pid = await readPid();
    abort.abort(reason);
    expect(await attempt).toBe(reason);
    await expect.poll(() => isProcessRunning(Number(pid))).toBe(false);
  });

  test('checks what could not be checked before it was resolved, without the value', async () => {
    const error = await failureOf(resolve('username: { env: NAME }', { NAME: 'NOT SMALL' }));
    expect(error.message).toContain('username (env NAME');
    expect(error.message).toContain('its value must match pattern');
    expect(error.message).not.toContain('NOT SMALL');
  });

  test('tells no resolved value, whatever fails beside it', async () => {
    const value = fc
      .string({ unit: anyLetter, minLength: 6, maxLength: 40 })
      .filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        const unique = `Q7${text}`;
        await write('pw', unique);
        const echo = `{ command: [sh, -c, "cat pw; cat pw >&2; exit 1"] }`;
        for (const [settings, env] of [
          [`username: { env: A }, password: { env: NOWHERE }`, { A: unique }],
          [`username: { file: pw }`, {}],
          [`password: ${echo}`, {}],
        ] as const) {
          const { message, hint, diagnostics } = await failureOf(resolve(settings, env));
          expect(message).not.toContain(unique);
          expect(JSON.stringify([hint, diagnostics])).not.toContain(unique);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('the file', () => {
  test('need not be there', async () => {
    expect(await readConnections(join(folder, 'none.yaml'), testConnectors)).toMatchObject({
      connections: [],
      diagnostics: [],
    });
  });

  test('is no folder and no pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const path of [folder, join(folder, 'pipe')])
      expect((await failureOf(readConnections(path, testConnectors))).code).toBe('file-unreadable');
  });

  test('with faults is refused whole, with all of them', async () => {
    const error = await failureOf(load('connections:\n  store: {}\nsecrets:\n  A: b\n'));
    expect(error).toMatchObject({
      code: 'connection-invalid',
      message: expect.stringMatching(/has 2 faults$/),
    });
    expect(error.diagnostics).toHaveLength(2);
  });

  test('that others may write is warned of where its commands run as us', async () => {
    const path = await write('connections.yaml', 'secrets:\n  A: { command: [pass] }\n');
    await chmod(path, 0o666);
    expect((await loadConnections(path, testConnectors)).diagnostics).toMatchObject([
      { code: 'writable-by-others', severity: 'warning', place: { line: 2 } },
    ]);
    await chmod(path, 0o644);
    expect((await loadConnections(path, testConnectors)).diagnostics).toEqual([]);
    await write('connections.yaml', 'secrets:\n  A: { env: A }\n');
    await chmod(path, 0o666);
    expect((await loadConnections(path, testConnectors)).diagnostics).toEqual([]);
  });
});

describe('the secrets of a service', () => {
  const text = 'secrets:\n  API_KEY: { env: KEY }\n  OTHER: { env: NOWHERE }\n';

  test('are those that it asks for', async () => {
    expect(await resolveSecrets(await load(text), 'Score', ['API_KEY'], patience(), { KEY: 'k' })).toEqual({
      API_KEY: 'k',
    });
  });

  test('that are missing are named, with the service and what to write', async () => {
    const error = await failureOf(
      resolveSecrets(await load(text), 'Score', ['API_KEYS', 'B'], patience(), {}),
    );
    expect(error.message).toMatch(
      /^Score needs the secrets API_KEYS, B, which .*connections\.yaml does not have$/,
    );
    expect(error.hint).toContain('It has API_KEY.');
    expect(error.hint).toContain('secrets:\n  API_KEYS: { env: API_KEYS }');
  });

  test('that lead nowhere are named with their reference and place', async () => {
    const error = await failureOf(resolveSecrets(await load(text), 'Score', ['OTHER'], patience(), {}));
    expect(error.message).toMatch(
      /^the secret OTHER of Score \(env NOWHERE, .*connections\.yaml:3\): the environment variable NOWHERE is not set$/,
    );
  });
});
