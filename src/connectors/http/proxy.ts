import { Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import type { RequestHandler } from './listener.ts';
import { refuse } from './reply.ts';

/** Hands requests on to a server at a Unix socket, and its answers back. */
export function createProxy(socketPath: string): RequestHandler {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  return (request, response) => {
    const { method, url: path, rawHeaders: headers } = request;
    const onward = send({ agent, socketPath, method, path, headers, setHost: false });
    onward.once('continue', () => response.writeContinue());
    onward.once('response', (answer) => handBack(answer, response));
    onward.once('error', () =>
      refuse(request, response, {
        status: 503,
        error: 'the workflow of this path has gone; the message may still be delivered',
        headers: { 'retry-after': '1' },
      }),
    );
    response.once('close', () => {
      if (!response.writableFinished) onward.destroy();
    });
    request.pipe(onward);
  };
}

function handBack(answer: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return void answer.resume();
  response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
  pipeline(answer, response, () => {});
}
