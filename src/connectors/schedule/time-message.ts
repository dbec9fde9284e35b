import { NstackError } from '../../core/index.ts';
import { isAssignable, printType, type Type } from '../../types/index.ts';

const shapes: readonly { readonly type: Type; message(time: string): string }[] = [
  {
    type: { kind: 'record', fields: [{ name: 'time', type: { kind: 'timestamp' } }] },
    message: (time) => `{"time":"${time}"}`,
  },
  { type: { kind: 'timestamp' }, message: (time) => `"${time}"` },
  { type: { kind: 'unit' }, message: () => 'null' },
];

/** What makes a planned time the JSON of a message of this type: `{ time: Timestamp }` or what asks for less, a Timestamp, or `()`. */
export function timeMessage(type: Type): (time: number) => string {
  const shape = shapes.find((candidate) => isAssignable(candidate.type, type) === undefined);
  if (shape === undefined) {
    throw new NstackError(
      'connector-invalid',
      `schedule: it gives times, and the first stage takes ${printType(type)}`,
      {
        hint: 'Let it take a Timestamp, { time: Timestamp }, or () where the time does not matter.',
      },
    );
  }
  return (time) => shape.message(new Date(time).toISOString());
}
