import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.ts';
import { isLoopbackHost } from './tcp-address.ts';
import { createTokenCheck } from './token.ts';

/** Throws RequestError where a request may not be heard. */
export type Guard = (request: IncomingMessage) => void;

/** What a request over TCP must bring before anything else of it is read. */
export function createGuard(token: string, loopback: boolean): Guard {
  const holds = createTokenCheck(token);
  return ({ headers }) => {
    if (loopback && !isLoopbackHost(headers.host)) {
      throw new RequestError(
        421,
        'permission',
        `this supervisor is not ${String(headers.host).slice(0, 200)}`,
        {
          hint: 'Ask for it as localhost or 127.0.0.1.',
        },
      );
    }
    if (!holds(headers.authorization)) {
      throw new RequestError(401, 'permission', 'the request lacks the token, or has a wrong one', {
        hint: "NSTACK_TOKEN must hold what the file token in the supervisor's state folder does.",
        headers: { 'www-authenticate': 'Bearer', connection: 'close' },
      });
    }
  };
}
