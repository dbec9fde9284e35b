import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer that says no, and why. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Bytes and milliseconds of a refused body that are read, so that who sends it gets to see the answer. */
const lingering = { bytes: 4 * 1024 * 1024, time: 2_000 };

/** Answers with a small JSON text. */
export function reply(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Says no. A body that was not read is read for a moment more, and the connection ends. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, error, headers, more } = refusal;
  const body = { error, ...more };
  if (request.complete) {
    reply(response, status, body, headers);
    return;
  }
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.write(text);
  let read = 0;
  const timer = setTimeout(() => response.end(), lingering.time);
  request
    .on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > lingering.bytes) response.end();
    })
    .once('end', () => response.end())
    .once('close', () => clearTimeout(timer));
  request.resume();
}
