/**
 * The bridge protocol, version 1: JSON-RPC 2.0, one frame a line, on a service's stdin and stdout.
 * docs/bridge-protocol.md is its specification; this file names its words for both ends in Node.
 *
 *   hub -> shim   initialize {protocol, service, function?, parameters, api, limits}    first, once
 *                 rpc.discover []                                                       any time after
 *                 NAME [argument, ...]                                                  a call
 *                 $/block {function, stopAtFailure?, items: [input, ...]}               many calls in one frame
 *                 next [{function, credit, position?}]                                  items of a source
 *                 ack [{function, position}]                                            all up to there is confirmed
 *                 shutdown []                                                           last; answered after the hook
 *                 $/cancel {id}                                                         notification
 *   shim -> hub   $/log {level, message, fields?}, $/metric {name, value, labels?}      notifications
 */
export const protocolVersion = 1;

/** Bytes that an answer may have beyond `limits.message`, 16 MiB: a block of many small results, or errors with their stack traces. */
export const frameAllowance = 16 * 1024 * 1024;

/** JSON Schema in the dialect of src/types/json-schema.ts. */
export type Schema = Readonly<Record<string, unknown>>;

export interface InitializeParams {
  readonly protocol: number;
  readonly service: { readonly name: string; readonly version: string };
  /** Values of the service's `config` parameters for this stage. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The declared API, for code whose own types are not written down: schema of the input value and the result by function. */
  readonly api: Readonly<
    Record<string, { readonly input: Schema; readonly output: Schema; readonly arity: number }>
  >;
  readonly limits: { readonly message: number; readonly depth: number };
}

export interface InitializeResult {
  readonly protocol: number;
  readonly shim: { readonly name: string; readonly version: string; readonly language: string };
  /** Whether it heeds `stopAtFailure` of a block; a shim that says nothing does not. */
  readonly stopsAtFailure: boolean;
}

/** JSON-RPC error object. Where there are such: `data.stack` is the language's own stack trace, `data.hint` the way out. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: {
    readonly stack?: string;
    readonly path?: string;
    readonly hint?: string;
    readonly [key: string]: unknown;
  };
}

/** The codes of JSON-RPC 2.0 and nstack's own. */
export const rpcCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  /** The input does not fit the function's type. */
  invalidParams: -32602,
  internalError: -32603,
  /** User code raised; `data.stack` says where. */
  serviceError: -32000,
  /** The result does not fit the declared type. */
  invalidResult: -32001,
  cancelled: -32002,
  /** The hub gave up on a call after `limits.timeout`. */
  timeout: -32003,
  /** The instance died, or was ended for a breach of protocol, while the call was with it. */
  instanceLost: -32004,
  /** The message, or its result, is longer than `limits.message` allows. */
  tooLarge: -32005,
  /** `initialize` must come first. */
  notInitialized: -32006,
  /** The message was not called, since one before it in a block that stops there has failed. */
  notBegun: -32007,
} as const;

/** What a block came back as. `items` is the JSON array of the results that succeeded, brackets included, byte for byte as the shim wrote it. */
export interface BlockResult {
  readonly items: Uint8Array;
  /** How many results `items` holds: those asked less the failed. */
  readonly count: number;
  /** Offsets in `items` of each result: its first byte, and just past its last. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** In order of index within the block that was asked. */
  readonly failed: readonly { readonly index: number; readonly error: RpcError }[];
}

/**
 * What a source gave. `items` is the JSON array of those that are as they should be, brackets included. Items and failed together are in the order in
 * which the source gave them: `failed` has the places of its own, and `positions` is where the source stood after each of both.
 */
export interface NextResult extends Omit<BlockResult, 'failed'> {
  readonly failed: readonly {
    readonly index: number;
    readonly error: RpcError;
    /** The item as it came, where it came at all: one that the service could not write has none. */
    readonly payload?: Uint8Array;
  }[];
  /** Each the JSON text as the service wrote it. */
  readonly positions: readonly string[];
  /** No more will come. */
  readonly end: boolean;
}

/** Why a peer is over. */
export type CloseReason =
  | { readonly kind: 'closed'; readonly by: 'hub' }
  | { readonly kind: 'ended'; readonly message: string }
  | { readonly kind: 'breach'; readonly message: string };

/** A notification from the service. */
export type ServiceEvent =
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'metric';
      readonly name: string;
      readonly value: number;
      readonly labels: Readonly<Record<string, string>>;
    };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'critical';

/**
 * The hub's end of one bridge. It owns neither process nor pipes: it writes to `output`, reads `input` and destroys both on close.
 * When it closes for any reason, everything in flight is rejected, blocks oldest first, with NstackError `instance-died` or `protocol-breach`, whose
 * message follows the name of the service; a request that was answered wrongly is rejected before all others. Nothing is sent twice.
 */
export interface BridgePeer {
  /**
   * Fails with CallError where the service's code cannot be loaded or its startup hook fails, with NstackError `timeout`, and with
   * `protocol-breach` where it speaks another version.
   */
  initialize(
    params: InitializeParams,
    options: { readonly timeout: number; readonly signal?: AbortSignal },
  ): Promise<InitializeResult>;
  /** What `initialize` was answered; false before. */
  readonly stopsAtFailure: boolean;
  /** The OpenRPC document, parsed but unchecked. */
  discover(options?: { readonly timeout?: number; readonly signal?: AbortSignal }): Promise<unknown>;
  /**
   * `params`: the raw JSON array of arguments, without line feeds. Answers the raw JSON of the result, which fits the declared type. Fails with
   * CallError where the service answers with an error or its result does not fit; on timeout (NstackError) and abort it is told `$/cancel`.
   */
  call(
    name: string,
    params: Uint8Array,
    options?: { readonly timeout?: number; readonly signal?: AbortSignal },
  ): Promise<Uint8Array>;
  /**
   * Sends `items` (the elements' bytes joined by commas, without brackets and line feeds, in pieces that are written as they stand and must not
   * change until the answer) as one block. A block must not be empty. Results that do not fit are among the `failed`. The peer sets no time
   * limit on it: the owner watches and closes the peer. `stopAtFailure`: messages are called one after the other, and none behind the first whose call
   * fails; those are among the `failed`, as `notBegun`. Only where `initialize` said that the service does so.
   */
  block(
    name: string,
    items: readonly Uint8Array[],
    count: number,
    options?: { readonly stopAtFailure?: boolean },
  ): Promise<BlockResult>;
  /**
   * Asks a source for up to `credit` items; answers when it has at least one, or has ended, however long that takes. `position`, the JSON text of one,
   * begins the source there, and comes with the first `next` of a function alone. A position that is left out begins it at its beginning. Fails with
   * CallError where the source does, and begins anew with the `next` after that. On abort the service is told `$/cancel`, and what it answers
   * all the same is lost: it must not be asked again.
   */
  next(
    name: string,
    options: { readonly credit: number; readonly position?: string; readonly signal?: AbortSignal },
  ): Promise<NextResult>;
  /**
   * Tells a source that everything up to a position that this very instance gave is confirmed. Fails with CallError where its code does, on timeout with
   * NstackError.
   */
  ack(name: string, position: string, options?: { readonly timeout?: number }): Promise<void>;
  /** Asks for an orderly end. Resolves when it is answered or the service ends; fails with CallError where its hook does, or with `timeout`. */
  shutdown(options: { readonly timeout: number }): Promise<void>;
  close(): void;
  readonly closed: Promise<CloseReason>;
  /** True while the pipe has taken everything written so far. */
  readonly writable: boolean;
  /** Resolves when the pipe has taken everything, or the peer is over: whoever waits for it before each block buffers one block at most. */
  drained(): Promise<void>;
}
