import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.ts';

/** Bytes that the body of a request may have. */
export const longestBody = 1024 * 1024;

/** The JSON value in a request's body; `{}` where it has none. Throws RequestError where it is too long or no JSON in UTF-8. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RequestError(400, 'usage', `the body is no JSON in UTF-8: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) throw tooLong();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The connection closes with the answer: what is left of the body is not read. */
function tooLong(): RequestError {
  return new RequestError(413, 'usage', `the body is longer than ${longestBody} bytes`, {
    headers: { connection: 'close' },
  });
}
