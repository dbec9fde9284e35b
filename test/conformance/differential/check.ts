import type { Validator } from '../../../src/types/index.ts';
import { exceptionTo, type Heard } from './exceptions.ts';
import { blockFrame, callFrame, type Subject } from './subject.ts';
import { type Message, type Verdict, valuesDiffer, verdictsDiffer } from './verdict.ts';
import { isWellFormed } from './well-formed.ts';

export interface Said {
  readonly language: string;
  readonly verdict: Verdict;
}

/** One frame, and what is expected of every language's answer to it. */
export interface Check {
  readonly subject: Subject;
  readonly way: 'block' | 'call' | 'frame';
  /** What it is made of, to be shrunk: messages; the bytes of one message; the bytes of the frame. */
  readonly parts: readonly Buffer[];
  readonly frame: Buffer;
  /** What is wrong with a language's verdict, beside the first language's; undefined: nothing. */
  fault(said: Said, first: Said): string | undefined;
  /** What the hub says itself. */
  readonly hub: string;
}

/** Messages that are JSON each: the hub knows what becomes of them. */
export function checkOfItems(subject: Subject, way: 'block' | 'call', items: readonly Buffer[]): Check {
  const accepted = items.map((item) => accepts(subject.inputs, item));
  const faultOf = (item: Buffer, accepted: boolean, language: string, message: Message | undefined) => {
    const fault = messageFault(subject, item, accepted, message);
    return unlessExcepted({ subject, json: item, languages: [language] }, fault);
  };
  return {
    subject,
    way,
    parts: items,
    frame: way === 'block' ? blockFrame(subject, items) : callFrame(subject, items[0] ?? Buffer.alloc(0)),
    hub: accepted.map((yes) => (yes ? 'accepts' : 'rejects')).join(','),
    fault({ language, verdict }) {
      const messages = messagesOf(way, verdict);
      if (messages?.length !== items.length) return 'another kind of answer, or another number of them';
      return items
        .map((item, index) => faultOf(item, accepted[index] === true, language, messages[index]))
        .find((fault) => fault !== undefined);
    },
  };
}

/** Any bytes: all languages must say the same, and know what is no JSON. */
export function checkOfFrame(subject: Subject, frame: Buffer): Check {
  const wellFormed = isWellFormed(frame);
  return {
    subject,
    way: 'frame',
    parts: [frame],
    frame,
    hub: wellFormed ? 'JSON' : 'no JSON',
    fault({ language, verdict }, first) {
      if (verdict.kind === 'breach') return 'a breach';
      const unread = verdict.kind === 'refused' && verdict.code === -32700 && verdict.id === null;
      if (unread !== !wellFormed) return wellFormed ? 'JSON was not read' : 'it is no JSON';
      const languages = [language, first.language];
      return unlessExcepted(
        { subject, json: frame, languages },
        verdictsDiffer(subject.output, verdict, first.verdict),
      );
    },
  };
}

function unlessExcepted(heard: Heard, fault: string | undefined): string | undefined {
  return fault === undefined || exceptionTo(heard, fault) !== undefined ? undefined : fault;
}

export function accepts(validator: Validator, bytes: Uint8Array): boolean {
  return validator.check(bytes, 0, bytes.length) === undefined;
}

function messagesOf(way: 'block' | 'call', verdict: Verdict): readonly Message[] | undefined {
  if (way === 'block') return verdict.kind === 'block' ? verdict.messages : undefined;
  if (verdict.kind === 'refused' && verdict.id === 7) return [{ code: verdict.code }];
  return verdict.kind === 'result' ? [{ value: verdict.value }] : undefined;
}

function messageFault(
  { output, results }: Subject,
  item: Buffer,
  accepted: boolean,
  message: Message | undefined,
): string | undefined {
  if (message === undefined) return 'no answer';
  if ('code' in message) {
    if (accepted) return 'refused what the hub accepts';
    return message.code === -32602 ? undefined : 'another code than -32602';
  }
  if (!accepted) return 'accepted what the hub refuses';
  if (!accepts(results, Buffer.from(message.value))) return 'the result does not fit its type';
  return valuesDiffer(output, item.toString('utf8'), message.value);
}
