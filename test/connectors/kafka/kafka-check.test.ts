import { describe, expect, it } from 'vitest';
import { findConnector, type OpenContext } from '../../../src/connectors/index.ts';
import { kafka } from '../../../src/connectors/kafka/kafka.ts';
import type { NstackError } from '../../../src/core/index.ts';
import { failureOf, record } from '../support.ts';

const context = (
  parameters: Readonly<Record<string, unknown>>,
  more: Partial<OpenContext> = {},
): OpenContext => ({
  parameters: { topic: 'clicks', ...parameters },
  type: record({ n: 'integer', user: 'text' }),
  format: 'json',
  folder: '/',
  messageLimit: 1024,
  workflow: 'w',
  durable: true,
  connection: { name: 'kafka', system: 'kafka', settings: { brokers: ['localhost:9092'] }, secrets: [] },
  ...more,
});

const failsAsSource = (of: OpenContext): Promise<NstackError> =>
  failureOf(kafka.source?.check(of) ?? Promise.resolve());
const failsAsSink = (of: OpenContext): Promise<NstackError> =>
  failureOf(kafka.sink?.check(of) ?? Promise.resolve());

describe('kafka, before anything starts', () => {
  it('is found by its name, whatever its case', () => {
    expect(findConnector('Kafka')).toBe(kafka);
  });

  it('says how to write a connection where there is none', async () => {
    const { connection: _, ...without } = context({});
    for (const failure of [await failsAsSource(without), await failsAsSink(without)]) {
      expect(failure.code).toBe('connection-invalid');
      expect(failure.hint).toContain('  kafka:\n    brokers: [localhost:9092]');
    }
  });

  it('refuses names that no topic can have', async () => {
    expect((await failsAsSource(context({ topic: 'two words' }))).message).toBe(
      '"two words" is no name of a Kafka topic',
    );
  });

  it('refuses a time that is none', async () => {
    expect((await failsAsSource(context({ from: 'yesterday' }))).message).toContain('"yesterday"');
  });

  it('refuses a format that cannot fit the type', async () => {
    expect((await failsAsSource(context({}, { format: 'text' }))).code).toBe('connector-invalid');
  });

  it('refuses a key that messages cannot have, and knows the nearest field', async () => {
    const failure = await failsAsSink(context({ key: 'usr' }));
    expect(failure.message).toBe(
      'kafka/clicks: key = "usr": the messages have no field usr: there are n, user',
    );
    expect(failure.hint).toBe('Did you mean user?');
    expect((await failsAsSink(context({ key: 'user.id' }))).message).toContain('they have no fields');
  });

  it('takes a topic, with everything that it offers', async () => {
    await kafka.source?.check(context({ group: 'g', from: '2026-01-31T08:00:00Z' }));
    await kafka.sink?.check(context({ key: 'user', compression: 'zstd', headers: { a: 'b' }, partition: 0 }));
  });
});
