import type { IncomingMessage } from 'node:http';

/** A body as a whole; or it is longer than the limit, did not end in time, or its client went. */
export function readBody(
  request: IncomingMessage,
  limit: number,
  timeout: number,
): Promise<Buffer | 'too-long' | 'slow' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve('too-long');
  return new Promise((resolve) => {
    const timer = setTimeout(settle, timeout, 'slow');
    let chunks: Buffer[] = [];
    let length = 0;

    function settle(how: Buffer | 'too-long' | 'slow' | 'gone'): void {
      clearTimeout(timer);
      request.off('data', onData);
      chunks = [];
      resolve(how);
    }

    function onData(chunk: Buffer): void {
      length += chunk.length;
      chunks.push(chunk);
      if (length > limit) settle('too-long');
    }

    request.on('data', onData);
    request.once('end', () => {
      const [only] = chunks;
      settle(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    request.once('close', () => settle('gone'));
  });
}
