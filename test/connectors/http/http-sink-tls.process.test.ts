import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createHttpSink } from '../../../src/connectors/http/http-sink.ts';
import { sinkSettings } from '../../../src/connectors/http/sink-settings.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf, makeFolder } from '../support.ts';
import { httpContext } from './support.ts';

it('trusts the authority of its connection, and no other server', async () => {
  const folder = await makeFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const how = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  execFileSync('openssl', [...how, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
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
