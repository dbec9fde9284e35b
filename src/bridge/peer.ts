import type { Readable, Writable } from 'node:stream';
import { NstackError } from '../core/index.ts';
import type { Validator } from '../types/index.ts';
import { readBlockAnswer } from './block-answer.ts';
import { type Answer, readEnvelope } from './envelope.ts';
import { createFrameReader } from './frame-reader.ts';
import { createPending, type Pending } from './pending.ts';
import {
  type BlockResult,
  type BridgePeer,
  type CloseReason,
  type InitializeResult,
  protocolVersion,
  rpcCodes,
  type ServiceEvent,
} from './protocol.ts';
import { CallError, readRpcError } from './rpc-error.ts';
import { readServiceEvent } from './service-event.ts';

export interface PeerOptions {
  /** The service's stdout. */
  readonly input: Readable;
  /** The service's stdin. */
  readonly output: Writable;
  /** Validator of a function's declared result, strictness `result`. */
  results(functionName: string): Validator;
  /** Bytes of one message; how deep it may nest. */
  readonly limits: { readonly message: number; readonly depth: number };
  onEvent(event: ServiceEvent): void;
}

/** Bytes that a frame may have beyond its largest message: a block of many small ones, or errors with their stacks. */
const frameAllowance = 16 * 1024 * 1024;
const prefix = Buffer.from('{"jsonrpc":"2.0","id":');
const resultKey = Buffer.from(',"result":');
const tail = Buffer.from(']}}\n');

/**
 * The hub's end of a bridge, see {@link BridgePeer}. Frames are written with one system call and read without a copy; the answer to a
 * block, in the order of members that the protocol shows, is scanned once. Anything the protocol does not allow closes the peer.
 */
export function createPeer(options: PeerOptions): BridgePeer {
  const { input, output, limits } = options;
  const closed = Promise.withResolvers<CloseReason>();
  const pending = createPending();
  const validators = new Map<string, Validator>();
  const blockHeads = new Map<string, string>();
  let over = false;

  function validatorOf(name: string): Validator {
    const validator = validators.get(name) ?? options.results(name);
    validators.set(name, validator);
    return validator;
  }

  const reader = createFrameReader(limits.message + frameAllowance, handle);
  input.on('data', (chunk: Buffer) => {
    if (over) return;
    const fault = reader.push(chunk);
    if (fault !== undefined) breach(fault);
  });
  const ended = () => {
    const rest = reader.left > 0 ? ` in the middle of a frame (${reader.left} bytes of it had come)` : '';
    end({ kind: 'ended', message: `closed its output${rest}` });
  };
  input.once('end', ended);
  input.once('close', ended);
  input.once('error', (error) =>
    end({ kind: 'ended', message: `could not be read any more: ${error.message}` }),
  );
  output.once('error', (error) => end({ kind: 'ended', message: `takes no more input: ${error.message}` }));

  function end(reason: CloseReason): void {
    if (over) return;
    over = true;
    input.destroy();
    output.destroy();
    closed.resolve(reason);
    const failure =
      reason.kind === 'breach'
        ? new NstackError('protocol-breach', reason.message)
        : new NstackError('instance-died', reason.kind === 'closed' ? 'was closed' : reason.message);
    pending.rejectAll(failure);
  }

  function breach(message: string): void {
    end({ kind: 'breach', message: `broke the bridge protocol: it ${message}` });
  }

  function handle(frame: Buffer): void {
    if (over) return;
    const quick = quickResult(frame);
    if (quick !== undefined) {
      const asked = pending.peek(quick.id);
      if (asked?.kind === 'block') {
        pending.take(quick.id);
        settleBlock(asked, frame, quick.start);
        return;
      }
    }
    const envelope = readEnvelope(frame);
    if (envelope.kind === 'fault') breach(envelope.message);
    else if (envelope.kind === 'notification') notify(envelope.method, envelope.params);
    else answer(envelope, frame);
  }

  function notify(method: string, params: unknown): void {
    const event = readServiceEvent(method, params);
    if (typeof event === 'string') breach(event);
    else if (event !== undefined) options.onEvent(event);
  }

  function answer(envelope: Answer, frame: Buffer): void {
    const { id } = envelope;
    const asked = pending.take(id);
    if (asked === undefined) {
      if (!pending.wasGivenUp(id)) breach(`answered the id ${id}, which waits for no answer`);
    } else if (envelope.kind === 'error') {
      const rpc = readRpcError(envelope.error);
      if (rpc !== undefined) asked.reject(new CallError(rpc));
      else failWith(asked, `answered the id ${id} with an error that is no JSON-RPC error`);
    } else if (asked.kind === 'block') settleBlock(asked, frame, envelope.result.start);
    else asked.resolve(frame.subarray(envelope.result.start, envelope.result.end));
  }

  function settleBlock(asked: Pending & { readonly kind: 'block' }, frame: Buffer, start: number): void {
    const { count, validator } = asked;
    const result = readBlockAnswer(frame, start, { count, validator, messageLimit: limits.message });
    if (typeof result === 'string') failWith(asked, result);
    else asked.resolve(result);
  }

  /** The one that was asked fails first, since it is what the service was at. */
  function failWith(asked: Pending, message: string): void {
    asked.reject(new NstackError('protocol-breach', `broke the bridge protocol: it ${message}`));
    breach(message);
  }

  interface RequestOptions {
    readonly timeout?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly cancels?: boolean;
  }

  /** Sends one request and answers the raw bytes of its result. */
  function request(
    method: string,
    params: string | Uint8Array,
    { timeout, signal, cancels = false }: RequestOptions = {},
  ): Promise<Buffer> {
    if (over) return Promise.reject(new NstackError('instance-died', 'is gone'));
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const giveUp = (reason: unknown) => {
        if (pending.giveUp(id) && cancels && !over)
          writeFrame([`{"jsonrpc":"2.0","method":"$/cancel","params":{"id":${id}}}\n`]);
        settled();
        reject(reason);
      };
      const onAbort = () => giveUp(signal?.reason);
      const timer =
        timeout === undefined
          ? undefined
          : setTimeout(
              () => giveUp(new NstackError('timeout', `${method}: no answer within ${timeout} ms`)),
              timeout,
            );
      const settled = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const id = pending.add({
        kind: 'call',
        resolve: (bytes) => {
          settled();
          resolve(bytes);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort);
      writeFrame([`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":`, params, '}\n']);
    });
  }

  function writeFrame(parts: readonly (string | Uint8Array)[]): void {
    output.cork();
    for (const part of parts) output.write(part);
    output.uncork();
  }

  return {
    async initialize(params, { timeout, signal }) {
      const result = JSON.parse(
        (await request('initialize', JSON.stringify(params), { timeout, signal })).toString(),
      ) as unknown;
      return readInitializeResult(result);
    },
    async discover({ timeout, signal } = {}) {
      return JSON.parse((await request('rpc.discover', '[]', { timeout, signal })).toString()) as unknown;
    },
    async call(name, params, { timeout, signal } = {}) {
      const result = await request(name, params, { timeout, signal, cancels: true });
      if (result.length > limits.message) {
        throw new CallError({
          code: rpcCodes.tooLarge,
          message: `the result is longer than ${limits.message} bytes`,
        });
      }
      const fault = validatorOf(name).check(result, 0, result.length);
      if (fault === undefined) return result;
      throw new CallError({
        code: rpcCodes.invalidResult,
        message: `the result does not fit: ${fault.message}`,
        data: { path: fault.path },
      });
    },
    block(name, items, count) {
      if (over) return Promise.reject(new NstackError('instance-died', 'is gone'));
      return new Promise<BlockResult>((resolve, reject) => {
        const validator = validatorOf(name);
        const id = pending.add({ kind: 'block', count, validator, resolve, reject });
        let head = blockHeads.get(name);
        if (head === undefined) {
          head = `,"method":"$/block","params":{"function":${JSON.stringify(name)},"items":[`;
          blockHeads.set(name, head);
        }
        output.cork();
        output.write(`{"jsonrpc":"2.0","id":${id}${head}`);
        for (const piece of items) output.write(piece);
        output.write(tail);
        output.uncork();
      });
    },
    async shutdown({ timeout }) {
      const done = request('shutdown', '[]', { timeout }).then(
        () => undefined,
        (error: unknown) => error,
      );
      await Promise.race([done, closed.promise]);
    },
    close: () => end({ kind: 'closed', by: 'hub' }),
    closed: closed.promise,
    get writable() {
      return !over && !output.writableNeedDrain;
    },
  };
}

/** The id and the result's offset, where the frame begins as the protocol shows it. */
function quickResult(frame: Buffer): { readonly id: number; readonly start: number } | undefined {
  if (!startsWith(frame, prefix, 0)) return undefined;
  let p = prefix.length;
  let id = 0;
  for (let c = frame[p] ?? 0; c >= 0x30 && c <= 0x39 && p < prefix.length + 15; c = frame[++p] ?? 0)
    id = id * 10 + c - 0x30;
  const digits = p - prefix.length;
  if (digits === 0 || (digits > 1 && frame[prefix.length] === 0x30) || !startsWith(frame, resultKey, p))
    return undefined;
  return { id, start: p + resultKey.length };
}

function startsWith(frame: Buffer, bytes: Buffer, at: number): boolean {
  return (
    frame.length >= at + bytes.length && frame.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0
  );
}

function readInitializeResult(value: unknown): InitializeResult {
  const { protocol, shim } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  if (protocol !== protocolVersion) {
    throw new NstackError(
      'protocol-breach',
      `speaks version ${JSON.stringify(protocol)} of the bridge protocol; this nstack speaks ${protocolVersion}`,
      {
        hint: 'Build the service again with this nstack.',
      },
    );
  }
  const { name, version, language } =
    typeof shim === 'object' && shim !== null ? (shim as Record<string, unknown>) : {};
  return { protocol, shim: { name: String(name), version: String(version), language: String(language) } };
}
