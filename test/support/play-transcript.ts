import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';

/** One line of a transcript, docs/bridge-protocol.md "Replaying the transcripts". */
export type Step =
  | { readonly kind: 'send'; readonly bytes: Buffer; readonly line: number }
  | { readonly kind: 'close'; readonly line: number }
  | { readonly kind: 'exact'; readonly text: string; readonly line: number }
  | { readonly kind: 'partly'; readonly value: unknown; readonly line: number }
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
    const line = index + 1;
    if (text === '' || text.startsWith('#')) continue;
    const [mark = '', rest = ''] = [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)];
    if (mark === 'service:') service = rest.trim();
    else if (mark === '->' && rest === 'EOF') steps.push({ kind: 'close', line });
    else if (mark === '->') steps.push({ kind: 'send', bytes: Buffer.from(`${rest}\n`), line });
    else if (mark === '->!') steps.push({ kind: 'send', bytes: unescaped(`${rest}\\x0a`), line });
    else if (mark === '<-' && rest.startsWith('EXIT ')) steps.push({ kind: 'exit', code: Number(rest.slice(5)), line });
    else if (mark === '<-') steps.push({ kind: 'exact', text: rest, line });
    else if (mark === '<~') steps.push({ kind: 'partly', value: JSON.parse(rest), line });
    else throw new Error(`${file}:${line}: no step of a transcript: ${text}`);
  }
  return { service, steps };
}

function unescaped(text: string): Buffer {
  const parts = text.split(/\\x([0-9a-f]{2})/);
  return Buffer.concat(parts.map((part, nth) => (nth % 2 === 1 ? Buffer.from(part, 'hex') : Buffer.from(part))));
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
  for (const step of transcript.steps) {
    if (step.kind === 'send') service.input.write(step.bytes);
    else if (step.kind === 'close') service.input.end();
    else if (step.kind === 'exit') {
      const code = await service.exited;
      if (code !== step.code) throw new Error(`line ${step.line}: exited with ${code}, not ${step.code}`);
    } else {
      const frame = await frames();
      if (frame === undefined) throw new Error(`line ${step.line}: the service ended before its answer`);
      if (step.kind === 'exact' ? frame !== step.text : !holds(JSON.parse(frame), step.value)) {
        const wanted = step.kind === 'exact' ? step.text : JSON.stringify(step.value);
        throw new Error(`line ${step.line}: answered\n  ${frame}\nbut should have\n  ${wanted}`);
      }
    }
  }
}

/** Whether a value holds at least what is wanted: objects their members, arrays each element. */
function holds(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(value, wanted);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(wanted)) return false;
  if (Array.isArray(wanted) && (value as unknown[]).length !== wanted.length) return false;
  return Object.entries(wanted).every(([key, inner]) => holds((value as Record<string, unknown>)[key], inner));
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
