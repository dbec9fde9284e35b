import type { Readable, Writable } from 'node:stream';
import { NstackError } from '../core/index.ts';
import type { Validator } from '../types/index.ts';
import { createFrameReader } from './frame-reader.ts';
import { createFrameWriter, refuseLineFeeds } from './frame-writer.ts';
import { readInitializeResult } from './initialize-result.ts';
import { createPending } from './pending.ts';
import {
  type BlockResult,
  type BridgePeer,
  type CloseReason,
  frameAllowance,
  type ServiceEvent,
} from './protocol.ts';
import { breachMessage, createReceiver } from './receiver.ts';
import { type RequestOptions, sendNext, sendRequest } from './requests.ts';
import { CallError, misfitError, tooLargeError } from './rpc-error.ts';

export interface PeerOptions {
  /** The service's stdout. */
  readonly input: Readable;
  /** The service's stdin. */
  readonly output: Writable;
  /** Validator of a function's declared result, strictness `result`. Asked once a function. */
  results(functionName: string): Validator;
  /** Bytes of one message; how deep it may nest, which the validators know too. */
  readonly limits: { readonly message: number; readonly depth: number };
  /** Told of each log line and metric as it comes; how many of them are too many is its own matter. */
  onEvent(event: ServiceEvent): void;
}

/** Milliseconds in which what a service wrote before it closed its input may still be read. */
const lastWords = 1_000;

/**
 * The hub's end of one bridge, see {@link BridgePeer}. Frames are written with one system call and read without a copy; the answer to a
 * block, in the order of members that the protocol shows, is scanned once. Anything the protocol does not allow closes the peer.
 */
export function createPeer({ input, output, limits, results, onEvent }: PeerOptions): BridgePeer {
  const closed = Promise.withResolvers<CloseReason>();
  const pending = createPending();
  const validatorOf = remembered(results);
  const headOf = remembered((name) => blockHead(name, ''));
  const stoppingHeadOf = remembered((name) => blockHead(name, '"stopAtFailure":true,'));
  let over = false;
  let stopsAtFailure = false;
  let farewell: NodeJS.Timeout | undefined;

  const receive = createReceiver({ pending, messageLimit: limits.message, onEvent });
  const reader = createFrameReader(limits.message + frameAllowance, (frame) => {
    const words = over ? undefined : receive(frame);
    if (words !== undefined) breach(words);
  });
  const writer = createFrameWriter(output, (error) => {
    // A service that has ended may have answered before: that is still in the pipe, and its end follows.
    const message = `takes no more input: ${error.message}`;
    farewell = setTimeout(() => end({ kind: 'ended', message }), lastWords);
  });
  input.on('data', (chunk: Buffer) => {
    const words = over ? undefined : reader.push(chunk);
    if (words !== undefined) breach(words);
  });
  const onEnd = () => {
    const rest = reader.left > 0 ? ` in the middle of a frame, of which ${reader.left} bytes had come` : '';
    end({ kind: 'ended', message: `closed its output${rest}` });
  };
  input.once('end', onEnd);
  input.once('close', onEnd);
  input.on('error', (error) =>
    end({ kind: 'ended', message: `could not be read any more: ${error.message}` }),
  );

  function end(reason: CloseReason): void {
    if (over) return;
    over = true;
    clearTimeout(farewell);
    input.destroy();
    output.destroy();
    closed.resolve(reason);
    pending.rejectAll(failureOf(reason));
  }

  function breach(words: string): void {
    end({ kind: 'breach', message: breachMessage(words) });
  }

  async function request(method: string, params: string | Uint8Array, options: RequestOptions) {
    if (over) throw gone();
    return sendRequest(pending, writer, method, params, options);
  }

  return {
    async initialize(params, options) {
      const answer = await request('initialize', JSON.stringify(params), options);
      const result = readInitializeResult(JSON.parse(answer.toString()));
      if (typeof result !== 'string') {
        stopsAtFailure = result.stopsAtFailure;
        return result;
      }
      end({ kind: 'breach', message: result });
      throw new NstackError('protocol-breach', result, { hint: 'Build the service again with this nstack.' });
    },
    get stopsAtFailure() {
      return stopsAtFailure;
    },
    async discover(options = {}) {
      const answer = await request('rpc.discover', '[]', options);
      return JSON.parse(answer.toString()) as unknown;
    },
    async call(name, params, options = {}) {
      refuseLineFeeds([params], `the arguments of ${name}`);
      const result = await request(name, params, { ...options, cancels: true });
      if (result.length > limits.message) throw new CallError(tooLargeError(limits.message));
      const fault = validatorOf(name).check(result, 0, result.length);
      if (fault !== undefined) throw new CallError(misfitError(fault));
      return result;
    },
    async block(name, items, count, { stopAtFailure = false } = {}) {
      if (over) throw gone();
      refuseLineFeeds(items, `a block for ${name}`);
      return new Promise<BlockResult>((resolve, reject) => {
        const validator = validatorOf(name);
        const id = pending.add({ kind: 'block', count, validator, resolve, reject });
        const head = stopAtFailure ? stoppingHeadOf(name) : headOf(name);
        writer.write([`{"jsonrpc":"2.0","id":${id}${head}`, ...items, ']}}']);
      });
    },
    async next(name, { credit, position, signal }) {
      if (over) throw gone();
      const params = [
        `[{"function":${JSON.stringify(name)},"credit":${credit}`,
        ...(position === undefined ? [] : [`,"position":${position}`]),
        '}]',
      ].join('');
      refuseLineFeeds([Buffer.from(params)], `the position of ${name}`);
      return sendNext(pending, writer, params, { credit, validator: validatorOf(name), signal });
    },
    async ack(name, position, options = {}) {
      const params = `[{"function":${JSON.stringify(name)},"position":${position}}]`;
      refuseLineFeeds([Buffer.from(params)], `the position of ${name}`);
      await request('ack', params, options);
    },
    async shutdown(options) {
      if (over) return;
      const answered = request('shutdown', '[]', options).catch((error: unknown) => {
        // A service that ends without its answer has ended all the same.
        if (!over) throw error;
      });
      await answered;
    },
    close: () => end({ kind: 'closed', by: 'hub' }),
    closed: closed.promise,
    get writable() {
      return !over && writer.writable;
    },
    drained: () => writer.drained(),
  };
}

function blockHead(name: string, more: string): string {
  return `,"method":"$/block","params":{"function":${JSON.stringify(name)},${more}"items":[`;
}

function gone(): NstackError {
  return new NstackError('instance-died', 'is gone');
}

function failureOf(reason: CloseReason): NstackError {
  if (reason.kind === 'breach') return new NstackError('protocol-breach', reason.message);
  return new NstackError('instance-died', reason.kind === 'closed' ? 'was closed' : reason.message);
}

/** Asks once for each name. */
function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name) ?? ask(name);
    known.set(name, found);
    return found;
  };
}
