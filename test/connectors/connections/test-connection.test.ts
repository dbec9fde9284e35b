import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ConnectionDescription,
  connectionFor,
  connectionsPath,
  findConnection,
  testConnection,
} from '../../../src/connectors/connections/index.ts';
import { parseConnections } from '../../../src/connectors/connections/parse-connections.ts';
import { store, testConnectors } from './support/store.ts';

let server: Server;
let answer: ((line: string) => string) | undefined;
beforeEach(async () => {
  answer = (line) => (line === 'AUTH app hunter2' ? 'OK a store with 3 shelves' : `NO to ${line}`);
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => answer !== undefined && socket.write(`${answer(String(data).trim())}\n`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => void server.close());

function description(port = (server.address() as AddressInfo).port): ConnectionDescription {
  const text = `connections:\n  store: { host: 127.0.0.1, port: ${port}, username: app, password: { env: PASSWORD } }\n`;
  const { connections, diagnostics } = parseConnections(text, {
    path: '/c.yaml',
    file: 'c.yaml',
    connectors: testConnectors,
  });
  const [only] = connections;
  if (only === undefined) throw new Error(JSON.stringify(diagnostics));
  return only;
}

const options = (password: string) => ({ env: { PASSWORD: password }, findConnector: () => store });
const patience = () => AbortSignal.timeout(10_000);

test('a connection is tried with its real system', async () => {
  expect(await testConnection(description(), patience(), options('hunter2'))).toBe('a store with 3 shelves');
});

test('what the system says of a wrong password is told without the password', async () => {
  await expect(testConnection(description(), patience(), options('hunter3'))).rejects.toMatchObject({
    code: 'connection-invalid',
    message: 'store (connection store) says: NO to AUTH app ***',
  });
});

test('a system that is away is one that may come back', async () => {
  const there = description();
  await new Promise((resolve) => server.close(resolve));
  await expect(testConnection(there, patience(), options('hunter2'))).rejects.toMatchObject({ exitCode: 75 });
});

test('a system that does not answer is waited for as long as is said', async () => {
  answer = undefined;
  const failure = { code: 'timeout', message: 'store (connection store) does not answer within 0.2 seconds' };
  await expect(
    testConnection(description(), patience(), { ...options('hunter2'), timeout: 200 }),
  ).rejects.toMatchObject(failure);
});

test('a workflow names a connection, or a system whose connection has its name', () => {
  const connections = [
    { name: 'Kafka', system: 'kafka' },
    { name: 'orders', system: 'rabbitMQ' },
    { name: 'depot', system: 'rabbitMQ' },
  ];
  expect(findConnection('kafka', connections)?.name).toBe('Kafka');
  expect(connectionFor('kafka', undefined, 'kafka', connections)).toEqual({ connection: 'Kafka' });
  expect(connectionFor('ORDERS', undefined, 'rabbitMQ', connections)).toEqual({ connection: 'orders' });
  expect(connectionFor('rabbitmq', undefined, 'rabbitMQ', connections)).toEqual({ connection: undefined });
  expect(connectionFor('rabbitMQ', 'Depot', 'rabbitMQ', connections)).toEqual({ connection: 'depot' });
  expect(connectionFor('rabbitMQ', 'order', 'rabbitMQ', connections)).toEqual({
    message: 'there is no connection "order"',
    hint: 'did you mean "orders"?',
  });
  expect(connectionFor('rabbitMQ', 'kafka', 'rabbitMQ', connections)).toEqual({
    message: 'the connection Kafka is to kafka, not to rabbitMQ',
    hint: 'connections to rabbitMQ: there are orders, depot',
  });
});

test('the file is the one that is named, else the one of the environment, else that of the config folder', () => {
  const env = { HOME: '/home/ada', NSTACK_CONNECTIONS: 'prod.yaml' };
  expect(connectionsPath(env, 'mine.yaml', '/work')).toBe('/work/mine.yaml');
  expect(connectionsPath(env, undefined, '/work')).toBe('/work/prod.yaml');
  expect(connectionsPath({ HOME: '/home/ada' }, undefined, '/work')).toBe(
    '/home/ada/.config/nstack/connections.yaml',
  );
  expect(connectionsPath({ HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/xdg' }, undefined)).toBe(
    '/etc/xdg/nstack/connections.yaml',
  );
});
