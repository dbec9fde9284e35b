import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpSink } from '../../../src/connectors/http/http-sink.ts';
import { sinkSettings } from '../../../src/connectors/http/sink-settings.ts';
import { testHttpConnection } from '../../../src/connectors/http/test-connection.ts';
import type { Connection, Format, OpenContext } from '../../../src/connectors/index.ts';
import { describeDurableSink } from '../conformance/durable-sink-conformance.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf } from '../support.ts';
import { consume, httpContext, openSource } from './support.ts';

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that keeps what it is sent; `answer` says what comes back. */
async function serve(answer: (seen: Seen, response: ServerResponse, nth: number) => void, port = 0) {
  const seen: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url: path, headers } = request;
    const one = { method, path, headers, body: Buffer.concat(chunks).toString('latin1') };
    seen.push(one);
    answer(one, response, seen.length - 1);
  };
  const server = createServer(listener);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return {
    seen,
    stop,
    port: (server.address() as AddressInfo).port,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
  };
}

function openSink(parameters: Record<string, unknown>, more: Partial<OpenContext> = {}) {
  const said: string[] = [];
  const context = httpContext(parameters, { log: (line) => said.push(line), ...more });
  const sink = createHttpSink(sinkSettings(context), context, { first: 5, longest: 40 });
  onTestFinished(() => sink.abandon());
  return { sink, said };
}

const connectionOf = (settings: Record<string, unknown>): Connection => ({
  name: 'shop',
  system: 'http',
  settings,
  secrets: [],
});
const ok = (_: Seen, response: ServerResponse) => void response.end();
const status =
  (code: number, body = '', headers = {}) =>
  (_: Seen, response: ServerResponse) =>
    void response.writeHead(code, headers).end(body);

describeDurableSink({
  name: 'HTTP',
  async make() {
    const { url, seen } = await serve(ok);
    return {
      open: async () => openSink({ url }, { durable: true }).sink,
      messages: async () => seen.map(({ body }) => body),
    };
  },
});

describe('HTTP as a sink', () => {
  it('sends each message, in order, over one connection, and confirms it by the answer', async () => {
    const ports = new Set<number | undefined>();
    const { url, seen } = await serve((_, response) => {
      ports.add(response.socket?.remotePort);
      response.writeHead(201).end('{}');
    });
    const { sink } = openSink({ url, headers: { 'X-Of': 'test' } });
    const first = sink.write(batchOf(['{"n":1}', '{"n":2}']));
    const second = sink.write(batchOf(['{"n":3}']));
    expect(await Promise.all([first, second])).toEqual([[], []]);
    expect(seen.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/events' });
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-of': 'test' });
    expect(ports.size).toBe(1);
    await sink.finish('complete');
  });

  it.each<[Format, string, string, string]>([
    ['text', '"a \\u00e9\\n"', 'text/plain; charset=utf-8', Buffer.from('a é\n').toString('latin1')],
    ['bytes', '"AP8K"', 'application/octet-stream', '\x00\xff\n'],
  ])('sends what a message says in the format %s', async (format, message, type, body) => {
    const { url, seen } = await serve(ok);
    const { sink } = openSink({ url, method: 'PUT' }, { format });
    await sink.write(batchOf([message]));
    expect(seen[0]).toMatchObject({ method: 'PUT', body, headers: { 'content-type': type } });
  });

  it('sends a batch as lines where it is told to', async () => {
    const { url, seen } = await serve(ok);
    const { sink } = openSink({ url, batch: 'ndjson' });
    await sink.write(batchOf(['{"n":1}', '{"n":2}']));
    expect(seen.map(({ body }) => body)).toEqual(['{"n":1}\n{"n":2}\n']);
    expect(seen[0]?.headers['content-type']).toBe('application/x-ndjson');
  });

  it('tries again while the server says that it cannot, with the same key, and says so once', async () => {
    const { url, seen } = await serve((one, response, nth) =>
      nth < 4
        ? status([503, 429, 408, 500][nth] ?? 0, '', { 'retry-after': '0' })(one, response)
        : ok(one, response),
    );
    const { sink, said } = openSink({ url });
    expect(await sink.write(batchOf(['1', '2']))).toEqual([]);
    expect(seen.map(({ body }) => body)).toEqual(['1', '1', '1', '1', '1', '2']);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys.slice(0, 5)).size).toBe(1);
    expect(keys[5]).not.toBe(keys[0]);
    expect(said).toEqual([
      `${url}: the server answered 503; trying again, next in 0 s`,
      `${url}: it takes messages again`,
    ]);
  });

  it('waits as long as the server asks for', async () => {
    const times: number[] = [];
    const { url } = await serve((one, response, nth) => {
      times.push(performance.now());
      if (nth === 0) status(429, '', { 'retry-after': '1' })(one, response);
      else ok(one, response);
    });
    const { sink } = openSink({ url });
    await sink.write(batchOf(['1']));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('waits for a server that is away', async () => {
    const before = await serve(ok);
    before.stop();
    const { sink, said } = openSink({ url: before.url });
    const written = sink.write(batchOf(['1']));
    await expect.poll(() => said.length).toBe(1);
    expect(said[0]).toMatch(/ECONNREFUSED/);
    const { seen } = await serve(ok, before.port);
    expect(await written).toEqual([]);
    expect(seen.map(({ body }) => body)).toEqual(['1']);
  });

  it('gives up a message that the server refuses, with its words, and goes on', async () => {
    const { url } = await serve((one, response) =>
      (one.body === '2' ? status(422, `{"error":\n "no ${'x'.repeat(5_000)}"}`) : ok)(one, response),
    );
    const { sink } = openSink({ url });
    const undelivered = (await sink.write(batchOf(['1', '2', '3']))) ?? [];
    expect(undelivered.map(({ index, attempts }) => [index, attempts])).toEqual([[1, 1]]);
    expect(undelivered[0]?.message).toMatch(/^the server answered 422: \{"error": "no x{480,}$/);
    expect(undelivered[0]?.message.length).toBeLessThan(600);
  });

  it('finds the lines that are at fault, and delivers the others', async () => {
    const taken: string[] = [];
    const { url } = await serve((one, response) => {
      const lines = one.body.split('\n').slice(0, -1);
      if (lines.includes('3')) return status(400, 'three')(one, response);
      taken.push(...lines);
      ok(one, response);
    });
    const { sink } = openSink({ url, batch: 'ndjson' });
    const undelivered = await sink.write(batchOf(['1', '2', '3', '4', '5']));
    expect(undelivered).toEqual([{ index: 2, message: 'the server answered 400: three', attempts: 1 }]);
    expect(taken).toEqual(['1', '2', '4', '5']);
  });

  it('gives up after as many attempts as it is told', async () => {
    const { url, seen } = await serve(status(500, 'broken'));
    const { sink } = openSink({ url, attempts: 3 });
    expect(await sink.write(batchOf(['1']))).toEqual([
      { index: 0, message: 'the server answered 500: broken', attempts: 3 },
    ]);
    expect(seen).toHaveLength(3);
  });

  it('takes no answer in time for no answer', async () => {
    const { url } = await serve((one, response, nth) => (nth === 0 ? undefined : ok(one, response)));
    const { sink, said } = openSink({ url, timeout: '50ms' });
    await sink.write(batchOf(['1']));
    expect(said[0]).toContain('no answer within 0.05 s');
  });

  it('sends several at once where the order does not matter', async () => {
    const open: ServerResponse[] = [];
    const { url } = await serve((_, response) => {
      open.push(response);
      if (open.length === 4) for (const one of open) one.end();
    });
    const { sink } = openSink({ url, order: 'any', concurrency: 4 });
    expect(await sink.write(batchOf(['1', '2', '3', '4']))).toEqual([]);
  });

  it('has a key by content where it is told to, the same after a restart', async () => {
    const { url, seen } = await serve(ok);
    for (let run = 0; run < 2; run++) {
      const { sink } = openSink({ url, idempotency: 'content' });
      await sink.write(batchOf(['1', '2']));
    }
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys.slice(0, 2)).toEqual(keys.slice(2));
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('rejects what waits when it is abandoned', async () => {
    const { url } = await serve(() => {});
    const { sink } = openSink({ url });
    const failure = failureOf(Promise.resolve(sink.write(batchOf(['1']))));
    await sink.abandon();
    expect((await failure).message).toBe(`the workflow ended before ${url} had all messages`);
  });

  it('sends to the server of its connection, with its token', async () => {
    const { url, seen } = await serve(ok);
    const connection = connectionOf({ url: url.replace('/events', '/api/'), token: 's3cret' });
    const { sink } = openSink({ url: 'orders/new' }, { connection });
    await sink.write(batchOf(['1']));
    expect(seen[0]).toMatchObject({ path: '/api/orders/new', headers: { authorization: 'Bearer s3cret' } });
    expect(await testHttpConnection(connection, AbortSignal.timeout(5_000))).toMatch(/ answers \(200\)$/);
  });

  it('says when the token of a connection is not accepted', async () => {
    const { url } = await serve(status(401));
    const test = testHttpConnection(connectionOf({ url, token: 'x' }), AbortSignal.timeout(5_000));
    expect((await failureOf(test)).message).toBe(`${url} answers 401: the token of shop is not accepted`);
  });

  it('gives to another workflow over HTTP what fits it, and keeps the rest', async () => {
    const { source, url } = await openSource({ type: { kind: 'integer' } });
    const { messages } = consume(source);
    const { sink } = openSink({ url, batch: 'ndjson' });
    const undelivered = await sink.write(batchOf(['1', '"two"', '3']));
    expect(undelivered).toEqual([{ index: 1, message: 'expected Integer, found "two"', attempts: 1 }]);
    expect(messages).toEqual([1, 3]);
  });

  it.each([
    [{ url: 'orders' }, {}, 'http: "orders" does not say which server it is of'],
    [{ url: 'https://a:b@example.org/' }, {}, 'http: there are credentials in the url'],
    [
      { url: 'https://other.org/' },
      { url: 'https://example.org' },
      'http: https://other.org is not the server of the connection shop',
    ],
    [{ url: 'https://a.org', headers: { 'a b': '' } }, {}, 'http: the header "a b" cannot be sent'],
    [{ url: 'https://a.org', headers: { Host: 'b' } }, {}, "http: the header Host is the sink's own to set"],
    [
      { url: 'https://a.org', concurrency: 4 },
      {},
      'http: several requests at once do not keep the order of messages',
    ],
  ])('says before the start what is wrong with %j', (parameters, settings, message) => {
    const context = httpContext(parameters, { connection: connectionOf(settings) });
    expect(() => sinkSettings(context)).toThrow(message);
  });
});
