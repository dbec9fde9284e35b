import { createJsonText } from './json-text.ts';
import type { RecordFormat } from './record-format.ts';

const comma = 0x2c;
const quote = 0x22;
const carriageReturn = 0x0d;

/** Each line is a text: it becomes a JSON string. A carriage return before the line feed belongs to the line's end. */
export function createTextFormat(): RecordFormat {
  const text = createJsonText();
  return {
    text: true,
    take(bytes, start, end, returns) {
      const isPair = returns && end > start && bytes[end - 1] === carriageReturn;
      text.string(bytes, start, isPair ? end - 1 : end);
      text.byte(comma);
      return undefined;
    },
    drain: () => (text.length === 0 ? [] : [text.take(1)]),
  };
}

/** Each line is bytes: it becomes a JSON string of them in base64. */
export function createBytesFormat(): RecordFormat {
  const text = createJsonText();
  return {
    text: false,
    take(bytes, start, end) {
      const encoded = Buffer.from(bytes.toString('base64', start, end), 'latin1');
      text.byte(quote);
      text.raw(encoded, 0, encoded.length);
      text.byte(quote);
      text.byte(comma);
      return undefined;
    },
    drain: () => (text.length === 0 ? [] : [text.take(1)]),
  };
}
