import { NstackError } from '../core/index.ts';
import { type BlockAsked, readBlock, readQuickBlock } from './block-answer.ts';
import { type Answer, readEnvelope } from './envelope.ts';
import { excerpt } from './excerpt.ts';
import { readNext, readQuickNext } from './next-answer.ts';
import type { Pending, PendingRequests } from './pending.ts';
import type { ServiceEvent } from './protocol.ts';
import { readQuickHead } from './quick-answer.ts';
import { CallError, readRpcError } from './rpc-error.ts';
import { readServiceEvent } from './service-event.ts';
import { skipValue } from './skip-value.ts';

export interface ReceiverOptions {
  readonly pending: PendingRequests;
  /** Bytes one result of a block may have. */
  readonly messageLimit: number;
  onEvent(event: ServiceEvent): void;
}

type PendingBlock = Pending & { readonly kind: 'block' };

/**
 * What becomes of each frame from a service: it settles the request that it answers, or is handed on as an event. The receiver answers why a
 * frame is a breach of protocol, in words that follow "the service"; a request that was answered wrongly has then been rejected by itself.
 */
export function createReceiver({ pending, messageLimit, onEvent }: ReceiverOptions) {
  function receive(frame: Buffer): string | undefined {
    const head = readQuickHead(frame);
    if (head !== undefined && settleQuickly(frame, head.id, head.start)) return undefined;
    const envelope = readEnvelope(frame);
    if (envelope.kind === 'fault') return envelope.message;
    if (envelope.kind === 'notification') return notify(envelope.method, envelope.params, frame);
    return settle(envelope, frame);
  }

  /** The usual ways to write a result that is as it should be; everything else is left to the slow reader, whose word counts. */
  function settleQuickly(frame: Buffer, id: number, start: number): boolean {
    const asked = pending.peek(id);
    if (asked === undefined) return false;
    if (asked.kind === 'block') {
      const result = readQuickBlock(frame, start, blockAsked(asked));
      if (result === undefined || typeof result === 'string') return false;
      pending.take(id);
      asked.resolve(result);
      return true;
    }
    if (asked.kind === 'next') {
      const result = readQuickNext(frame, start, { ...asked, messageLimit });
      if (result === undefined || typeof result === 'string') return false;
      pending.take(id);
      asked.resolve(result);
      return true;
    }
    const end = skipValue(frame, start);
    if (end !== frame.length - 1 || frame[end] !== 0x7d) return false;
    pending.take(id);
    asked.resolve(frame.subarray(start, end));
    return true;
  }

  function settle(answer: Answer, frame: Buffer): string | undefined {
    const { id } = answer;
    const asked = pending.take(id);
    if (asked === undefined) {
      if (pending.wasGivenUp(id)) return undefined;
      return pending.wasAsked(id)
        ? `answered the id ${id} again: ${excerpt(frame)}`
        : `answered the id ${id}, which it was not asked: ${excerpt(frame)}`;
    }
    if (answer.kind === 'error') {
      const rpc = readRpcError(answer.error);
      if (rpc === undefined) return blame(asked, 'answered with an error that is no JSON-RPC error', frame);
      asked.reject(new CallError(rpc));
      return undefined;
    }
    const { result } = answer;
    if (asked.kind === 'call') {
      asked.resolve(frame.subarray(result.start, result.end));
      return undefined;
    }
    if (asked.kind === 'next') {
      const read = readNext(frame, result, { ...asked, messageLimit });
      if (typeof read === 'string') return blame(asked, read, frame);
      asked.resolve(read);
      return undefined;
    }
    const read = readBlock(frame, result, blockAsked(asked));
    if (typeof read === 'string') return blame(asked, read, frame);
    asked.resolve(read);
    return undefined;
  }

  function notify(method: string, params: unknown, frame: Buffer): string | undefined {
    const event = readServiceEvent(method, params);
    if (typeof event === 'string') return `${event}: ${excerpt(frame)}`;
    if (event !== undefined) onEvent(event);
    return undefined;
  }

  function blockAsked({ count, validator }: PendingBlock): BlockAsked {
    return { count, validator, messageLimit };
  }

  return receive;
}

/** The request that was answered wrongly fails before all others, since it is what the service was at. */
function blame(asked: Pending, message: string, frame: Buffer): string {
  const words = `${message}: ${excerpt(frame)}`;
  asked.reject(new NstackError('protocol-breach', breachMessage(words)));
  return words;
}

/** `words` follow "the service". */
export function breachMessage(words: string): string {
  return `broke the bridge protocol: it ${words}`;
}
