/** One line of DESIGN's table of values for a result: what a function of the fixture gives, and what becomes of it. */
export interface ResultCase {
  readonly name: string;
  readonly fn: string;
  /** Which of its values the function is asked for. */
  readonly which: string;
  /** The result as JSON; undefined: rejected. */
  readonly kept?: string;
  /** -32001, or another where it says. */
  readonly code?: number;
}

const rejected = (fn: string, which: string, name = which): ResultCase => ({ name, fn, which });
const kept = (fn: string, which: string, result: string, name = which): ResultCase => ({
  name,
  fn,
  which,
  kept: result,
});
const at = '"at":"2020-01-01T00:00:00Z"';

export const resultCases: readonly ResultCase[] = [
  ...['fraction', 'whole fraction', 'text', 'boolean', 'null', '1,001 digits'].map((which) =>
    rejected('give_integer', which, `${which} for Integer`),
  ),
  kept('give_integer', '60 digits', '7'.repeat(60), '60 digits for Integer'),
  kept('give_integer', '1,000 digits', '7'.repeat(1_000), '1,000 digits for Integer'),
  ...['NaN', 'infinity', 'minus infinity'].map((which) =>
    rejected('give_double', which, `${which} for Double`),
  ),
  kept('give_double', 'largest', '1.7976931348623157e308', 'the largest Double'),
  ...['NaN', 'infinity'].map((which) => rejected('give_maybe_double', which, `${which} for optional Double`)),
  kept('give_maybe_double', 'none', 'null', 'none for optional Double'),
  rejected('give_text', 'lone surrogate', 'a lone surrogate in a Text'),
  kept('give_text', 'NUL', '"\\u0000"', 'a NUL in a Text is escaped'),
  kept('give_text', 'pair', '"😀"', 'a character beyond the first plane'),
  { name: 'a result beyond limits.message', fn: 'give_text', which: '2 MiB', code: -32005 },
  rejected('give_timestamp', 'without offset', 'a Timestamp without an offset'),
  kept('give_timestamp', 'UTC', '"2020-01-01T00:00:00Z"', 'a Timestamp in UTC'),
  kept('give_timestamp', 'offset', '"2020-01-01T00:00:00.123456-05:30"', 'a Timestamp with an offset'),
  rejected('give_leg', 'undeclared field', 'an undeclared field'),
  rejected('give_leg', 'no field', 'a field that is missing'),
  rejected('give_leg', 'NaN in an optional', 'NaN in an optional field'),
  rejected('give_leg', 'no offset', 'a Timestamp without an offset in a field'),
  kept('give_leg', 'no optional', `{"miles":1,${at}}`, 'an optional that is left out'),
  kept('give_leg', 'null optional', `{"miles":1,${at},"delay":null}`, 'an optional that is null'),
  rejected('give_event', 'text', 'a text for a sum'),
  rejected('give_event', 'another class', 'another record for a sum'),
  kept('give_event', 'Quit', '{"Quit":null}', 'a case without a payload'),
  rejected('give_json', 'NaN', 'NaN in Json'),
  rejected('give_json', '1,001 digits', '1,001 digits in Json'),
  rejected('give_json', 'lone surrogate', 'a lone surrogate in Json'),
  rejected('give_json', 'itself', 'a value that holds itself'),
  rejected('give_json', 'depth 257', 'nesting of 257'),
  kept('give_json', 'depth 256', `${'['.repeat(256)}1${']'.repeat(256)}`, 'nesting of 256'),
  kept('give_json', 'many nulls', '{"a":null,"b":[1.5,null]}', 'nulls in Json'),
];
