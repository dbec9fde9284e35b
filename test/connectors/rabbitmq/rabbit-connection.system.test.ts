import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConnector, type OpenContext } from '../../../src/connectors/index.ts';
import { type Rabbit, startRabbit } from '../../support/brokers/rabbitmq.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf, record } from '../support.ts';
import { connectionTo, drain, freshName, openSink, rabbitContext } from './rabbit-support.ts';

let rabbit: Rabbit;
let tls: NonNullable<Rabbit['tls']>;
beforeAll(async () => {
  rabbit = await startRabbit({ tls: true });
  if (rabbit.tls === undefined) throw new Error('no TLS');
  tls = rabbit.tls;
});
afterAll(() => rabbit?.stop());

const connector = findConnector('amqp');
const patience = () => AbortSignal.timeout(30_000);

const test = (settings: Record<string, unknown>) =>
  connector?.connection?.test(connectionTo(rabbit, settings), patience()) ??
  Promise.reject(new Error('none'));
const checkSource = (context: OpenContext) =>
  connector?.source?.check(context) ?? Promise.reject(new Error('none'));
const checkSink = (context: OpenContext) =>
  connector?.sink?.check(context) ?? Promise.reject(new Error('none'));

describe('a connection to RabbitMQ', () => {
  it('says what is there', async () => {
    expect(await test({})).toMatch(
      new RegExp(
        `^RabbitMQ \\d+\\.\\d+\\.\\d+ at 127\\.0\\.0\\.1:${rabbit.port}, virtual host /, as nstack$`,
      ),
    );
    expect(await test({ url: undefined, host: '127.0.0.1', port: rabbit.port, vhost: '/' })).toContain(
      'RabbitMQ',
    );
  });

  it('speaks TLS, with a name to look for and a certificate of its own', async () => {
    const { ca, client, port } = tls;
    const url = `amqps://127.0.0.1:${port}`;
    const settings = { url, tls: { ca, serverName: 'localhost', ...client } };
    expect(await test(settings)).toContain(' with TLS, ');
    const queue = freshName();
    const sink = await openSink(
      rabbitContext(rabbit, { queue }, { connection: connectionTo(rabbit, settings) }),
    );
    await sink.write(batchOf(['1']));
    await sink.finish('complete');
    expect(await drain(rabbit, queue)).toHaveLength(1);
  });

  it.each([
    ['a wrong password', () => ({ password: 'wrong' }), 'permission', 'does not let nstack in'],
    [
      'a virtual host that is not there',
      () => ({ url: `${rabbit.settings.url}/none` }),
      'permission',
      'no virtual host "none"',
    ],
    ['nobody there', () => ({ url: 'amqp://127.0.0.1:1' }), 'broker-unavailable', 'nothing listens there'],
    [
      'no such host',
      () => ({ url: 'amqp://nowhere.invalid' }),
      'broker-unavailable',
      'RabbitMQ at nowhere.invalid:5672 is out of reach',
    ],
    [
      'an unknown authority',
      () => ({ url: `amqps://localhost:${tls.port}` }),
      'connection-invalid',
      'not trusted',
    ],
    [
      'another name in the certificate',
      () => ({ url: `amqps://127.0.0.1:${tls.port}`, tls: { ca: tls.ca, serverName: 'other' } }),
      'connection-invalid',
      'not trusted',
    ],
    [
      'TLS where there is none',
      () => ({ url: `amqps://127.0.0.1:${rabbit.port}` }),
      'connection-invalid',
      'TLS',
    ],
  ])('fails with %s, saying so', async (_what, settings, code, message) => {
    const error = await failureOf(test(settings()));
    expect(error.message).toContain(message);
    expect(error.code).toBe(code);
    expect(error.hint).not.toBeUndefined();
    expect(JSON.stringify(error)).not.toContain(rabbit.password);
  });
});

describe('a RabbitMQ connector before the start', () => {
  it('makes nothing, and asks for what it will not make', async () => {
    const queue = freshName();
    await checkSource(rabbitContext(rabbit, { queue }));
    await checkSink(rabbitContext(rabbit, { queue }));
    const missing = await failureOf(checkSource(rabbitContext(rabbit, { queue, declare: false })));
    expect(missing).toMatchObject({
      code: 'connector-invalid',
      message: expect.stringContaining(`no queue '${queue}'`),
    });
    const exchange = await failureOf(checkSink(rabbitContext(rabbit, { exchange: queue })));
    expect(exchange).toMatchObject({
      code: 'connector-invalid',
      message: expect.stringContaining(`no exchange '${queue}'`),
    });
    await checkSink(rabbitContext(rabbit, { exchange: queue, exchange_type: 'topic' }));
  });

  it('shows how to write a connection where there is none', async () => {
    const { connection: _, ...context } = rabbitContext(rabbit, { queue: 'a' });
    const error = await failureOf(checkSource(context));
    expect(error.code).toBe('connection-invalid');
    expect(error.hint).toContain('password: {env: RABBITMQ_PASSWORD}');
  });

  it.each([
    [{}, 'neither a queue nor an exchange'],
    [{ queue: 'a', exchange: 'b' }, 'not both'],
    [{ exchange: 'b', key: 'k', key_field: 'n' }, 'key and key_field'],
    [{ exchange: 'b', key_field: 'm' }, 'has no field m'],
    [{ exchange: 'b', key_field: 'd' }, 'd is Double, and has to be Text'],
  ])('refuses a sink with %j', async (parameters, message) => {
    const type = record({ n: 'integer', d: 'double' });
    const error = await failureOf(checkSink(rabbitContext(rabbit, parameters, { type })));
    expect(error.code).toBe('connector-invalid');
    expect(error.message).toContain(message);
  });
});
