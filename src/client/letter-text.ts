import type { DeadLetterInfo } from '../workflow/index.ts';

/** A dead letter's message for people: its JSON or its text; in base64 where it is neither. */
export function letterText({ message }: Pick<DeadLetterInfo, 'message'>): {
  readonly kind: 'message' | 'base64';
  readonly text: string;
} {
  if ('json' in message) return { kind: 'message', text: message.json };
  try {
    const bytes = Buffer.from(message.base64, 'base64');
    return { kind: 'message', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'base64', text: message.base64 };
  }
}
