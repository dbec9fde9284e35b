import type { ServerResponse } from 'node:http';
import { NstackError, toErrorMessage } from '../core/index.ts';
import { RequestError, statusOf } from './request-error.ts';

/** Answers a value as JSON. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  answerText(response, status, 'application/json', `${JSON.stringify(value)}\n`);
}

export function answerText(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/**
 * Answers an error as ErrorMessage. `trusted`: the client is this machine's own user, who may see the stack of a defect; others get
 * a word about the log.
 */
export function answerError(response: ServerResponse, error: unknown, trusted: boolean): void {
  if (response.headersSent) {
    // The rest of an answer is missing, and the client must see that it is.
    response.destroy();
    return;
  }
  if (error instanceof RequestError) {
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  }
  const shown =
    trusted || statusOf(error) !== 500
      ? error
      : new NstackError('defect', 'the supervisor failed in a way it should not', {
          hint: 'Its log says more.',
        });
  answerJson(response, toErrorMessage(shown), statusOf(error));
}
