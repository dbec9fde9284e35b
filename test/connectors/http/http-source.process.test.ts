import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { request, type Server } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkHttpSource, openHttpSource } from '../../../src/connectors/http/open-http-source.ts';
import type { Type } from '../../../src/types/index.ts';
import { failureOf, record } from '../support.ts';
import { consume, httpContext, openSource, post } from './support.ts';

const click = record({ user: 'text', ms: 'integer' });
const ndjson = { 'content-type': 'application/x-ndjson' };

describe('HTTP as a source', () => {
  it('takes a message and answers when it is confirmed', async () => {
    const { source, url } = await openSource({ type: click });
    const { messages } = consume(source);
    const { status, answer } = await post(url, '{"user":"ada","ms":12}');
    expect({ status, answer }).toEqual({ status: 200, answer: { accepted: 1 } });
    expect(messages).toEqual([{ user: 'ada', ms: 12 }]);
  });

  it('does not answer before the commit', async () => {
    const { source, url } = await openSource();
    const batches = source.read(new AbortController().signal)[Symbol.asyncIterator]();
    let answered = false;
    const one = post(url, '1').then(() => {
      answered = true;
    });
    const { value: first } = await batches.next();
    const two = post(url, '2');
    const { value: second } = await batches.next();
    expect(answered).toBe(false);
    await source.commit(first?.position, '');
    await one;
    await source.commit(second?.position, '');
    expect((await two).status).toBe(200);
  });

  it('leaves the bytes of a payload as they are, but for line ends and a byte order mark', async () => {
    const { source, url } = await openSource();
    const { batches } = consume(source);
    await post(url, '\ufeff{"a": 9007199254740993,\r\n "b":1.0e0 , "c":"\\u00e9é"}\n');
    expect(Buffer.concat(batches[0]?.items ?? []).toString()).toBe(
      '{"a": 9007199254740993,   "b":1.0e0 , "c":"\\u00e9é"} ',
    );
  });

  it.each<[string, Type, string | Uint8Array, string]>([
    ['another type', click, '{"user":"ada","ms":"12"}', '$.ms: expected Integer, found "12"'],
    ['no JSON', click, '{"user":', 'no valid JSON at byte 9: the text ends where a value should be'],
    ['nothing', click, '', 'an empty body'],
    ['text behind it', { kind: 'integer' }, '1 2', /^no valid JSON at byte 3/.source],
    ['invalid UTF-8', { kind: 'text' }, Uint8Array.of(0x22, 0xff, 0x22), 'not valid UTF-8'],
  ])('answers 400 with the place to %s, which is no dead letter', async (_, type, body, error) => {
    const { source, url } = await openSource({ type });
    const { batches } = consume(source);
    const { status, answer } = await post(url, body, { 'content-type': 'application/json' });
    expect(status).toBe(400);
    expect((answer as { error: string }).error).toMatch(
      new RegExp(error.startsWith('^') ? error : `^${RegExp.escape(error)}`),
    );
    await post(url, type.kind === 'record' ? '{"user":"","ms":0}' : type.kind === 'integer' ? '1' : '"x"', {
      'content-type': 'application/json',
    });
    expect(batches.map(({ count, rejected }) => [count, rejected.length])).toEqual([[1, 0]]);
  });

  it('takes text as it stands, JSON where the request says so, and the body that NStack took', async () => {
    const { source, url } = await openSource({ type: { kind: 'text' }, format: 'text' });
    const { messages } = consume(source);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await post(url, 'two\nlines "é"', { 'content-type': 'text/plain' });
    await post(url, '"a \\u00e9"', { 'content-type': 'application/json' });
    expect((await post(url, '{"params": "Hello"}', form)).answer).toEqual({
      accepted: 1,
      message: 'Message Accepted',
    });
    await post(url, '{"params": "Hello"}', { 'content-type': 'text/plain' });
    await post(url, '{"params": 1}', form);
    expect(messages).toEqual(['two\nlines "é"', 'a é', 'Hello', '{"params": "Hello"}', '{"params": 1}']);
  });

  it('takes bytes', async () => {
    const { source, url } = await openSource({ type: { kind: 'bytes' }, format: 'bytes' });
    const { messages } = consume(source);
    await post(url, Uint8Array.of(0, 255, 10), { 'content-type': 'image/png' });
    expect(messages).toEqual(['AP8K']);
  });

  it('looks into params only where the type has none of its own', async () => {
    const inner = await openSource({ type: click });
    const inside = consume(inner.source);
    expect((await post(inner.url, ' { "params" : {"user":"a","ms":1} } ')).status).toBe(200);
    expect((await post(inner.url, '{"params": {"user":"a"}}')).answer).toMatchObject({
      error: expect.stringMatching(/^params: /),
    });
    expect(inside.messages).toEqual([{ user: 'a', ms: 1 }]);
    const outer = await openSource({ type: record({ params: 'integer' }) });
    const outside = consume(outer.source);
    await post(outer.url, '{"params": 1}');
    expect(outside.messages).toEqual([{ params: 1 }]);
  });

  it('takes many messages in one request', async () => {
    const { source, url } = await openSource({ type: { kind: 'integer' } });
    const { messages } = consume(source);
    const numbers = Array.from({ length: 20_000 }, (_, n) => n);
    const { status, answer } = await post(url, numbers.join('\r\n'), ndjson);
    expect({ status, answer }).toEqual({ status: 200, answer: { accepted: 20_000 } });
    expect(messages).toEqual(numbers);
  });

  it('reads many messages no faster than the workflow takes them', async () => {
    const { source, url } = await openSource();
    const batches = source.read(new AbortController().signal)[Symbol.asyncIterator]();
    const sending = request(url, { method: 'POST', headers: ndjson }).on('error', () => {});
    const chunk = Buffer.from(`"${'x'.repeat(1_000)}"\n`.repeat(1_000));
    let sent = 0;
    for (let isTaken = true; isTaken && sent < 200e6; sent += chunk.length) {
      if (sending.write(chunk)) continue;
      isTaken = await once(sending, 'drain', { signal: AbortSignal.timeout(500) }).then(
        () => true,
        () => false,
      );
    }
    expect((await batches.next()).done).toBe(false);
    // What the system holds in the sockets is most of it.
    expect(sent).toBeLessThan(30e6);
    sending.destroy();
  });

  it('says which lines do not fit', async () => {
    const { source, url } = await openSource({ type: { kind: 'integer' } });
    const { messages } = consume(source);
    const some = await post(url, '1\n"two"\n3\n\n', ndjson);
    expect(some.status).toBe(207);
    expect(some.answer).toEqual({
      error: '2 of 4 lines do not fit',
      accepted: 2,
      rejected: 2,
      faults: [
        { line: 2, error: 'expected Integer, found "two"' },
        { line: 4, error: 'an empty line' },
      ],
    });
    expect((await post(url, 'x\n', ndjson)).status).toBe(400);
    expect(messages).toEqual([1, 3]);
  });

  it('asks for the token', async () => {
    const connection = { name: 'http', system: 'http', settings: { token: 's3cret' }, secrets: ['s3cret'] };
    const { source, url } = await openSource({ connection });
    consume(source);
    const without = await post(url, '1');
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await post(url, '1', { authorization: 'Bearer s3cre' })).status).toBe(401);
    expect((await post(url, '1', { authorization: 'Bearer s3cret' })).status).toBe(200);
    expect((await post(`${url}x`, '1')).answer).toEqual({ error: 'there is nothing at /demox' });
  });

  it('says what is there, and how', async () => {
    const { source, url } = await openSource();
    consume(source);
    const other = await post(new URL('/other?x=1', url).href, '1');
    expect([other.status, other.answer]).toEqual([
      404,
      { error: 'there is nothing at /other', paths: ['/demo'] },
    ]);
    const get = await post(url, '', {}, 'GET');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, PUT']);
    expect((await post(url, '1', {}, 'PUT')).status).toBe(200);
    expect((await post(url, 'x', { 'content-type': 'image/png' })).status).toBe(415);
    expect((await post(url, 'x', { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it('refuses a body beyond the limit, with and without a length', async () => {
    const { source, url } = await openSource({ messageLimit: 1024 });
    consume(source);
    const long = await post(url, `"${'x'.repeat(2_000_000)}"`);
    expect([long.status, long.answer]).toEqual([413, { error: 'a message may have 1024 bytes' }]);
    const chunked = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 100; n++) controller.enqueue(Buffer.alloc(1024, 'x'));
        controller.close();
      },
    });
    const response = await fetch(url, { method: 'POST', body: chunked, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
    await response.body?.cancel();
    expect((await post(url, '1')).status).toBe(200);
  });

  it('turns away requests beyond its concurrency, and says when to come again', async () => {
    const { source, url } = await openSource({ with: { concurrency: 2 } });
    const { messages, batches } = consume(source, { commit: false });
    const open = [post(url, '1'), post(url, '2')];
    await expect.poll(() => messages.length).toBe(2);
    const third = await post(url, '3');
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '1']);
    await source.commit(batches.at(-1)?.position, '');
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('answers 504 where a message is not confirmed in time', async () => {
    const { source, url } = await openSource({ with: { timeout: '50ms' } });
    consume(source, { commit: false });
    expect((await post(url, '1')).answer).toEqual({
      error: 'not confirmed within 0.05 s; the message may still be delivered',
    });
    expect((await post(url, '1\n2\n', ndjson)).status).toBe(504);
  });

  it('answers 408 where a body does not end', async () => {
    const { source, url } = await openSource({ with: { timeout: '50ms' } });
    consume(source);
    for (const type of ['application/json', 'application/x-ndjson'])
      expect(
        await raw(
          url,
          `POST /demo HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 9\r\n\r\n1`,
        ),
      ).toMatch(/^HTTP\/1\.1 408 .*connection: close/s);
  });

  it.each([
    ['411', 'POST /demo HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ['431', `POST /demo HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['400', 'GARBAGE\r\n\r\n'],
    [
      '400',
      'POST /demo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n',
    ],
  ])('answers %s to a request that is none', async (status, bytes) => {
    const { source, url } = await openSource();
    consume(source);
    expect(await raw(url, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('answers pipelined requests in their order', async () => {
    const { source, url } = await openSource({ type: { kind: 'integer' } });
    const { messages } = consume(source);
    const one = (body: string, more = '') =>
      `POST /demo HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n${more}\r\n${body}`;
    const answer = await raw(url, `${one('1')}${one('"x"')}${one('3', 'connection: close\r\n')}`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 200']);
    expect(messages).toEqual([1, 3]);
  });

  it('reads a large body only where it is wanted when the client asks first', async () => {
    const { source, url } = await openSource({ messageLimit: 100 });
    consume(source);
    const ask = (length: number) =>
      `POST /demo HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: ${length}\r\n\r\n`;
    expect(await raw(url, ask(1_000))).toMatch(/^HTTP\/1\.1 413 /);
    expect(await raw(url, ask(1), '1')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it('turns away new requests once it is stopped, and answers those that it has when they are confirmed', async () => {
    const { source, url } = await openSource();
    const { messages, batches, abort, over } = consume(source, { commit: false });
    const first = post(url, '1');
    await expect.poll(() => messages).toEqual([1]);
    abort();
    await over;
    const second = await post(url, '2');
    expect([second.status, second.answer]).toEqual([503, { error: 'the workflow is stopping' }]);
    await source.commit(batches[0]?.position, '');
    const closing = source.close();
    expect((await first).status).toBe(200);
    await closing;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('ends after as many messages as are asked for, or before a request that would be too many', async () => {
    const { source, url } = await openSource({ rows: 3 });
    const { messages, over } = consume(source);
    await post(url, '1');
    await post(url, '2\n3\n', ndjson);
    await over;
    expect(messages).toEqual([1, 2, 3]);
    expect((await post(url, '4')).status).toBe(503);
    const few = await openSource({ rows: 2 });
    const reading = consume(few.source);
    expect((await post(few.url, '1\n2\n3\n', ndjson)).status).toBe(503);
    await reading.over;
    expect(reading.messages).toEqual([]);
  });

  it('answers 503 to what nobody confirmed before it was closed', async () => {
    const { source, url } = await openSource();
    const { messages } = consume(source, { commit: false });
    const first = post(url, '1');
    await expect.poll(() => messages).toEqual([1]);
    await source.close();
    expect((await first).status).toBe(503);
  });

  it('forgets a client that went, and keeps its message', async () => {
    const { source, url } = await openSource();
    const { messages } = consume(source, { commit: false });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /demo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n1');
    await expect.poll(() => messages).toEqual([1]);
    socket.destroy();
    await source.close();
  });

  it('takes messages on after a connection that the system could not give it', async () => {
    const { source, url, said } = await openSource();
    const { messages } = consume(source);
    const server = Promise.withResolvers<Server>();
    const onRequest = (message: unknown) => server.resolve((message as { readonly server: Server }).server);
    subscribe('http.server.request.start', onRequest);
    onTestFinished(() => void unsubscribe('http.server.request.start', onRequest));
    await post(url, '1');
    // What Node says where accept(2) fails, which no test can bring about for one process alone.
    (await server.promise).emit('error', new Error('accept ENFILE'));
    expect(said).toContain('http: a connection could not be taken: accept ENFILE');
    expect((await post(url, '2')).status).toBe(200);
    expect(messages).toEqual([1, 2]);
  });

  it('says why it cannot listen', async () => {
    const open = openHttpSource(httpContext({ path: 'a', listen: '203.0.113.7:8787' }));
    expect((await failureOf(open)).message).toBe(
      'http: cannot listen on 203.0.113.7:8787: this machine has no such address',
    );
  });

  it.each([
    [{ path: 'a', http_path: 'b' }, 'http: path and http_path are the same parameter, and both are given'],
    [{}, 'http: no path is given'],
    [{ path: 'a b' }, 'http: "a b" is no path of a URL'],
    [{ path: 'a', listen: 'nowhere' }, 'http: "nowhere" is no address to listen on'],
    [
      { path: 'a', acknowledge: 'stored' },
      'http: nothing can be stored for a workflow that does not outlive its run',
    ],
  ])('says before the start what is wrong with %j', async (parameters, message) => {
    const error = await failureOf(checkHttpSource(httpContext(parameters)));
    expect(error.message).toBe(message);
    expect(error.hint).toBeDefined();
  });
});

/** What a server answers to these bytes until it closes the connection; `later` is sent once it has said something. */
async function raw(url: string, bytes: string, later?: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
    if (later !== undefined && answer.endsWith('100 Continue\r\n\r\n')) socket.write(later);
  });
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}
