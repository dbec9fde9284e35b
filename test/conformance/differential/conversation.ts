import type { LanguageAdapter } from '../language-adapter.ts';
import { openStarted, type RawSession } from '../session.ts';

/** A shim that is asked many things at once. One that has ended or hangs is replaced, and told as an answer of that frame. */
export interface Conversation extends AsyncDisposable {
  readonly language: string;
  /** What was answered to each frame: nothing, one frame, or more. */
  ask(frames: readonly Uint8Array[]): Promise<readonly (readonly Buffer[])[]>;
}

/** Long enough for any frame of these tests on a loaded machine. */
const patience = 30_000;

export function converse(language: LanguageAdapter): Conversation {
  let session: Promise<RawSession> | undefined;
  let marker = 900_000_000_000_000;

  async function ask(frames: readonly Uint8Array[]): Promise<readonly (readonly Buffer[])[]> {
    session ??= openStarted(language, 'values');
    const open = await session;
    const first = marker;
    marker += frames.length;
    // A call behind each frame shows where the answers to it end, whatever it holds.
    const sent = frames.flatMap((frame, index) => [frame, Buffer.from(`\n${call(first + index)}\n`)]);
    open.send(Buffer.concat(sent));
    const answers: (readonly Buffer[])[] = [];
    while (answers.length < frames.length) {
      const these: Buffer[] = [];
      const end = Buffer.from(`{"jsonrpc":"2.0","id":${first + answers.length},"result":true}`);
      for (;;) {
        const frame = await withPatience(open.receive()).catch((error: unknown) => String(error));
        if (typeof frame === 'string') {
          await replace();
          answers.push([Buffer.from(JSON.stringify({ id: null, error: { code: 0, message: frame } }))]);
          return [...answers, ...(await ask(frames.slice(answers.length)))];
        }
        if (frame.equals(end)) break;
        these.push(frame);
      }
      answers.push(these);
    }
    return answers;
  }

  async function replace(): Promise<void> {
    const open = await session;
    session = undefined;
    await open?.[Symbol.asyncDispose]();
  }

  return { language: language.name, ask, [Symbol.asyncDispose]: replace };
}

function call(id: number): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"truth","params":[true]}`;
}

async function withPatience<T>(wait: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience);
  try {
    return await Promise.race([wait, promise]);
  } finally {
    clearTimeout(timer);
  }
}
