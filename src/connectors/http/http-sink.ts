import { createHash, randomUUID } from 'node:crypto';
import { NstackError } from '../../core/index.ts';
import type { OpenContext, Sink, SinkBatch, Undelivered } from '../connector.ts';
import { linesOf } from '../records/lines-of.ts';
import { printToStderr } from '../records/print-to-stderr.ts';
import { createDeliver, type Delivery } from './deliver.ts';
import { createHttpClient } from './http-client.ts';
import { createLimiter } from './limiter.ts';
import { bodyOf, contentTypes } from './message-body.ts';
import type { SinkSettings } from './sink-settings.ts';

/** Statuses that may be one line's fault: the others are sent without it. */
const linesFault = new Set([400, 413, 422]);
const defaultPauses = { first: 500, longest: 5_000 };

/** Messages as requests to a server, each confirmed by its answer. */
export function createHttpSink(settings: SinkSettings, context: OpenContext, pauses = defaultPauses): Sink {
  const { url, attempts, concurrency, idempotency } = settings;
  const { format, workflow, log = printToStderr } = context;
  const where = `${url.origin}${url.pathname}`;
  const abandoned = new AbortController();
  const client = createHttpClient(settings);
  const deliver = createDeliver({ client, where, attempts, pauses, signal: abandoned.signal, log });
  const inTurn = createLimiter(concurrency);

  function send(body: Uint8Array, contentType: string): Promise<Delivery> {
    const key =
      idempotency === 'message'
        ? randomUUID()
        : createHash('sha256').update(`${workflow}\0`).update(body).digest('base64url');
    return deliver(body, { 'content-type': contentType, ...settings.headers, 'idempotency-key': `"${key}"` });
  }

  async function writeSingly(batch: SinkBatch): Promise<Undelivered[]> {
    const sent = Array.from({ length: batch.count }, (_, index) =>
      inTurn(() => send(bodyOf(batch, index, format), contentTypes[format])),
    );
    return (await Promise.all(sent)).flatMap((delivery, index) => givenUp(delivery, index));
  }

  /** Sends the lines [from, to) at once, and by halves where some of them seem to be at fault. */
  async function writeLines(batch: SinkBatch, from: number, to: number): Promise<Undelivered[]> {
    const body = batch.items.subarray(batch.starts[from], (batch.ends[to - 1] ?? 0) + 1);
    const delivery = await send(body, 'application/x-ndjson');
    if (delivery.kind === 'delivered') return faultyLines(delivery.answer, from, to);
    if (delivery.kind === 'refused' && to - from > 1 && linesFault.has(delivery.status)) {
      const middle = (from + to) >> 1;
      return [...(await writeLines(batch, from, middle)), ...(await writeLines(batch, middle, to))];
    }
    return Array.from({ length: to - from }, (_, index) => givenUp(delivery, from + index)).flat();
  }

  async function write(batch: SinkBatch): Promise<readonly Undelivered[]> {
    if (batch.count === 0) return [];
    try {
      if (settings.batch === 'none') return await writeSingly(batch);
      linesOf(batch, 'json');
      return await inTurn(() => writeLines(batch, 0, batch.count));
    } catch (error) {
      if (!abandoned.signal.aborted) abandoned.abort(error);
      throw abandoned.signal.reason;
    }
  }

  return {
    where,
    write,
    async finish() {
      client.close();
    },
    async abandon() {
      abandoned.abort(new NstackError('interrupted', `the workflow ended before ${where} had all messages`));
      client.close();
    },
  };
}

function givenUp(delivery: Delivery, index: number): Undelivered[] {
  if (delivery.kind === 'delivered') return [];
  const { message, attempts } = delivery;
  return [{ index, message, attempts }];
}

/** The lines that a server has left out, where it says so as nstack's own source does: 207 and `faults`. */
function faultyLines(
  { status, body }: { readonly status: number; readonly body: string },
  from: number,
  to: number,
): Undelivered[] {
  if (status !== 207) return [];
  try {
    const { faults, rejected } = JSON.parse(body) as {
      faults?: readonly { readonly line: number; readonly error: string }[];
      rejected?: number;
    };
    const listed = (faults ?? []).filter(
      ({ line }) => Number.isInteger(line) && line >= 1 && line <= to - from,
    );
    if (rejected !== undefined && rejected > listed.length) throw new Error('not all are listed');
    return listed
      .sort((one, other) => one.line - other.line)
      .map(({ line, error }) => ({ index: from + line - 1, message: String(error), attempts: 1 }));
  } catch (cause) {
    throw new NstackError(
      'value-invalid',
      `the server took a part of the messages and does not say which: ${body.slice(0, 200)}`,
      {
        hint: 'Send single messages: batch = "none".',
        cause,
      },
    );
  }
}
