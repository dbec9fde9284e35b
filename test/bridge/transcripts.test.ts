import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type BridgePeer,
  CallError,
  createPeer,
  type InitializeParams,
  type ServiceEvent,
} from '../../src/bridge/index.ts';
import { compileValidator, fromJsonSchema, type Type } from '../../src/types/index.ts';
import { readTranscript, type Step } from '../support/play-transcript.ts';

// The hub's end is led through each transcript: it must write the golden bytes itself, and take the golden answers for what they are.

const folder = fileURLToPath(new URL('../fixtures/transcripts/', import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith('.txt'));

interface Frame {
  readonly jsonrpc?: string;
  readonly id?: number | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
}

/** What the hub asked, by id, and how it ended. */
interface Asked {
  readonly method: string;
  readonly outcome: Promise<unknown>;
  readonly abort: AbortController;
}

describe('the hub', () => {
  it.each(names)('writes the bytes of %s and takes its answers', async (name) => {
    const { steps } = await readTranscript(`${folder}${name}`);
    const stage = createStage();
    for (const step of steps) await stage.play(step);
    stage.peer.close();
    expect(await stage.peer.closed).toEqual({ kind: 'closed', by: 'hub' });
  });

  it('is led through something by every transcript', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });
});

function createStage() {
  const input = new PassThrough();
  const output = new PassThrough();
  const events: ServiceEvent[] = [];
  const asked = new Map<number, Asked>();
  let api: InitializeParams['api'] = {};
  const peer = createPeer({
    input,
    output,
    results: (name) => compileValidator(outputOf(api, name), 'result'),
    limits: { message: 1_000_000, depth: 256 },
    onEvent: (event) => events.push(event),
  });

  function send(bytes: Buffer, hub: boolean): void {
    const frame = parsed(bytes);
    if (!hub && !isRequest(frame)) return;
    if (frame.method === 'initialize') api = (frame.params as InitializeParams).api;
    if (frame.method === '$/cancel') asked.get((frame.params as { id: number }).id)?.abort.abort();
    else {
      const abort = new AbortController();
      const outcome = ask(peer, bytes, frame, abort.signal);
      outcome.catch(() => {});
      asked.set(Number(frame.id), { method: String(frame.method), outcome, abort });
    }
    const written: unknown = output.read();
    if (hub) expect(String(written)).toBe(bytes.toString());
  }

  async function answer(text: string): Promise<void> {
    const frame = parsed(Buffer.from(text));
    if (frame.method !== undefined) {
      const before = events.length;
      input.write(`${text}\n`);
      await new Promise(setImmediate);
      expect(events).toHaveLength(before + 1);
      return;
    }
    // What a shim says of a frame that it could not read: the hub writes none such.
    if (typeof frame.id !== 'number') return;
    const one = asked.get(frame.id);
    if (one === undefined) throw new Error(`the transcript answers ${frame.id}, which was not asked`);
    input.write(`${complete(frame, one.method, text)}\n`);
    if (one.abort.signal.aborted) await expect(one.outcome).rejects.toThrow('aborted');
    else if (frame.error === undefined) await one.outcome;
    else {
      const error = await one.outcome.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(CallError);
      expect(error).toMatchObject({ rpc: { code: frame.error.code } });
    }
  }

  async function play(step: Step): Promise<void> {
    if (step.kind === 'send') send(step.bytes, step.hub);
    else if (step.kind === 'exact') await answer(step.text);
    else if (step.kind === 'partly') await answer(JSON.stringify(step.value));
    else if (step.kind === 'several') for (const value of step.values) await answer(JSON.stringify(value));
  }

  return { peer, play };
}

function ask(
  peer: BridgePeer,
  bytes: Buffer,
  { method, params }: Frame,
  signal: AbortSignal,
): Promise<unknown> {
  const timeout = 5_000;
  switch (method) {
    case 'initialize':
      return peer.initialize(params as InitializeParams, { timeout });
    case 'rpc.discover':
      return peer.discover({ timeout });
    case 'shutdown':
      return peer.shutdown({ timeout });
    case '$/block': {
      const { function: name, items, ...options } = params as { function: string; items: unknown[] };
      const raw = bytes.subarray(bytes.indexOf('"items":[') + 9, bytes.lastIndexOf(']}}'));
      return peer.block(name, [raw], items.length, options);
    }
    case 'next': {
      const [{ function: name, credit }] = params as [{ function: string; credit: number }];
      const position = /"position":(.*)\}\]\}/.exec(bytes.toString())?.[1];
      return peer.next(name, { credit, signal, ...(position === undefined ? {} : { position }) });
    }
    case 'ack': {
      const [{ function: name }] = params as [{ function: string }];
      return peer.ack(name, /"position":(.*)\}\]\}/.exec(bytes.toString())?.[1] ?? '', { timeout });
    }
    default: {
      const raw = bytes.subarray(bytes.indexOf('"params":') + 9, bytes.lastIndexOf('}'));
      return peer.call(String(method), raw, { timeout, signal });
    }
  }
}

/** The parts of an answer that a transcript leaves to the shim. */
function complete(frame: Frame, method: string, text: string): string {
  const shim = { name: 'golden', version: '1.0.0', language: 'none' };
  if (method === 'initialize' && frame.result !== undefined)
    return JSON.stringify({ ...frame, result: { ...(frame.result as object), shim } });
  return text.replaceAll(/"error":\{("code":-?[0-9]+)\}/g, '"error":{$1,"message":"in words of its own"}');
}

function isRequest(frame: Frame): boolean {
  return frame.jsonrpc === '2.0' && typeof frame.id === 'number' && frame.method !== undefined;
}

function parsed(bytes: Buffer): Frame {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Frame;
  } catch {
    return {};
  }
}

function outputOf(api: InitializeParams['api'], name: string): Type {
  const declared = api[name];
  if (declared === undefined) return { kind: 'json' };
  const read = fromJsonSchema(declared.output);
  if ('fault' in read) throw new Error(`the output of ${name}: ${read.fault}`);
  return read.type.kind === 'void' ? { kind: 'unit' } : read.type;
}
