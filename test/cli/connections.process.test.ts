import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nstack } from '../support/nstack.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'nstack-connections-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** Runs `nstack connections` with this file and no other. */
async function connections(text: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  await writeFile(join(cwd, 'c.yaml'), text);
  return await nstack(['connections', ...args, '--connections=c.yaml'], { cwd, env });
}

/** A port of this machine where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const two = `connections:
  rabbitMQ: { host: localhost, username: app, password: { env: RABBIT_PASSWORD } }
  orders:
    system: rabbitmq
    url: amqps://broker.example/orders
    tls: { ca: { file: ca.pem } }
`;

describe('nstack connections', () => {
  test('lists name, system, place and settings, references in words', async () => {
    const { code, stdout, stderr } = await connections(two);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'NAME  SYSTEM  WHERE  SETTINGS',
      'rabbitMQ  rabbitMQ  c.yaml:2  host=localhost username=app password=(env RABBIT_PASSWORD)',
      'orders  rabbitMQ  c.yaml:3  url=amqps://broker.example/orders tls.ca=(file ca.pem)',
      '',
    ]);
  });

  test('lists them as JSON', async () => {
    const { stdout } = await connections(two, ['list', '--json'], { RABBIT_PASSWORD: 'hunter2' });
    expect(stdout).not.toContain('hunter2');
    expect(JSON.parse(stdout)[0]).toEqual({
      name: 'rabbitMQ',
      system: 'rabbitMQ',
      settings: { host: 'localhost', username: 'app', password: 'env RABBIT_PASSWORD' },
      place: 'c.yaml:2',
    });
  });

  test('says that there are none, and where it looked', async () => {
    const { code, stdout, stderr } = await nstack(['connections'], {
      cwd,
      env: { XDG_CONFIG_HOME: cwd, NSTACK_CONNECTIONS: '' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('no connections in ');
    expect(stderr).toContain('nstack/connections.yaml');
  });

  test('tells every fault of the file, without a password that stands in it', async () => {
    const { code, stderr } = await connections(
      'connections:\n  rabbitMQ: { hots: a, password: hunter2 }\n  x: { system: kafak }\n',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('c.yaml:2:15: error: unknown key "hots" in connections.rabbitMQ');
    expect(stderr).toContain('{env: PASSWORD}, {file: path/to/password} or {command: [program, argument]}');
    expect(stderr).toContain('there is no system "kafak"');
    expect(stderr).toContain('error: c.yaml has 3 faults');
    expect(stderr).not.toContain('hunter2');
  });

  test('needs a file that is named to be there, and knows two actions', async () => {
    const missing = await nstack(['connections', '--connections=nix.yaml'], { cwd });
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no connections file nix.yaml'),
    });
    const unknown = await connections(two, ['tset']);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nstack connections test [NAME...]'),
    });
  });
});

describe('nstack connections test', () => {
  test('ends with 75 where a system is away', async () => {
    const { code, stdout } = await connections(
      `connections:\n  rabbitMQ: { host: 127.0.0.1, port: ${await deadPort()} }\n`,
      ['test'],
    );
    expect(code).toBe(75);
    expect(stdout).toMatch(/^rabbitMQ {2}failed {2}.*127\.0\.0\.1.* \(\d+ ms\)\n/);
  });

  test('ends with 1 where one has a mistake, whatever else fails', async () => {
    const text = `connections:\n  rabbitMQ: { host: 127.0.0.1, port: ${await deadPort()} }\n  orders: { system: rabbitMQ, password: { env: NSTACK_TEST_NOWHERE } }\n`;
    const { code, stdout } = await connections(text, ['test', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'rabbitMQ', ok: false },
      { name: 'orders', ok: false, message: expect.stringContaining('NSTACK_TEST_NOWHERE is not set') },
    ]);
  });

  test('tests those that are named, and knows no others', async () => {
    const { code, stdout } = await connections(two, ['test', 'RabbitMQ'], { RABBIT_PASSWORD: '' });
    expect({ code, lines: stdout.split('\n')[0] }).toEqual({
      code: 1,
      lines: expect.stringMatching(/^rabbitMQ {2}failed {2}.*it is empty/),
    });
    const unknown = await connections(two, ['test', 'ordres']);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('It has rabbitMQ, orders.') });
  });
});
