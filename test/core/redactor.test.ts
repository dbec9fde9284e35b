import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, NstackError, redactError } from '../../src/core/index.ts';
import { anyLetter } from '../support/any-letter.ts';
import { runs } from '../support/runs.ts';

describe('a redactor', () => {
  test.each([
    ['as it is', 'login with p4ss/word+ failed', 'login with *** failed'],
    ['in JSON', `{"password":"p4ss/word+"}`, '{"password":"***"}'],
    ['in JSON with escaped slashes', String.raw`{"password":"p4ss\/word+"}`, '{"password":"***"}'],
    ['in a URL', 'amqp://app:p4ss%2Fword%2B@host', 'amqp://app:***@host'],
    ['in a URL with small hexadecimal digits', 'amqp://app:p4ss%2fword%2b@host', 'amqp://app:***@host'],
    ['in base64', `key ${btoa('p4ss/word+')}`, 'key ***'],
  ])('stars a secret out %s', (_, text, expected) => {
    expect(createRedactor(['p4ss/word+'])(text)).toBe(expected);
  });

  test('knows JSON that is ASCII alone, and quotation marks in it', () => {
    const secret = 'pässwörd"1';
    const ascii = String.raw`"p\u00e4ssw\u00f6rd\"1"`;
    expect(createRedactor([secret])(`${ascii} ${JSON.stringify(secret)}`)).toBe('"***" "***"');
  });

  test('finds a secret in a larger text that was encoded whole, as HTTP does', () => {
    const redact = createRedactor(['correct-horse']);
    for (const user of ['a', 'ab', 'abc']) {
      const basic = Buffer.from(`${user}:correct-horse`).toString('base64');
      const left = redact(`Basic ${basic}`).replace(/^Basic /, '');
      expect(left).toContain('***');
      expect(Buffer.from(left.split('***').join(''), 'base64').toString()).not.toMatch(/orrect|hors/);
    }
  });

  test('leaves what is shorter than four characters', () => {
    expect(createRedactor(['abc', ''])('abc abcd')).toBe('abc abcd');
  });

  test('stars out overlapping secrets together, and secrets within secrets', () => {
    expect(createRedactor(['abcd', 'cdef', 'bc'])('xabcdefx')).toBe('x***x');
    expect(createRedactor(['hunter', 'hunter2'])('hunter2 hunter')).toBe('*** ***');
  });

  test('stars out the lines of a key, as a log shows them', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END KEY-----';
    const redact = createRedactor([key]);
    expect(redact('found MIIEvQIBADANBgkqhkiG9w0B at line 2')).toBe('found *** at line 2');
    expect(redact('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----');
    expect(redact(`all: ${key}`)).toBe('all: ***');
  });

  test('gives a text without secrets back as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 4 })), fc.string(), (secrets, text) => {
        fc.pre(!secrets.some((secret) => text.includes(secret)));
        const redacted = createRedactor(secrets)(text);
        fc.pre(!redacted.includes('***'));
        expect(redacted).toBe(text);
      }),
    );
  });

  test('leaves no form of any secret in any text', () => {
    const secret = fc
      .string({ unit: anyLetter, minLength: 4, maxLength: 30 })
      .filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 5 }),
        fc.array(fc.string(), { maxLength: 6 }),
        fc.nat(),
        (secrets, rest, pick) => {
          const writers: readonly ((text: string) => string)[] = [
            (text) => text,
            (text) => JSON.stringify(text).slice(1, -1),
            (text) => encodeURIComponent(text),
            (text) => Buffer.from(text).toString('base64'),
            (text) => Buffer.from(text).toString('base64url'),
          ];
          const pieces = secrets.flatMap((text, index) => [
            rest[index] ?? '',
            writers[(pick + index) % writers.length]?.(text) ?? '',
          ]);
          const redacted = createRedactor(secrets)(pieces.join(''));
          // What stands between the stars is what was there, so that each piece of it can be looked at alone.
          for (const part of redacted.split('***')) {
            for (const text of secrets)
              for (const write of writers) expect(part.includes(write(text))).toBe(false);
          }
        },
      ),
      runs(150),
    );
  });

  test('leaves a text with nothing to hide as it is', () => {
    const redact = createRedactor(
      Array.from({ length: 20 }, (_, index) => `secret-number-${index}-${Math.sqrt(index)}`),
    );
    const line =
      'an ordinary line of a log, of common length, about order 4711 and nothing that is secret at all';
    expect(redact(line)).toBe(line);
  });
});

test('an error is redacted in every text it has, and loses its cause', () => {
  const redact = createRedactor(['hunter2']);
  const error = new NstackError('broker-unavailable', 'no hunter2', {
    hint: 'try hunter2',
    cause: new Error('hunter2'),
    diagnostics: [
      { code: 'x', severity: 'error', message: 'hunter2', sourceLine: 'a: hunter2', hint: 'hunter2' },
    ],
  });
  const redacted = redactError(error, redact);
  expect(redacted).toMatchObject({ code: 'broker-unavailable', message: 'no ***', hint: 'try ***' });
  expect(JSON.stringify([redacted, redacted.diagnostics, redacted.cause])).not.toContain('hunter2');
  expect(redactError(new TypeError('hunter2'), redact)).toMatchObject({ code: 'defect' });
});
