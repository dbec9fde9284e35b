import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NstackError } from '../../core/index.ts';
import { compileValidator, printType } from '../../types/index.ts';
import type { OpenContext } from '../connector.ts';
import { bodyForm } from './content-type.ts';
import type { Inbox } from './inbox.ts';
import { type BodyKind, createMessageReader } from './message-reader.ts';
import { readBody } from './read-body.ts';
import { receiveLines } from './receive-lines.ts';
import { type Refusal, refuse, reply } from './reply.ts';
import type { SourceSettings } from './source-settings.ts';
import { within } from './within.ts';

/** Takes the requests for one path. `end` turns away new ones; `closed` resolves when none is open. */
export interface Receiver {
  handle(request: IncomingMessage, response: ServerResponse): void;
  end(): void;
  closed(): Promise<void>;
}

const ending: Refusal = {
  status: 503,
  error: 'the workflow is stopping',
  headers: { 'retry-after': '1', connection: 'close' },
};
const busy: Refusal = {
  status: 503,
  error: 'too many requests are open; send it again',
  headers: { 'retry-after': '1' },
};

export function createReceiver(settings: SourceSettings, context: OpenContext, inbox: Inbox): Receiver {
  const { timeout, concurrency } = settings;
  const { format, messageLimit: limit, type } = context;
  const reader = createMessageReader(type);
  const validator = compileValidator(type, 'input');
  const mayEnter = createDoor(settings.token);
  const accepted = settings.acknowledge === 'stored' ? 202 : 200;
  let open = 0;
  let isEnding = false;
  let onClosed = () => {};

  /** Why a request is turned away before its body is looked at. */
  function refusal(request: IncomingMessage): Refusal | undefined {
    if (isEnding) return ending;
    if (!mayEnter(request.headers.authorization))
      return { status: 401, error: 'a token is asked for', headers: { 'www-authenticate': 'Bearer' } };
    if (request.method !== 'POST' && request.method !== 'PUT')
      return {
        status: 405,
        error: `messages are sent by POST or PUT, not ${request.method}`,
        headers: { allow: 'POST, PUT' },
      };
    if (open > concurrency || inbox.isFull) return busy;
    const length = request.headers['content-length'];
    if (length === undefined && request.headers['transfer-encoding'] === undefined)
      return { status: 411, error: 'there is no body, and no Content-Length that says so' };
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity')
      return {
        status: 415,
        error: `a body in the encoding ${encoding} is not read`,
        headers: { 'accept-encoding': 'identity' },
      };
    return undefined;
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    open++;
    response.once('close', () => {
      open--;
      if (open === 0) onClosed();
    });
    const reason = refusal(request);
    if (reason !== undefined) {
      refuse(request, response, reason);
      return;
    }
    serve(request, response).catch((error: unknown) => {
      const full = error instanceof NstackError;
      refuse(request, response, {
        status: full ? 507 : 500,
        error: full ? error.message : 'this is a defect of nstack',
        headers: { 'retry-after': '10' },
      });
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = bodyForm(request.headers['content-type'], format);
    if (form === undefined) {
      const error = `${request.headers['content-type']} is not what this path takes: ${printType(type)}`;
      return refuse(request, response, { status: 415, error });
    }
    if (request.headers.expect === '100-continue') {
      if (form.kind !== 'lines' && Number(request.headers['content-length']) > limit)
        return refuse(request, response, tooLong());
      response.writeContinue();
    }
    if (form.kind === 'lines') return serveLines(request, response);
    const body = await readBody(request, limit, timeout);
    if (body === 'too-long') return refuse(request, response, tooLong());
    if (body === 'slow')
      return refuse(request, response, {
        status: 408,
        error: `the body did not end within ${timeout / 1000} s`,
      });
    if (body === 'gone') return;
    await serveMessage(body, form, request, response);
  }

  async function serveMessage(
    body: Buffer,
    { kind, given }: { readonly kind: BodyKind; readonly given: boolean },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const wrapped =
      kind === 'json' || !given
        ? reader.readWrapped(body, kind)
        : { ...reader.read(body, kind), wrapped: false };
    if ('fault' in wrapped) return reply(response, 400, { error: wrapped.fault });
    const how = await within(timeout, inbox.put({ items: [wrapped.text], count: 1 }));
    if (how === 'taken')
      return reply(
        response,
        accepted,
        wrapped.wrapped ? { accepted: 1, message: 'Message Accepted' } : { accepted: 1 },
      );
    refuse(request, response, how === 'ended' ? ending : late());
  }

  async function serveLines(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const result = await receiveLines(request, { inbox, validator, limit, timeout });
    const { cut, lines, ...counts } = result;
    if (cut === 'gone') return;
    if (cut !== undefined) {
      const more = { ...counts, lines };
      if (cut === 'ended') return refuse(request, response, { ...ending, more });
      if (cut === 'late') return refuse(request, response, { ...late(), more });
      return refuse(request, response, {
        status: 408,
        error: `nothing more of the body came within ${timeout / 1000} s`,
        more,
      });
    }
    const { accepted: good, rejected, faults } = counts;
    if (rejected === 0) return reply(response, accepted, { accepted: good });
    const error = `${rejected} of ${good + rejected} lines do not fit`;
    reply(response, good === 0 ? 400 : 207, { error, accepted: good, rejected, faults });
  }

  function tooLong(): Refusal {
    return { status: 413, error: `a message may have ${limit} bytes`, headers: { connection: 'close' } };
  }

  function late(): Refusal {
    const error = `not confirmed within ${timeout / 1000} s; the message may still be delivered`;
    return { status: 504, error };
  }

  return {
    handle,
    end() {
      isEnding = true;
    },
    closed: () =>
      new Promise((resolve) => {
        onClosed = resolve;
        if (open === 0) resolve();
      }),
  };
}

/** Compares digests, so that how long it takes tells nothing of the token. */
function createDoor(token: string | undefined): (authorization: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(token);
  return (authorization) => {
    const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    return given !== undefined && timingSafeEqual(digest(given), wanted);
  };
}
