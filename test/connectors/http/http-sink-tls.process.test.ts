import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createHttpSink } from '../../../src/connectors/http/http-sink.ts';
import { sinkSettings } from '../../../src/connectors/http/sink-settings.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf } from '../support.ts';
import { httpContext } from './support.ts';

it('trusts the authority of its connection, and no other server', async () => {
  const { cert, key } = await selfSigned('localhost', 'subjectAltName=DNS:localhost');
  const ca = await readFile(cert, 'utf8');
  const server = createServer({ key: await readFile(key), cert: ca }, (request, response) => {
    request.resume();
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const parameters = { url: `https://localhost:${(server.address() as AddressInfo).port}/events` };

  const sinkWith = (tls: object) => {
    const connection = { name: 'shop', system: 'http', settings: { tls }, secrets: [] };
    const context = httpContext(parameters, { connection });
    const sink = createHttpSink(sinkSettings(context), context);
    onTestFinished(() => sink.abandon());
    return sink;
  };
  expect(await sinkWith({ ca }).write(batchOf(['1']))).toEqual([]);
  const failure = await failureOf(Promise.resolve(sinkWith({}).write(batchOf(['1']))));
  expect(failure.code).toBe('connection-invalid');
  expect(failure.message).toMatch(/certificate is not trusted: self-signed certificate/);
});
