import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/connectors/rabbitmq/settings.ts';
import { failureOf } from '../support.ts';

const read = (settings: Record<string, unknown>) =>
  readSettings({ name: 'mine', system: 'rabbitMQ', settings, secrets: [] });

describe('the settings of a connection to RabbitMQ', () => {
  it('have defaults', () => {
    expect(read({})).toEqual({
      name: 'mine',
      host: 'localhost',
      port: 5672,
      vhost: '/',
      username: 'guest',
      password: 'guest',
      tls: undefined,
      heartbeat: undefined,
    });
  });

  it.each([
    [{ url: 'amqp://a' }, { host: 'a', port: 5672, vhost: '/', tls: undefined }],
    [{ url: 'amqps://a/' }, { host: 'a', port: 5671, vhost: '/', tls: {} }],
    [{ url: 'amqp://[::1]:99/a%2Fb' }, { host: '::1', port: 99, vhost: 'a/b' }],
    [
      { url: 'amqp://a', tls: true },
      { port: 5671, tls: {} },
    ],
    [
      { url: 'amqps://a', tls: { ca: 'x' } },
      { port: 5671, tls: { ca: 'x' } },
    ],
    [
      { host: 'b', vhost: 'c', tls: { serverName: 'd' } },
      { host: 'b', port: 5671, vhost: 'c', tls: { serverName: 'd' } },
    ],
    [{ tls: false }, { port: 5672, tls: undefined }],
  ])('%j mean %j', (settings, expected) => {
    expect(read(settings)).toMatchObject(expected);
  });

  it.each([
    [{ url: 'amqp://a', vhost: 'b' }, 'the connection mine has url and also host, port or vhost'],
    [{ tls: { cert: 'a' } }, 'the connection mine has only one of tls.cert and tls.key'],
    [{ url: 'amqp://a:b' }, 'the url of the connection mine is none: "amqp://a:b"'],
  ])('%j are refused', async (settings, message) => {
    const error = await failureOf(Promise.resolve().then(() => read(settings)));
    expect(error).toMatchObject({ code: 'connection-invalid', message });
  });
});
