import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';

/** One line of a transcript, docs/bridge-protocol.md "Replaying the transcripts"; lines of answers in any order are one step. */
export type Step =
  /** `hub`: the hub itself would write these bytes. */
  | { readonly kind: 'send'; readonly bytes: Buffer; readonly hub: boolean; readonly line: number }
  | { readonly kind: 'close'; readonly line: number }
  | { readonly kind: 'exact'; readonly text: string; readonly line: number }
  | { readonly kind: 'partly'; readonly value: unknown; readonly line: number }
  /** Answers that may come in any order among themselves. */
  | { readonly kind: 'several'; readonly values: readonly unknown[]; readonly line: number }
  | { readonly kind: 'exit'; readonly code: number; readonly line: number };

export interface Transcript {
  /** Name of the fixture service. */
  readonly service: string;
  readonly steps: readonly Step[];
}

export async function readTranscript(file: string): Promise<Transcript> {
  let service = '';
  const steps: Step[] = [];
  for (const [index, text] of (await readFile(file, 'utf8')).split('\n').entries()) {
    if (text === '' || text.startsWith('#')) continue;
    const [, mark = '', rest = ''] = /^([^ ]+) ?(.*)$/.exec(text) ?? [];
    if (mark === 'service:') {
      service = rest.trim();
      continue;
    }
    const step = readStep(mark, rest, index + 1);
    if (step === undefined) throw new Error(`${file}:${index + 1}: no step of a transcript: ${text}`);
    const last = steps.at(-1);
    if (step.kind === 'several' && last?.kind === 'several')
      steps.splice(-1, 1, { ...last, values: [...last.values, ...step.values] });
    else steps.push(step);
  }
  return { service, steps };
}

function readStep(mark: string, rest: string, line: number): Step | undefined {
  switch (mark) {
    case '->':
      if (rest === 'EOF') return { kind: 'close', line };
      return { kind: 'send', bytes: Buffer.from(`${rest}\n`), hub: true, line };
    case '->!':
      return { kind: 'send', bytes: unescaped(`${rest}\\x0a`), hub: false, line };
    case '<-':
      if (rest.startsWith('EXIT ')) return { kind: 'exit', code: Number(rest.slice(5)), line };
      return { kind: 'exact', text: rest, line };
    case '<~':
      return { kind: 'partly', value: JSON.parse(rest), line };
    case '<*':
      return { kind: 'several', values: [JSON.parse(rest)], line };
    default:
      return undefined;
  }
}

function unescaped(text: string): Buffer {
  const parts = text.split(/\\x([0-9a-f]{2})/);
  return Buffer.concat(
    parts.map((part, nth) => (nth % 2 === 1 ? Buffer.from(part, 'hex') : Buffer.from(part))),
  );
}

export interface Played {
  readonly input: Writable;
  readonly output: Readable;
  /** Exit code of the service. */
  readonly exited: Promise<number | null>;
}

/** Plays a transcript against a shim; throws where an answer is another than the transcript's. */
export async function playTranscript(transcript: Transcript, service: Played): Promise<void> {
  const frames = framesOf(service.output);
  const nextFrame = async (line: number) => {
    const frame = await frames();
    if (frame === undefined) throw new Error(`line ${line}: the service ended before its answer`);
    return frame;
  };
  for (const step of transcript.steps) {
    switch (step.kind) {
      case 'send':
        service.input.write(step.bytes);
        break;
      case 'close':
        service.input.end();
        break;
      case 'exit': {
        const code = await service.exited;
        if (code !== step.code) throw new Error(`line ${step.line}: exited with ${code}, not ${step.code}`);
        break;
      }
      case 'exact': {
        const frame = await nextFrame(step.line);
        if (frame !== step.text) throw wrongAnswer(step.line, frame, step.text);
        break;
      }
      case 'partly': {
        const frame = await nextFrame(step.line);
        if (!holds(JSON.parse(frame), step.value))
          throw wrongAnswer(step.line, frame, JSON.stringify(step.value));
        break;
      }
      case 'several': {
        const left = [...step.values];
        while (left.length > 0) {
          const frame = await nextFrame(step.line);
          const found = left.findIndex((value) => holds(JSON.parse(frame), value));
          if (found < 0)
            throw wrongAnswer(step.line, frame, left.map((value) => JSON.stringify(value)).join(' or '));
          left.splice(found, 1);
        }
        break;
      }
      default:
        step satisfies never;
    }
  }
}

function wrongAnswer(line: number, frame: string, wanted: string): Error {
  return new Error(`line ${line}: answered\n  ${frame}\nbut should have\n  ${wanted}`);
}

/** Whether a value holds at least what is wanted: objects their members, arrays each element. */
function holds(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(value, wanted);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(wanted))
    return false;
  if (Array.isArray(wanted) && (value as unknown[]).length !== wanted.length) return false;
  return Object.entries(wanted).every(([key, inner]) =>
    holds((value as Record<string, unknown>)[key], inner),
  );
}

function framesOf(output: Readable): () => Promise<string | undefined> {
  const chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest = Buffer.alloc(0);
  return async () => {
    for (;;) {
      const end = rest.indexOf(10);
      if (end >= 0) {
        const frame = rest.toString('utf8', 0, end);
        rest = rest.subarray(end + 1);
        return frame;
      }
      const next = await chunks.next();
      if (next.done === true) return undefined;
      rest = Buffer.concat([rest, next.value]);
    }
  };
}
